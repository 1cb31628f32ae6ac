"""What a mail may say, as things stand right before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from careerplan.core.dates import local_day
from careerplan.reminders.claims import Claimed
from careerplan.reminders.queries import OwedRow, mail_day, once_each, owed_rows


@dataclass(slots=True)
class Letter:
    """To whom a digest goes and what it says, most urgent first, each goal or step once.

    `mail_day` is the day whose mail may go out now, None outside of the person's hours. `untold` are the reminders of
    the digest that are not so any more. Without lines nothing is to be sent.
    """

    digest: Claimed
    address: str
    time_zone: str
    today: date
    mail_day: date | None
    hour: int
    was_refused: bool
    lines: list[OwedRow] = field(default_factory=list)
    untold: list[int] = field(default_factory=list)

    @property
    def is_for_now(self) -> bool:
        """Whether it is the mail of the day that may go out now."""
        return self.digest.local_date == self.mail_day

    @property
    def is_asking(self) -> bool:
        """Whether it asks if hour, amount or plan is wrong."""
        return any(line.is_asking for line in self.lines)

    @property
    def plan_title(self) -> str:
        """The plan its goals belong to; empty where it is about none."""
        return next((line.plan_title for line in self.lines if line.plan_title), "")


def read_letters(digests: Sequence[Claimed], as_of: datetime) -> dict[int, Letter]:
    """The letters of some claimed digests by their id, in one query; none for who cannot be written to."""
    by_id = {digest.id: digest for digest in digests}
    letters: dict[int, Letter] = {}
    for row in owed_rows(list(by_id)):
        letter = letters.get(row.digest_id)
        if letter is None:
            digest, zone = by_id[row.digest_id], row.time_zone
            today, day = local_day(as_of, zone), mail_day(as_of, zone, row.hour)
            letter = Letter(digest, row.address, zone, today, day, row.hour, row.was_refused)
            letters[row.digest_id] = letter
        if row.is_told:
            letter.lines.append(row)
        elif row.reminder_id is not None:
            letter.untold.append(row.reminder_id)
    for letter in letters.values():
        letter.lines = once_each(letter.lines)
    return letters
