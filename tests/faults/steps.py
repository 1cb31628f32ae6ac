"""What several scenarios do: begin with people in an empty database, hurry, wait."""

import time

from tests.faults.oracle import LEADS, Person, invent
from tests.faults.sink import UNKNOWN
from tests.faults.size import Size
from tests.faults.world import World, utcnow

# The control port of the sink must be the only thing in its way.
WELL: dict = {"away": False, "delay": 0.0, "faults": {}, "refuses": "", "unknown": UNKNOWN}


def begin(world: World, size: Size, *, people: int | None = None, leads: tuple[int, ...] = LEADS) -> list[Person]:
    """An empty database with people in it, and a mail server that is well."""
    world.empty()
    world.sink(**WELL)
    found = invent(people or size.people, now=utcnow(), seed=world.seed, others=30, leads=leads)
    world.load(found)
    return found


def hurry_up(world: World) -> None:
    """Do not wait for the pauses of minutes to end: whatever waits may be tried now."""
    world.sql(
        "UPDATE reminders_digest SET not_before = now() WHERE id IN ("
        "SELECT id FROM reminders_digest WHERE state = 'pending' AND claim_token IS NULL "
        "ORDER BY id FOR UPDATE SKIP LOCKED)"
    )


def wait_for_some(world: World) -> None:
    """Until sending has begun."""
    end = time.monotonic() + 30
    while not world.reached() and time.monotonic() < end:
        time.sleep(0.05)
