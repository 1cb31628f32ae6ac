"""How sending stands: what is owed by stage, and the last sweep."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from careerplan.reminders.models import Digest, SweepRecord

SWEEP_LATE = timedelta(minutes=3)


@dataclass(frozen=True)
class Standing:
    """How the reminders stand, for who operates the product."""

    states: dict[str, int]  # digests by stage
    oldest: datetime | None  # when the oldest owed digest was made
    swept_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the last sweep is too long ago, or there never was one."""
        return self.swept_at is None or now - self.swept_at > SWEEP_LATE


def standing() -> Standing:
    """Counts by state, the oldest that is owed, the last sweep. Three queries."""
    oldest = Digest.objects.owed().aggregate(oldest=Min("made_at"))["oldest"]
    return Standing(Digest.objects.by_stage(), oldest, last_sweep())


def last_sweep() -> datetime | None:
    """When a sweep last looked at what is owed. One query."""
    return SweepRecord.objects.values_list("swept_at", flat=True).first()
