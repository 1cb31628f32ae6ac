"""The content of a digest, as it is right before its mail goes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from careerplan.core.dates import local_day
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.queries import DigestRow, delivery_day, load_digest_rows, unique_by_target


@dataclass(slots=True)
class DigestContent:
    """Recipient and content of a digest, most urgent first, each goal or step once.

    `delivery_day` is the day whose email may be sent now, None before the user's time of day. `obsolete_ids` are
    reminders that are no longer valid. Without lines nothing is sent.
    """

    digest: ClaimedDigest
    address: str
    time_zone: str
    today: date
    delivery_day: date | None
    hour: int
    was_refused: bool
    lines: list[DigestRow] = field(default_factory=list)
    obsolete_ids: list[int] = field(default_factory=list)

    @property
    def is_for_now(self) -> bool:
        """Return whether the email of the current day may be sent now."""
        return self.digest.local_date == self.delivery_day

    @property
    def asks_for_feedback(self) -> bool:
        """Return whether it asks if the time, the number of emails or the plan is wrong."""
        return any(line.asks_for_feedback for line in self.lines)

    @property
    def plan_title(self) -> str:
        """Return the plan of its goals; blank if there are none."""
        return next((line.plan_title for line in self.lines if line.plan_title), "")


def load_digest_contents(digests: Sequence[ClaimedDigest], as_of: datetime) -> dict[int, DigestContent]:
    """Load the contents of claimed digests by id, in one query; none for people who cannot get emails."""
    by_id = {digest.id: digest for digest in digests}
    contents: dict[int, DigestContent] = {}
    for row in load_digest_rows(list(by_id)):
        content = contents.get(row.digest_id)
        if content is None:
            digest, zone = by_id[row.digest_id], row.time_zone
            today, day = local_day(as_of, zone), delivery_day(as_of, zone, row.hour)
            content = DigestContent(digest, row.address, zone, today, day, row.hour, row.was_refused)
            contents[row.digest_id] = content
        if row.is_valid:
            content.lines.append(row)
        elif row.reminder_id is not None:
            content.obsolete_ids.append(row.reminder_id)
    for content in contents.values():
        content.lines = unique_by_target(content.lines)
    return contents
