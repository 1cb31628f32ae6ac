"""What /health/ asks of the reminders, and what /health/metrics/ says of them."""

from datetime import datetime

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from careerplan.reminders.queries import RUN_LATE_AFTER, last_scheduler_run, reminder_status


def late_scheduler_run(now: datetime) -> str:
    """Return a problem where no scheduler run finished for three minutes. One query, two before the first run.

    Where there never was one, the three minutes begin as the database is ready.
    """
    ran_at = last_scheduler_run()
    since = ran_at or MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
    if now - since <= RUN_LATE_AFTER:
        return ""
    last = f"the last scheduler run was at {ran_at:%Y-%m-%d %H:%M:%S} UTC" if ran_at else "no scheduler run yet"
    return f"reminders: {last}; check that a worker and the scheduler are running"


def metrics(now: datetime) -> list[str]:
    """Return the daily emails by state, and the age of the oldest due one and of the last run. Three queries.

    A missing age is left out, so that an alarm can tell "never" from "now".
    """
    stood = reminder_status()
    lines = ["# HELP careerplan_mails Daily emails by state.", "# TYPE careerplan_mails gauge"]
    lines += [f'careerplan_mails{{state="{state}"}} {count}' for state, count in stood.states.items()]
    for name, since, words in (
        ("careerplan_oldest_owed_seconds", stood.oldest, "Age of the oldest email that is due and not sent."),
        ("careerplan_last_scheduler_run_seconds", stood.ran_at, "Time since the last scheduler run."),
    ):
        if since is not None:
            age = max(0, round((now - since).total_seconds()))
            lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge", f"{name} {age}"]
    return lines
