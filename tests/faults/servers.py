"""Scenarios in which Redis or PostgreSQL is emptied, killed or frozen."""

import contextlib
import http.client
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.books import Books
from tests.faults.size import Size
from tests.faults.steps import begin, wait_for_some
from tests.faults.world import SHORT_WAITS, World

SENDER_WAITS, LEASE = 6, int(SHORT_WAITS["REMINDER_LEASE_SECONDS"])  # seconds


def redis(world: World, size: Size) -> Books:
    """Redis is emptied, killed and frozen; sending goes on and pages stay up."""
    people = begin(world, size)
    world.sink(delay=0.01)
    since = time.time()
    world.stack.start("web")
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    with visits(world) as answers:
        for _ in range(size.times):
            time.sleep(1)
            world.stack.site.valkey.ask("FLUSHALL")
        for _ in range(2 * size.times):
            world.stack.kill("valkey")
            time.sleep(1)
            world.stack.start("valkey")
            time.sleep(1)
        world.stack.kill("valkey", signal.SIGSTOP)
        time.sleep(size.freeze)
        world.stack.kill("valkey", signal.SIGCONT)
        took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("redis", people, since)
    books.recovery = took
    slow = max(answers, default=(0.0, 0))[0]
    bad = sum(status != 200 for _, status in answers)
    books.notes = {"pages": len(answers), "not 200": bad, "slowest s": round(slow, 2), "restarts": world.fleet.restarts}
    books.expect(bad == 0 and len(answers) > 0, "pages stay up")
    books.expect(slow < 10, "no page waits long")
    books.expect(books.duplicates == 0, "no duplicate")
    world.stack.stop("web")
    return books


@contextmanager
def visits(world: World) -> Iterator[list[tuple[float, int]]]:
    """A user who opens the sign-in page twice a second: seconds and status of each answer."""
    answers: list[tuple[float, int]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            start, status = time.monotonic(), 0
            connection = http.client.HTTPConnection("127.0.0.1", world.stack.port, timeout=30)
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/account/login/")
                status = connection.getresponse().status
            connection.close()
            answers.append((time.monotonic() - start, status))

    visitor = threading.Thread(target=look, daemon=True)
    visitor.start()
    try:
        yield answers
    finally:
        over.set()
        visitor.join(40)


def postgres(world: World, size: Size) -> Books:
    """The database is restarted, and all its sessions are ended."""
    people = begin(world, size)
    world.sink(delay=0.005)
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    wait_for_some(world)
    for _ in range(size.terminations):
        time.sleep(0.5)
        world.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
            superuser=True,
        )
    for _ in range(size.times):
        time.sleep(1)
        world.stack.stop("postgres")
        world.stack.start("postgres")
    took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("postgres", people, since)
    books.recovery, books.notes = took, {"restarts": size.times, "terminations": size.terminations}
    return books


def silent(world: World, size: Size) -> Books:
    """PostgreSQL stands still while emails go out: for longer than a sender waits, and for longer than the lease."""
    people = begin(world, size)
    # So that sending goes on for as long as the database is stopped and goes on again.
    world.sink(delay=max(0.005, 20 / len(people)))
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    wait_for_some(world)
    under_way = []
    for seconds in (SENDER_WAITS + 2, LEASE + 3)[: size.silences]:
        with world.silent_database():
            time.sleep(1)  # what was under way
            under_way.append(len(world.reached()))
            time.sleep(seconds - 1)
        time.sleep(3)
    took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("silent", people, since)
    books.recovery = took
    books.notes = {"reached when it stopped": under_way}
    books.expect(max(under_way) < len(people), "it stopped while emails went out")
    # A sender that cannot record an outcome leaves one email at most that may have arrived.
    books.expect(books.duplicates <= 2 * size.workers * len(under_way), "at most one duplicate a sender")
    return books
