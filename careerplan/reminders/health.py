"""State of sending, for /health/, /health/metrics/ and the command `reminders status`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client.core import Metric

from careerplan.core.metrics import gauge
from careerplan.reminders.models import Digest, RefusedAddress, SchedulerRun

RUN_LATE_AFTER = timedelta(minutes=3)
BACKLOG_LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class ReminderStatus:
    """Digests by stage, when the oldest pending one was made, and the last scheduler run."""

    stages: dict[str, int]
    oldest: datetime | None
    ran_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the last run is too long ago, or there never was one."""
        return self.ran_at is None or now - self.ran_at > RUN_LATE_AFTER


def reminder_status() -> ReminderStatus:
    """Return the state of sending. Three queries."""
    oldest = Digest.objects.pending().aggregate(oldest=Min("made_at"))["oldest"]
    return ReminderStatus(Digest.objects.by_stage(), oldest, last_scheduler_run())


def last_scheduler_run() -> datetime | None:
    """Return when the scheduler last ran. One query."""
    return SchedulerRun.objects.values_list("ran_at", flat=True).first()


def late_scheduler_run(now: datetime) -> str:
    """Return a problem where no scheduler run finished for three minutes. One query, two before the first run.

    Before the first run, the three minutes count from the last migration.
    """
    ran_at = last_scheduler_run()
    since = ran_at or MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
    if now - since <= RUN_LATE_AFTER:
        return ""
    if ran_at is None:
        return _("no scheduler run yet. Check that a worker and the scheduler are running.")
    said = _("the last scheduler run was at %(time)s UTC. Check that a worker and the scheduler are running.")
    return said % {"time": f"{ran_at:%Y-%m-%d %H:%M:%S}"}


def backlog_problem(now: datetime) -> str:
    """Return a problem where emails are due and nobody has tried to send them for BACKLOG_LATE_AFTER. One query.

    What a mail server asked us to send later is not counted: it waits for its time.
    """
    late = Digest.objects.untried().filter(not_before__lte=now - BACKLOG_LATE_AFTER)
    found = late.aggregate(count=Count("pk"), oldest=Min("not_before"))
    if not found["count"]:
        return ""
    minutes = (now - found["oldest"]) // timedelta(minutes=1)
    said = ngettext(
        "%(n)s reminder email is late by %(minutes)s minutes. Check the mail server and the log.",
        "%(n)s reminder emails are late, the oldest by %(minutes)s minutes. Check the mail server and the log.",
        found["count"],
    )
    return said % {"n": found["count"], "minutes": minutes}


def metrics(now: datetime) -> Iterator[Metric]:
    """Yield emails by stage, the ages of the oldest pending one and of the last run, and stopped addresses.

    Five queries. An age is left out where there is none, so that an alarm on its absence can tell "never" from "now".
    """
    status = reminder_status()
    stages: dict[tuple[str, ...], float] = {(stage,): count for stage, count in status.stages.items()}
    yield gauge("careerplan_mails", "Reminder emails by stage.", stages, "state")
    owed = Digest.objects.untried().filter(not_before__lte=now).count()
    yield gauge("careerplan_backlog", "Reminder emails that are due and not tried yet.", owed)
    stopped = RefusedAddress.objects.filter(stopped_at__isnull=False).count()
    yield gauge("careerplan_refused_addresses", "Addresses that get no email because servers refused them.", stopped)
    for name, since, meaning in (
        ("careerplan_oldest_pending_seconds", status.oldest, "Age of the oldest email that is not sent yet."),
        ("careerplan_last_scheduler_run_seconds", status.ran_at, "Time since the last scheduler run."),
    ):
        if since is not None:
            yield gauge(name, meaning, max(0, round((now - since).total_seconds())))
