"""How many mails are read and built at once: as many as go out within the time for which they count as fresh."""

from collections import deque
from datetime import date
from uuid import uuid4

import pytest

from careerplan.reminders import ahead
from careerplan.reminders.ahead import FRESH_SECONDS, Ahead, Ready
from careerplan.reminders.claims import Claimed
from tests.reminders.rounds import MOMENT


class World:
    """A clock that stands still but for what is said to take time, and what was read when."""

    def __init__(self, monkeypatch):
        self.now, self.reading, self.building = 100.0, 0.0, 0.0
        self.sizes, self.read_at, self.built = [], {}, []
        monkeypatch.setattr(ahead.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(ahead, "read_letters", self._read)
        monkeypatch.setattr(ahead, "_built", self._build)

    def _read(self, digests, as_of):
        self.sizes.append(len(digests))
        self.read_at |= {digest.id: self.now for digest in digests}
        self.now += self.reading
        return {digest.id: digest for digest in digests}

    def _build(self, digest):
        self.built.append(digest)
        self.now += self.building
        return Ready(None)

    def send(self, seconds: list[float], oldest: float = FRESH_SECONDS) -> None:
        """Send one mail after the other, each of which takes so long; none is older than it may be."""
        waiting = deque(Claimed(n, n, date(2027, 3, 5), uuid4(), MOMENT, 0, uuid4()) for n in range(len(seconds)))
        coming = Ahead(MOMENT)
        for each in seconds:
            digest = waiting.popleft()
            coming.ready(digest, waiting)
            assert self.now - self.read_at[digest.id] <= oldest
            assert coming.is_fresh
            self.now += each


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_at_full_speed_many_are_read_at_once_and_none_in_vain(world):
    world.send([0.001] * 200)
    assert world.sizes[:4] == [1, 2, 4, 8]
    assert 0.7 * FRESH_SECONDS <= 0.001 * max(world.sizes) <= FRESH_SECONDS
    assert sum(world.sizes) == len(world.built) == 200


def test_before_a_slow_server_each_is_read_right_before_it_is_sent(world):
    world.send([2 * FRESH_SECONDS] * 20)
    assert world.sizes == [1] * 20


def test_a_server_that_becomes_slow_gets_nothing_stale(world):
    world.send([0.001] * 100 + [0.5] * 5 + [0.001] * 100)
    assert sum(world.sizes) < 205 + ahead.MOST_AT_ONCE


def test_mails_that_are_suddenly_long_to_build_are_not_built_to_grow_stale(world):
    world.send([0.0005] * 100)
    world.building = FRESH_SECONDS / 4
    world.send([0.0005] * 100)
    assert len(world.built) < 2 * 200


def test_what_took_long_to_build_is_read_again(world, monkeypatch):
    """As the first mail of a process, before its templates are loaded."""
    builds = iter([10 * FRESH_SECONDS])
    right = world._build

    def slow_once(digest):
        world.now += next(builds, 0)
        return right(digest)

    monkeypatch.setattr(ahead, "_built", slow_once)
    world.send([0.001] * 3)
    assert world.sizes[:2] == [1, 1]


def test_where_reading_takes_long_itself_half_of_the_time_is_left(world):
    world.reading = 2 * FRESH_SECONDS
    world.send([0.001] * 50, oldest=2 * FRESH_SECONDS + FRESH_SECONDS / 2)


def test_what_could_not_be_read_again_makes_nothing_else_fresh(world, monkeypatch):
    waiting = deque(Claimed(n, n, date(2027, 3, 5), uuid4(), MOMENT, 0, uuid4()) for n in range(40))
    coming = Ahead(MOMENT)
    for _ in range(10):
        coming.ready(waiting.popleft(), waiting)
        world.now += 0.001
    world.now += 30

    def fails(digests, as_of):
        raise ValueError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(ahead, "read_letters", fails)
        digest = waiting.popleft()
        with pytest.raises(ValueError, match="broken"):
            coming.ready(digest, waiting)
    digest = waiting.popleft()
    coming.ready(digest, waiting)
    assert world.now - world.read_at[digest.id] <= FRESH_SECONDS
