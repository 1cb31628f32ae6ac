"""How many mails are read and built at once: as many as go out within the time for which they count as fresh."""

from collections import deque
from datetime import date
from uuid import uuid4

import pytest

from careerplan.reminders import ahead
from careerplan.reminders.ahead import FRESH_SECONDS, Ahead
from careerplan.reminders.claims import Claimed
from tests.reminders.rounds import MOMENT


class World:
    """A clock that stands still but for what sending takes, and what was read when."""

    def __init__(self, monkeypatch):
        self.now, self.sizes, self.read_at = 100.0, [], {}
        monkeypatch.setattr(ahead.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(ahead, "read_letters", self._read)

    def _read(self, digests, as_of):
        self.sizes.append(len(digests))
        self.read_at |= {digest.id: self.now for digest in digests}
        return {}

    def send(self, seconds: list[float]) -> None:
        """Send one mail after the other, each of which takes so long; none may be older than it may be."""
        waiting = deque(Claimed(n, n, date(2027, 3, 5), uuid4(), MOMENT, 0, uuid4()) for n in range(len(seconds)))
        coming = Ahead(MOMENT)
        for each in seconds:
            digest = waiting.popleft()
            coming.ready(digest, waiting)
            assert self.now - self.read_at[digest.id] <= FRESH_SECONDS
            self.now += each


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_at_full_speed_many_are_read_at_once_and_none_in_vain(world):
    world.send([0.001] * 200)
    assert world.sizes[:4] == [1, 2, 4, 8]
    assert 0.7 * FRESH_SECONDS <= 0.001 * max(world.sizes) <= FRESH_SECONDS
    assert sum(world.sizes) == 200


def test_before_a_slow_server_each_is_read_right_before_it_is_sent(world):
    world.send([2 * FRESH_SECONDS] * 20)
    assert world.sizes == [1] * 20


def test_a_server_that_becomes_slow_gets_nothing_stale(world):
    world.send([0.001] * 100 + [0.5] * 5 + [0.001] * 100)
    assert sum(world.sizes) < 205 + ahead.MOST_AT_ONCE
