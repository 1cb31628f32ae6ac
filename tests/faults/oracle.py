"""What is due, decided from the words of docs/reminders.md and from nothing of the application's.

Each user has one step. They get a reminder 7, 1 and 0 days before its due date, at their time of day (here: midnight,
which is always in the past), if the date was set before that, and if their last email was at least 18 hours ago.
"""

import random
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = ("UTC", "Europe/London", "Asia/Tokyo", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia")
LEADS = (7, 1, 0)
GAP = timedelta(hours=18)


def may_be_mailed(last: datetime | None, moment: datetime) -> bool:
    """Whether a person who had their last email at `last` may have another one at `moment`."""
    return last is None or moment - last >= GAP


def is_due_at(person: "Person", moment: datetime) -> bool:
    """Whether the clock at `moment` (aware) makes a mail due to somebody whose last one is the one on record."""
    days = (person.due_on - moment.astimezone(ZoneInfo(person.zone)).date()).days
    return person.is_open and person.is_confirmed and days in LEADS and may_be_mailed(person.mailed_at, moment)


@dataclass(frozen=True)
class Person:
    """A user with one step, and whether a mail is due to them at the moment they were made for."""

    address: str
    zone: str
    title: str
    due_on: date
    is_open: bool = True
    is_confirmed: bool = True
    mailed_at: datetime | None = None
    is_due: bool = True

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        mailed_at = self.mailed_at.isoformat() if self.mailed_at else None
        return {**asdict(self), "due_on": self.due_on.isoformat(), "mailed_at": mailed_at}


def invent(count: int, *, now: datetime, seed: int, others: int = 0, leads: tuple[int, ...] = LEADS) -> list[Person]:
    """`count` people to whom a mail is due at `now` (aware), and `others` to whom none is, each for another reason."""
    chance = random.Random(seed)
    zones = quiet_zones(now)
    people = []
    for number in range(count + others):
        zone = chance.choice(zones)
        today = now.astimezone(ZoneInfo(zone)).date()
        name = f"person-{number}"
        facts = {"address": f"{name}@faults.example.org", "zone": zone, "title": f"Step of {name}."}
        if number < count:
            people.append(Person(**facts, due_on=today + timedelta(days=chance.choice(leads))))
            continue
        why = number % 4
        mailed_at = now - timedelta(hours=chance.randint(1, 15)) if why == 3 else None
        people.append(
            Person(
                **facts,
                due_on=today + timedelta(days=20 if why == 0 else 1),
                is_open=why != 1,
                is_confirmed=why != 2,
                mailed_at=mailed_at,
                is_due=mailed_at is not None and may_be_mailed(mailed_at, now),
            )
        )
    return people


def quiet_zones(now: datetime) -> list[str]:
    """Zones whose day does not change within the next hours: there what is due stays the same during a run."""
    return [zone for zone in ZONES if now.astimezone(ZoneInfo(zone)).hour < 22]
