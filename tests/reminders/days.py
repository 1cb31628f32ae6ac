"""Days of a person with reminders: something to remind of on each, and a scheduler run each morning."""

from datetime import UTC, date, datetime, timedelta

from careerplan.plans.models import Pause, Plan
from careerplan.reminders.activity import record_activity
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.services import create_due_reminders, save_preferences
from tests.factories.goals import make_goal

FIRST = datetime(2027, 3, 1, 8, tzinfo=UTC)  # the user is in London
MADE = datetime(2027, 1, 4, 12, tzinfo=UTC)


def daily(user, days=14):
    """Add a step for each of the next days, with a reminder on that day only, 30 days before its date."""
    save_preferences(user=user, step_leads=[30], goal_leads=[], muted_kinds=["overdue"])
    for n in range(days):
        make_goal(user, step_due_on=FIRST.date() + timedelta(days=n + 30))


def due_daily(user, days=14):
    """Add a step due on each of the next days, with a reminder on that day only."""
    save_preferences(user=user, step_leads=[0], goal_leads=[], muted_kinds=["overdue"])
    for n in range(days):
        make_goal(user, step_due_on=FIRST.date() + timedelta(days=n))


def pause(user, starts_on: date, ends_on: date) -> None:
    """A pause that moves no date."""
    key, plan = "7c9e6679-7425-40de-944b-e07fc1f90ae7", Plan.objects.get(user=user)
    Pause.objects.create(plan=plan, reason="leave", made_at=MADE, form_key=key, starts_on=starts_on, ends_on=ends_on)


def run_day(day: int, hours: int = 0) -> list[int]:
    """Run the scheduler, mark its digests as sent, and return the number of reminders in each."""
    at = FIRST + timedelta(days=day, hours=hours)
    create_due_reminders(as_of=at, now=at)
    new = list(Digest.objects.filter(state="pending"))
    counts = [digest.reminders.count() for digest in new]
    Digest.objects.filter(pk__in=[digest.pk for digest in new]).update(state="sent", sent_at=at)
    return counts


def be_there(user, day: int) -> None:
    record_activity(user=user, now=FIRST + timedelta(days=day, hours=2))


def reminders_sent(kind):
    """Due dates and lead days of the emailed reminders of a kind, oldest first."""
    rows = Reminder.objects.filter(channel="mail", kind=kind).order_by("id")
    return [(row.due_on, row.lead_days) for row in rows]
