"""Status of sending: digests by stage, and the last scheduler run."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from careerplan.reminders.models import Digest, SchedulerRun

RUN_LATE_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class ReminderStatus:
    """Status of the reminders, for operators."""

    states: dict[str, int]
    oldest: datetime | None  # when the oldest due digest was made
    ran_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Return whether the last run is too long ago or there was none."""
        return self.ran_at is None or now - self.ran_at > RUN_LATE_AFTER


def reminder_status() -> ReminderStatus:
    """Return digests by stage, the oldest due one and the last run. Three queries."""
    oldest = Digest.objects.owed().aggregate(oldest=Min("made_at"))["oldest"]
    return ReminderStatus(Digest.objects.by_stage(), oldest, last_scheduler_run())


def last_scheduler_run() -> datetime | None:
    """Return when the scheduler last ran. One query."""
    return SchedulerRun.objects.values_list("ran_at", flat=True).first()
