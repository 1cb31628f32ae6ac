"""Scenarios in which workers and schedulers are killed, stand still, are many, or have a wrong clock."""

import contextlib
import os
import random
import signal
import time
from dataclasses import replace
from datetime import timedelta

from tests.faults.books import Books
from tests.faults.fleet import send_all
from tests.faults.oracle import Person, is_due_at
from tests.faults.size import Size
from tests.faults.steps import CLAIMED, addresses, begin
from tests.faults.world import HOOKS, World, utcnow, wait_for

SLOWLY = 0.5  # seconds for an email: far more than a sender needs to begin with the next


def calm(world: World, size: Size) -> Books:
    """Nothing goes wrong."""
    people = begin(world, size)
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("calm", people, since)
    books.expect(books.duplicates == 0, "no duplicate without faults")
    return books


def kills(world: World, size: Size) -> Books:
    """SIGKILL to children, parents and schedulers, while they send."""
    people = begin(world, size)
    world.sink(delay=0.005)
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    chance, done = random.Random(world.seed), dict.fromkeys(("child", "parent", "beat"), 0)
    due = sum(person.is_due for person in people)
    while sum(done.values()) < size.kills and len(world.reached()) < due:
        time.sleep(chance.uniform(0.05, 0.6))
        what = chance.choices(("child", "parent", "beat"), (6, 3, 1))[0]
        name = f"worker-{chance.randrange(size.workers)}"
        if what == "beat":
            done[what] += world.fleet.kill("beat-0")
        elif what == "parent":
            done[what] += world.fleet.kill(name)
        elif children := world.fleet.children(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)
                done[what] += 1
    took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("kills", people, since)
    books.recovery, books.notes = took, done
    books.expect(books.duplicates <= sum(done.values()), "at most one duplicate a kill")
    books.expect(took < 120, "recovered within 120 s")
    return books


def frozen(world: World, size: Size) -> Books:
    """A worker stands still for longer than its lease; another takes over; in the midst of that the first goes on.

    It has claimed many reminders by then, and finds those that were sent meanwhile, and one that is just being sent.
    """
    people = begin(world, size)
    world.sink(delay=SLOWLY)
    since = time.time()
    first, second = world.workers(2)
    world.fleet.start(first, *world.beats(1))
    reminded = {person.address for person in people if isinstance(person, Person)}
    wait_for(lambda: bool(world.reached() & reminded), size.patience)
    still = world.fleet.children(first.name)
    send_all(still, signal.SIGSTOP)
    before = len(world.reached())
    claimed = addresses(world, CLAIMED) & reminded - world.reached()
    world.sink(delay=0.02)
    world.fleet.start(second)
    wait_for(lambda: len(world.reached() & claimed) > 1, size.patience)
    world.sink(delay=SLOWLY)
    send_all(still, signal.SIGCONT)
    taken_over = len(world.reached() & claimed)
    time.sleep(10 * SLOWLY)
    world.sink(delay=0.02)
    took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("frozen", people, since)
    books.recovery = took
    books.notes = {"before": before, "frozen": len(still), "claimed": len(claimed), "taken over": taken_over}
    books.expect(taken_over < len(claimed), "it went on before the others had sent all that it had claimed")
    books.expect(books.duplicates <= len(still), "at most one duplicate a frozen sender")
    return books


def clock(world: World, size: Size) -> Books:
    """The clock of all processes goes wrong by +2 h, -2 h and +1 day: no one gets an email twice.

    A day ahead, those are due who were mailed too recently to get one before: they must get theirs, too.
    """
    people = begin(world, size, leads=(7,))
    ahead, since = utcnow() + timedelta(days=1), time.time()
    came_due = [replace(one, is_due=True) for one in people if isinstance(one, Person) and is_due_at(one, ahead)]
    for shift in (0, 2 * 3600, -2 * 3600, 24 * 3600):
        extra = {"FAULT_CLOCK": str(shift), "PYTHONPATH": str(HOOKS)}
        world.new_fleet()
        world.fleet.start(*world.workers(size.workers, extra=extra), *world.beats(1, extra=extra))
        if shift == 0:
            world.until_reached(people, size.patience)
        time.sleep(8)
    world.until_reached(came_due, size.patience)
    world.until_still()
    books = world.books("clock", [*people, *came_due], since)
    books.notes = {"due only a day ahead": len(came_due)}
    books.expect(books.duplicates == 0, "none twice")
    return books


def many(world: World, size: Size) -> Books:
    """Two schedulers, four workers, and six rounds by hand that look at what is owed at the very same moment."""
    people = begin(world, size)
    since = time.time()
    with world.held("goals_actionstep"):  # which is read to see what is owed
        rounds = [world.command("send_reminders") for _ in range(6)]
        world.until_waiting(rounds)
    for one in rounds:
        one.wait(300)
    world.fleet.start(*world.workers(4), *world.beats(2))
    world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("many", people, since)
    books.expect(books.duplicates == 0, "no duplicate without faults")
    return books
