"""What a mail may say, as things stand right before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files

from careerplan.core.database import run_prepared
from careerplan.core.dates import local_day
from careerplan.reminders.claims import Claimed
from careerplan.reminders.models import DEFAULT_HOUR

STILL_OWED = files("careerplan.reminders").joinpath("still_owed.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Line:
    """One goal or step in a mail; `title` is its own, `goal_title` that of the goal it belongs to."""

    kind: str
    goal_id: int
    step_id: int | None
    due_on: date
    title: str
    goal_title: str


@dataclass(slots=True)
class Letter:
    """To whom a digest goes and what it says: most urgent (longest due) first, each goal or step once.

    `untold` are the reminders of the digest that are not so any more. Without lines nothing is to be sent.
    """

    digest: Claimed
    address: str
    time_zone: str
    today: date
    hour: int
    was_refused: bool
    plan_title: str = ""
    lines: list[Line] = field(default_factory=list)
    untold: list[int] = field(default_factory=list)

    @property
    def is_of_today(self) -> bool:
        """Whether its day is the person's today."""
        return self.digest.local_date == self.today


def read_letters(digests: Sequence[Claimed], as_of: datetime) -> dict[int, Letter]:
    """The letters of some claimed digests by their id, in one query; none for who cannot be written to."""
    by_id = {digest.id: digest for digest in digests}
    rows = run_prepared(STILL_OWED, {"digests": list(by_id), "default_hour": DEFAULT_HOUR})
    letters: dict[int, Letter] = {}
    told: set[tuple[int, int, int | None]] = set()
    for row in rows:
        pk, address, zone, hour, was_refused, plan, reminder_id, kind, goal_id, step_id, due_on, title, of, is_so = row
        letter = letters.get(pk)
        if letter is None:
            today = local_day(as_of, zone)
            letter = letters[pk] = Letter(by_id[pk], address, zone, today, hour, was_refused)
        if reminder_id is None:
            continue
        if not is_so:
            letter.untold.append(reminder_id)
        elif (pk, goal_id, step_id) not in told:
            told.add((pk, goal_id, step_id))
            letter.plan_title = plan
            letter.lines.append(Line(kind, goal_id, step_id, due_on, title, of))
    return letters
