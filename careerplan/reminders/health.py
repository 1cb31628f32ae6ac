"""What /health/ asks of the reminders, and what /health/metrics/ says of them."""

from datetime import datetime

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from careerplan.reminders.queries import RUN_LATE_AFTER, last_scheduler_run, reminder_status


def late_scheduler_run(now: datetime) -> str:
    """Says so where no sweep was made for three minutes: nobody is reminded then. One query, two before the first.

    Where there never was one, the three minutes begin as the database is ready.
    """
    ran_at = last_scheduler_run()
    since = ran_at or MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
    if now - since <= RUN_LATE_AFTER:
        return ""
    last = f"the last sweep was at {ran_at:%Y-%m-%d %H:%M:%S} UTC" if ran_at else "there was no sweep yet"
    return f"reminders: {last}; is a worker running, and the beat?"


def metrics(now: datetime) -> list[str]:
    """Daily mails by state, and how old the oldest owed one and the last sweep are. Three queries.

    An age that there is none of is left out, so that an alarm on its absence can on_sent "never" from "just now".
    """
    stood = reminder_status()
    lines = ["# HELP careerplan_mails Daily mails by state.", "# TYPE careerplan_mails gauge"]
    lines += [f'careerplan_mails{{state="{state}"}} {count}' for state, count in stood.states.items()]
    for name, since, words in (
        ("careerplan_oldest_owed_seconds", stood.oldest, "Age of the oldest mail that is still owed."),
        ("careerplan_last_scheduler_run_seconds", stood.ran_at, "Time since it was last looked what is owed."),
    ):
        if since is not None:
            age = max(0, round((now - since).total_seconds()))
            lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge", f"{name} {age}"]
    return lines
