"""Contents of digests are read a few at a time, and again where they are no longer fresh."""

from collections import deque
from datetime import date
from uuid import uuid4

import pytest

from careerplan.reminders import digest_content
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.digest_content import FRESH_SECONDS, READ_TOGETHER, ContentPrefetcher
from tests.reminders.rounds import MOMENT


class FakeReader:
    """A clock that only the given times move, and the digests that were read at each time."""

    def __init__(self, monkeypatch):
        self.now, self.reading = 100.0, 0.0
        self.sizes, self.read_at = [], {}
        monkeypatch.setattr(digest_content.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(digest_content, "load_digest_contents", self.read)

    def read(self, digests, as_of):
        self.sizes.append(len(digests))
        self.read_at |= {digest.id: self.now for digest in digests}
        self.now += self.reading
        return {digest.id: digest for digest in digests}

    def send(self, seconds: list[float], oldest: float = FRESH_SECONDS) -> None:
        """Send one mail after the other, each of which takes so long; none is older than it may be."""
        waiting, prefetcher = deque(digests(len(seconds))), ContentPrefetcher(MOMENT)
        for each in seconds:
            digest = waiting.popleft()
            assert prefetcher.load(digest, waiting) is digest
            assert self.now - self.read_at[digest.id] <= oldest
            assert prefetcher.is_fresh
            self.now += each


def digests(count: int) -> list[ClaimedDigest]:
    return [ClaimedDigest(n, n, date(2027, 3, 5), uuid4(), MOMENT, 0, uuid4()) for n in range(count)]


@pytest.fixture
def reader(monkeypatch):
    return FakeReader(monkeypatch)


def test_digests_are_read_together_while_sending_is_fast(reader):
    reader.send([0.001] * 5 * READ_TOGETHER)
    assert reader.sizes == [READ_TOGETHER] * 5


def test_each_digest_is_read_again_while_sending_is_slow(reader):
    reader.send([2 * FRESH_SECONDS] * 20)
    assert len(reader.sizes) == 20


def test_contents_are_fresh_when_a_server_becomes_slow(reader):
    reader.send([0.001] * 100 + [0.5] * 5 + [0.001] * 100)


def test_half_of_the_time_is_left_where_reading_is_slow(reader):
    reader.reading = 2 * FRESH_SECONDS
    reader.send([0.001] * 50, oldest=2 * FRESH_SECONDS + FRESH_SECONDS / 2)


def test_failed_read_makes_no_contents_fresh(reader, monkeypatch):
    waiting = deque(digests(40))
    prefetcher = ContentPrefetcher(MOMENT)
    prefetcher.load(waiting.popleft(), waiting)
    reader.now += 30

    def fails(digests, as_of):
        raise ValueError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(digest_content, "load_digest_contents", fails)
        digest = waiting.popleft()
        with pytest.raises(ValueError, match="broken"):
            prefetcher.load(digest, waiting)
    digest = waiting.popleft()
    prefetcher.load(digest, waiting)
    assert reader.now - reader.read_at[digest.id] <= FRESH_SECONDS
