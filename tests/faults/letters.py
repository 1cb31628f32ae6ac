"""Emails about mentorships that are due, decided from docs/mentoring.md and from nothing of the application's.

Each is owed once, between an owner and a mentor of its own, and names the other person in its subject.
"""

import random
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.faults.oracle import quiet_zones

TO_MENTOR = ("invitation", "expired", "said_by_owner", "opinion_asked", "meeting_set", "meeting_cancelled")
TO_OWNER = ("ending", "unanswered", "said_by_mentor", "opinion_sent")
NOT_DUE = ("invitation_cancelled", "comment_read", "emails_stopped", "opinion_withdrawn", "meeting_untold")
"""Owed, but what they are about is over, or nobody wants them any more."""


@dataclass(frozen=True)
class Letter:
    """An owner, a mentor and the one email that is due to one of them."""

    kind: str
    number: int
    zone: str
    due_on: str  # of the owner's only step, so far away that no reminder is due
    is_due: bool = True

    @property
    def owner(self) -> str:
        """The owner's address."""
        return f"owner-{self.number}@faults.example.org"

    @property
    def mentor(self) -> str:
        """The mentor's address."""
        return f"mentor-{self.number}@faults.example.org"

    @property
    def address(self) -> str:
        """Who gets it."""
        return self.mentor if self.kind in TO_MENTOR else self.owner

    @property
    def title(self) -> str:
        """What the subject must hold: the name of the other one, which nobody else has."""
        return names(self.number)[self.kind not in TO_MENTOR]

    def bounced(self) -> "Letter | None":
        """The email to the owner that follows where there is no such mailbox; none where sharing is over."""
        return replace(self, kind="bounced") if self.kind in TO_MENTOR and self.kind != "expired" else None

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "owner": self.owner, "mentor": self.mentor, "names": names(self.number)}


def names(number: int) -> tuple[str, str]:
    """The names of an owner and a mentor."""
    return f"Ruth{number:05d}", f"Kwame{number:05d}"


def invent_letters(count: int, *, now: datetime, seed: int) -> list[Letter]:
    """`count` letters that are due at `now` (aware), of each kind in turn, and a few that are not."""
    chance, zones = random.Random(seed), quiet_zones(now)
    letters = []
    for number in range(count + 2 * len(NOT_DUE)):
        kinds = (*TO_MENTOR, *TO_OWNER) if number < count else NOT_DUE
        zone = chance.choice(zones)
        far = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=40)
        kind = kinds[number % len(kinds)]
        letters.append(Letter(kind, number, zone, far.isoformat(), is_due=number < count))
    return letters
