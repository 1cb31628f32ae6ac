"""The scenario in which people change something just when their email is sent."""

import random
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tests.faults.books import Books
from tests.faults.letters import Letter
from tests.faults.oracle import Person
from tests.faults.size import Size
from tests.faults.steps import CLAIMED, addresses, begin
from tests.faults.world import World, wait_for

# Nobody may think that the mail server is gone, or take over, while it holds.
PATIENT = {"EMAIL_TIMEOUT_SECONDS": "20", "EMAIL_FINAL_TIMEOUT_SECONDS": "300", "REMINDER_LEASE_SECONDS": "400"}
PROCESSES = 2  # of a worker
ALL_CHANGES = {"done", "stop", "delete", "refuse", "block"}
HELD_SECONDS = 1.0
"""It holds for so long at least: what was read before then is older than that when it would be sent."""
RACES_SECONDS = 15.0
# From the moment something was read as still owed to the moment its email is on the disk of a mail server that does not
# hold; nearly all of it is what a busy machine may lose in between.
READ_TO_DISK = 3.0

OWED = """
SELECT count(DISTINCT claim_token), count(*) FILTER (WHERE claim_token IS NULL AND not_before <= now()) FROM (
    SELECT claim_token, not_before FROM reminders_digest WHERE state = 'pending'
    UNION ALL SELECT claim_token, not_before FROM mentoring_mentoringemail WHERE state = 'pending'
) AS owed
"""


class Change(NamedTuple):
    """What somebody did, and when it was committed."""

    what: str
    at: float


Changes = Mapping[str, Change]
"""By address."""


def races(world: World, size: Size) -> Books:
    """Done, stopped or deleted just when its email is sent: none goes out that was read after the commit.

    First the mail server holds the answer to one email of each sender. What the senders have claimed besides changes
    meanwhile: none of it may go out, however slow or fast the machine is. Then the others change while emails go out.
    """
    people = begin(world, size, people=3 * size.races)
    order = [person for person in people if person.is_due]
    random.Random(world.seed).shuffle(order)
    since = time.time()
    claimed = hold_senders(world, size, order)
    while_held = [person for person in order if person.address in claimed][::2]
    started = time.monotonic()
    first = change_all(world, while_held)
    time.sleep(max(0, HELD_SECONDS - (time.monotonic() - started)))
    before = len(world.reached())
    world.sink(holds=False, delay=max(0.002, RACES_SECONDS / len(people)))
    wait_for(lambda: len(world.reached()) > before, size.patience)
    second = change_all(world, [person for person in order if person.address not in first])
    wait_for(lambda: world.sql(OWED) == [(0, 0)], size.patience)
    world.until_still(1)
    return compare(world, order, first, second, since)


def hold_senders(world: World, size: Size, order: list[Person | Letter]) -> set[str]:
    """Start the senders, let the mail server hold an email of each, and return whose emails they have claimed besides.

    Every reminder is created by then, and no process can begin with another email.
    """
    world.sink(holds=True)
    world.fleet.start(*world.workers(size.workers, extra=PATIENT), *world.beats(1, extra=PATIENT))
    reminders = sum(isinstance(person, Person) for person in order)

    def stand_still() -> bool:
        held = len(world.misdeeds("held"))
        [(claims, free)] = world.sql(OWED)
        [(created,)] = world.sql("SELECT count(*) FROM reminders_digest WHERE state = 'pending'")
        return created >= reminders and held == claims and (not free or held == PROCESSES * size.workers)

    wait_for(stand_still, size.patience)
    return addresses(world, CLAIMED) - world.reached()


def change_all(world: World, people: Iterable[Person | Letter]) -> Changes:
    """Let each do something after which the email is not wanted any more."""
    plan = {one.address: what_is_done(one, number) for number, one in enumerate(people)}
    return {address: Change(what, world.change(what, address)) for address, what in plan.items()}


def what_is_done(person: Person | Letter, number: int) -> str:
    """What change.py does, so that the email to a person is not wanted any more."""
    if isinstance(person, Letter):
        return "refuse" if person.address == person.mentor else "block"
    return ("done", "stop", "delete")[number % 3]


def compare(world: World, order: list[Person | Letter], first: Changes, second: Changes, since: float) -> Books:
    """The books: who was mailed although their change was committed while senders stood still, or before."""
    received = {line["rcpt"]: line["t"] for line in world.lines("received")}
    reached = [one for one in order if one.address in received]
    books = world.books("races", reached, since)
    books.due = len(order)
    after_first = [address for address in first if address in received]
    after_second = [received[one] - made.at for one, made in second.items() if received.get(one, 0) > made.at]
    books.notes = {
        "changed while claimed": len(first),
        "of them mailed": len(after_first),
        "changed first, not mailed": len(order) - len(reached),
        "mailed before": len(reached) - len(after_first) - len(after_second),
        "under way at the commit": len(after_second),
        "longest ms": round(1000 * max(after_second, default=0)),
    }
    books.expect({made.what for made in first.values()} == ALL_CHANGES, "senders had claimed what changed in each way")
    books.expect(not after_first, "nothing that changed while senders stood still is sent")
    books.expect(max(after_second, default=0) < READ_TO_DISK, "no mail sent after the commit")
    books.expect(len(order) > len(reached) > 0, "both sides won some races")
    return books
