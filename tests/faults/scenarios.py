"""What can go wrong, a function each: it brings it about, and gives the books."""

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tests.faults.oracle import LEADS, Person, invent
from tests.faults.sink import BOUNCING, UNKNOWN
from tests.faults.world import HOOKS, Books, Fleet, World, utcnow, wait_for
from tests.faults.world import SHORT as WAITS

SENDER_WAITS, LEASE = 6, int(WAITS["REMINDER_LEASE_SECONDS"])  # seconds

# The control port of the sink must be the only thing in its way.
WELL: dict = {"away": False, "delay": 0.0, "faults": {}, "refuses": "", "unknown": UNKNOWN}


@dataclass(frozen=True)
class Size:
    """How much of it: so many people, faults of each kind, and seconds to wait for the last mail."""

    people: int = 10_000
    kills: int = 150
    times: int = 5
    terminations: int = 20
    races: int = 1000
    patience: float = 300.0
    workers: int = 2
    away: float = 60.0
    freeze: float = 15.0
    share: float = 0.02  # of messages to which each fault of SMTP happens
    refused_people: int = 300
    refusals: tuple[str, ...] = ("relay", "helo", "blocklist", "bare", "full")
    silences: int = 2


SHORT = Size(
    people=150, kills=6, times=2, terminations=3, races=25, patience=60.0, workers=1, away=5.0, share=0.06, freeze=5.0,
    refused_people=60, silences=1, refusals=("relay", "full"),
)  # fmt: skip


def begin(world: World, size: Size, *, people: int | None = None, leads: tuple[int, ...] = LEADS) -> list[Person]:
    """An empty database with people in it, and a mail server that is well."""
    world.empty()
    world.sink(**WELL)
    found = invent(people or size.people, now=utcnow(), seed=world.seed, others=30, leads=leads)
    world.load(found)
    return found


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


def smtp(world: World, size: Size) -> Books:
    """421, 451, 550, cut off before and after the dot, and stalls. Who is refused for good is owed it tomorrow."""
    people = begin(world, size)
    faults = dict.fromkeys(("connect_421", "rcpt_421", "rcpt_451", "dot_451", "cut_before", "cut_after"), size.share)
    world.sink(faults={**faults, "rcpt_550": size.share / 2, "dot_550": size.share / 2, "stall": size.share / 20})
    since = time.time()
    world.fleet.start(*world.workers(size.workers), *world.beats(1))
    due = {person.address for person in people if person.is_due}
    end = time.monotonic() + size.patience

    def touched() -> set[str]:
        return world.reached() | {one["to"] for one in world.lines("faults") if "to" in one}

    while time.monotonic() < end and not due <= touched():
        hurry_up(world)
        time.sleep(0.5)
    world.sink(faults={})
    refused: set[str] = set()
    while time.monotonic() < end and not due <= world.reached() | refused:
        refused = {one["to"] for one in world.lines("faults") if one["kind"].endswith("550")}
        hurry_up(world)
        time.sleep(0.5)
    world.until_still()
    books = world.books("smtp", [one for one in people if one.address not in refused - world.reached()], since)
    misdeeds = [one["kind"] for one in world.lines("faults")]
    books.notes = {kind: misdeeds.count(kind) for kind in sorted(set(misdeeds))}
    books.expect(books.duplicates <= misdeeds.count("cut_after"), "at most one duplicate a cut after the dot")
    [(failed,)] = world.sql(
        "SELECT count(*) FROM reminders_digest WHERE state = 'failed' AND smtp_response LIKE '550%%'"
    )
    books.expect(failed == len(refused), "each refusal for good is recorded, to be shown")
    return books


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


def hurry_up(world: World) -> None:
    """Do not wait for the pauses of minutes to end: whatever waits may be tried now."""
    world.sql(
        "UPDATE reminders_digest SET not_before = now() WHERE id IN ("
        "SELECT id FROM reminders_digest WHERE state = 'pending' AND claim_token IS NULL "
        "ORDER BY id FOR UPDATE SKIP LOCKED)"
    )


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


def wait_for_some(world: World) -> None:
    """Until sending has begun."""
    end = time.monotonic() + 30
    while not world.reached() and time.monotonic() < end:
        time.sleep(0.05)


def frozen(world: World, size: Size) -> Books:
    """A worker stands still for longer than its lease; another takes over; then the first goes on."""
    people = begin(world, size)
    world.sink(delay=0.02)
    since = time.time()
    first, second = world.workers(2)
    world.fleet.start(first, *world.beats(1))
    wait_for_some(world)
    still = world.fleet.children(first.name)
    for child in still:
        os.kill(child, signal.SIGSTOP)
    before = len(world.reached())
    world.fleet.start(second)
    took = world.until_reached(people, size.patience)
    for child in still:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)
    world.until_still()
    books = world.books("frozen", people, since)
    books.recovery, books.notes = took, {"before": before, "frozen": len(still)}
    books.expect(books.duplicates <= len(still), "at most one duplicate a frozen sender")
    return books


def clock(world: World, size: Size) -> Books:
    """The clock of all processes goes wrong by +2 h, -2 h and +1 day: no one gets an email twice."""
    people = begin(world, size, leads=(7,))
    since = time.time()
    for shift in (0, 2 * 3600, -2 * 3600, 24 * 3600):
        extra = {"FAULT_CLOCK": str(shift), "PYTHONPATH": str(HOOKS)}
        world.fleet.stop()
        world.fleet = Fleet(world.fleet.logs)
        world.fleet.start(*world.workers(size.workers, extra=extra), *world.beats(1, extra=extra))
        if shift == 0:
            world.until_reached(people, size.patience)
        time.sleep(8)
    world.until_still()
    books = world.books("clock", people, since)
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
        one.wait(120)
    world.fleet.start(*world.workers(4), *world.beats(2))
    world.until_reached(people, size.patience)
    world.until_still()
    books = world.books("many", people, since)
    books.expect(books.duplicates == 0, "no duplicate without faults")
    return books


# From the moment something was read as still owed to the moment its mail is on the disk of a mail server.
READ_TO_DISK = 0.25
RACES_SECONDS = 4.0


def races(world: World, size: Size) -> Books:
    """Done, stopped or deleted just when its mail is sent: no mail goes out that was read after the commit."""
    people = begin(world, size, people=3 * size.races)
    # However few they are, sending takes so long that what goes out unread stands out from what was under way.
    world.sink(delay=max(0.002, RACES_SECONDS / len(people)))
    committed: dict[str, float] = {}
    since = time.time()
    order = [person for person in people if person.is_due]
    random.Random(world.seed).shuffle(order)

    with world.changes() as change:
        world.fleet.start(*world.workers(size.workers), *world.beats(1))
        wait_for_some(world)
        for number, person in enumerate(order):
            committed[person.address] = change(("done", "stop", "delete")[number % 3], person.address)
    world.until_still(6)
    received = {line["rcpt"]: line["t"] for line in world.lines("received")}
    after = [received[one] - at for one, at in committed.items() if one in received and received[one] > at]
    reached = [one for one in people if one.address in received]
    books = world.books("races", reached, since)
    books.due = len(order)
    books.notes = {
        "changed first, not mailed": len(order) - len(reached),
        "mailed before": len(reached) - len(after),
        "under way at the commit": len(after),
        "longest ms": round(1000 * max(after, default=0)),
    }
    books.expect(max(after, default=0) < READ_TO_DISK, "no mail sent after the commit")
    books.expect(len(order) > len(reached) > 0, "both sides won some races")
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
    books.notes = {**asked, "greylisted": len(world.misdeeds("greylist")), "unknown": len(unknown), "bounced": bounces}
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


def until_reached_hurrying(world: World, people: list[Person], refused: int, seconds: float) -> float:
    """Wait until all emails have arrived or are refused for good, without the pauses of a minute and more."""
    start, due = time.monotonic(), {person.address for person in people if person.is_due}
    while time.monotonic() - start < seconds and (
        not due <= world.reached() or len(refused_addresses(world)) < refused
    ):
        hurry_up(world)
        time.sleep(1)
    return time.monotonic() - start


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


SCENARIOS: dict[str, Callable[[World, Size], Books]] = {
    "calm": calm,
    "kills": kills,
    "smtp": smtp,
    "away": away,
    "redis": redis,
    "postgres": postgres,
    "many": many,
    "races": races,
    "frozen": frozen,
    "clock": clock,
    "refusals": refusals,
    "silent": silent,
}
