"""What several scenarios do: begin with people in an empty database, hurry, wait."""

import time

from tests.faults.letters import Letter, invent_letters
from tests.faults.oracle import LEADS, Person, invent
from tests.faults.sink import UNKNOWN
from tests.faults.size import Size
from tests.faults.world import OWED, World, utcnow

# The control port of the sink must be the only thing in its way.
WELL: dict = {"away": False, "holds": False, "delay": 0.0, "faults": {}, "refuses": "", "unknown": UNKNOWN}

LETTERS = 5

# Whose emails are of a kind, reminders and emails about mentorships.
ADDRESSES = """
SELECT person.email FROM reminders_digest AS owed JOIN accounts_user AS person ON person.id = owed.user_id
WHERE {kind}
UNION SELECT CASE owed.recipient WHEN 'mentor' THEN mentorship.email ELSE owner.email END
FROM mentoring_mentoringemail AS owed JOIN mentoring_mentorship AS mentorship ON mentorship.id = owed.mentorship_id
JOIN accounts_user AS owner ON owner.id = mentorship.owner_id WHERE {kind}
"""
CLAIMED = "owed.claim_token IS NOT NULL"
REFUSED_FOR_GOOD = "owed.state = 'failed' AND owed.smtp_response LIKE '550%'"
SENT_AGAIN = "owed.state = 'sent' AND owed.uncertain_attempts > 0"


def begin(
    world: World, size: Size, *, people: int | None = None, leads: tuple[int, ...] = LEADS
) -> list[Person | Letter]:
    """An empty database with people in it, and a mail server that is well.

    One email in LETTERS is about a mentorship instead of being a reminder.
    """
    world.empty()
    world.sink(**WELL)
    count, now = people or size.people, utcnow()
    found = [
        *invent(count - count // LETTERS, now=now, seed=world.seed, others=30, leads=leads),
        *invent_letters(count // LETTERS, now=now, seed=world.seed),
    ]
    world.load(found)
    return found


def hurry_up(world: World) -> None:
    """Do not wait for the pauses of minutes to end: whatever waits may be tried now."""
    for table in OWED:
        world.sql(
            f"UPDATE {table} SET not_before = now() WHERE id IN ("
            f"SELECT id FROM {table} WHERE state = 'pending' AND claim_token IS NULL "
            "ORDER BY id FOR UPDATE SKIP LOCKED)"
        )


def wait_for_some(world: World) -> None:
    """Until sending has begun."""
    end = time.monotonic() + 30
    while not world.reached() and time.monotonic() < end:
        time.sleep(0.05)


def addresses(world: World, kind: str) -> set[str]:
    """Whose emails are of a kind (CLAIMED, ...), sent or not."""
    return {address for (address,) in world.sql(ADDRESSES.format(kind=kind))}
