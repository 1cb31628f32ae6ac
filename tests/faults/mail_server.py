"""Scenarios in which the mail server is away, refuses people or breaks off."""

import time
from dataclasses import replace

from tests.faults.books import Books
from tests.faults.letters import Letter
from tests.faults.oracle import Person
from tests.faults.sink import BOUNCING, UNKNOWN
from tests.faults.size import Size
from tests.faults.steps import REFUSED_FOR_GOOD, SENT_AGAIN, addresses, begin, hurry_up
from tests.faults.world import World, wait_for


def smtp(world: World, size: Size) -> Books:
    """421, 451, 550, cut off before and after the dot, and stalls. Who is refused for good is owed it tomorrow."""
    people = begin(world, size)
    faults = dict.fromkeys(("connect_421", "rcpt_421", "rcpt_451", "dot_451", "cut_before", "cut_after"), size.share)
    world.sink(faults={**faults, "rcpt_550": size.share / 2, "dot_550": size.share / 2, "stall": size.share / 20})
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    due = {person.address for person in people if person.is_due}
    end = time.monotonic() + size.patience
    told: list[Letter] = []

    def touched() -> set[str]:
        return world.reached() | {one["to"] for one in world.lines("faults") if "to" in one}

    while time.monotonic() < end and not due <= touched():
        hurry_up(world)
        time.sleep(0.5)
    world.sink(faults={})
    refused: set[str] = set()
    while time.monotonic() < end and not due <= world.reached() | refused:
        refused = {one["to"] for one in world.lines("faults") if one["kind"].endswith("550")}
        told = told_of(people, refused)
        due |= {letter.owner for letter in told}
        hurry_up(world)
        time.sleep(0.5)
    world.until_still()
    books = world.books(
        "smtp", [one for one in (*people, *told) if one.address not in refused - world.reached()], since
    )
    misdeeds = [one["kind"] for one in world.lines("faults")]
    books.notes = {kind: misdeeds.count(kind) for kind in sorted(set(misdeeds))}
    books.expect(books.duplicates <= misdeeds.count("cut_after"), "at most one duplicate a cut after the dot")
    failed = addresses(world, REFUSED_FOR_GOOD)
    # A sender whose claim ran out before it could record a refusal: the email was sent again, and arrived.
    taken_over = addresses(world, SENT_AGAIN)
    missing = sorted(refused - failed - taken_over)
    books.expect(not missing, f"each refusal for good is recorded, to be shown: {missing}")
    others = sorted(failed - refused)
    books.expect(not others, f"nothing else is recorded as refused for good: {others}")
    return books


def told_of(people: list[Person | Letter], refused: set[str]) -> list[Letter]:
    """The emails to owners that tell them of mentors who have no mailbox."""
    letters = [one for one in people if isinstance(one, Letter) and one.is_due and one.address in refused]
    return [told for one in letters if (told := one.bounced())]


def away(world: World, size: Size) -> Books:
    """The mail server is away: afterwards one mail each."""
    people = begin(world, size)
    world.sink(away=True)
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    time.sleep(size.away)
    world.sink(away=False)
    hurry_up(world)
    took = world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("away", people, since)
    books.recovery = took
    books.expect(books.duplicates == 0, "one mail each afterwards")
    return books


def refusals(world: World, size: Size) -> Books:
    """A mail server that refuses everyone in each way; then one that greylists, and mailboxes that do not exist.

    Nobody's address may be stopped for what is not theirs, and nothing may be lost.
    """
    people = begin(world, size, people=size.refused_people)
    unknown, bouncing = renamed(world, people[:3], UNKNOWN), renamed(world, people[3:6], BOUNCING)
    people = [*unknown, *bouncing, *people[6:]]
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    asked: dict[str, int] = {}
    for kind in size.refusals:
        asked[kind] = refuse_until_stopped(world, kind)
    world.sink(refuses="greylist")
    world.manage("reminders", "retry")
    known = [one for one in people if not one.address.startswith(UNKNOWN)]
    took = until_reached_hurrying(world, known, len(unknown), size.patience)
    world.until_still()
    books = world.books("refusals", known, since)
    books.recovery = took
    books.expect(refused_addresses(world) == {one.address for one in unknown}, "only unknown mailboxes count")
    bounces = world.bounce([one.address for one in bouncing])
    books.expect(bounces == len(bouncing), "each bounce that comes later counts")
    [(stopped,)] = world.sql("SELECT count(*) FROM reminders_refusedaddress WHERE stopped_at IS NOT NULL")
    books.expect(stopped == 0, "no address is stopped after one day")
    # Two workers may each have a claim under way when the tenth is refused.
    books.expect(max(asked.values()) <= 10 + 2 * size.workers * 2, "sending stops after ten")
    greylisted = len(world.misdeeds("greylist"))
    books.expect(greylisted >= books.due, "the mail server put everybody off")
    books.notes = {**asked, "greylisted": greylisted, "unknown": len(unknown), "bounced": bounces}
    books.expect(books.duplicates == 0, "none twice")
    return books


def renamed(world: World, people: list[Person], prefix: str) -> list[Person]:
    """Give people addresses that the mail server treats in its own way."""
    for person in people:
        world.rename(person.address, prefix + person.address)
    return [replace(person, address=prefix + person.address) for person in people]


def refused_addresses(world: World) -> set[str]:
    """Addresses for which a refusal was counted."""
    return {address for (address,) in world.sql("SELECT address FROM reminders_refusedaddress")}


def stopped_by(world: World) -> str:
    """The answer of the mail server for which sending is stopped; "" while it is not."""
    rows = world.sql("SELECT smtp_response FROM reminders_mailserverstate WHERE stopped_until > now()")
    return rows[0][0] if rows else ""


def refuse_until_stopped(world: World, kind: str) -> int:
    """Refuse everyone until sending stops; return how often the server was asked in all."""
    world.sink(refuses=kind)
    if stopped_by(world):  # by the kind before
        world.manage("reminders", "retry")
    wait_for(lambda: bool(stopped_by(world)), 120)
    world.until_still(2)
    return len(world.misdeeds(kind))


def until_reached_hurrying(world: World, people: list[Person | Letter], refused: int, seconds: float) -> float:
    """Wait until all emails have arrived or are refused for good, without the pauses of a minute and more."""
    start, due = time.monotonic(), {person.address for person in people if person.is_due}
    while time.monotonic() - start < seconds and (
        not due <= world.reached() or len(refused_addresses(world)) < refused
    ):
        hurry_up(world)
        time.sleep(1)
    return time.monotonic() - start
