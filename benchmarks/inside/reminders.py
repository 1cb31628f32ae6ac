"""People who are due a reminder, and the work of the scheduler and the worker."""

import time
from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders import services
from careerplan.reminders.models import Preferences
from careerplan.reminders.tasks import help_sending

BATCH = 500
WORDS = "in", "\u2013"  # every second person writes dashes, as phones do: such a mail cannot go out as it is


def make_due_people(*, people: int, items: int) -> None:
    """People who are each due one email with so many items."""
    now = timezone.now()
    for start in range(0, people, BATCH):
        _make_batch(range(start, min(start + BATCH, people)), items)
    services.create_due_reminders(as_of=now, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does within a minute


@transaction.atomic
def _make_batch(numbers: range, items: int) -> None:
    now = timezone.now()
    before = now - timedelta(days=31)
    users = User.objects.bulk_create(User(email=f"bench-{n}@example.org", name="Ruth", password="!") for n in numbers)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Preferences.objects.bulk_create(Preferences(user=user, hour=0) for user in users)
    plans = Plan.objects.bulk_create(Plan(user=user, title="Ward manager", started_on=before.date()) for user in users)
    goals = Goal.objects.bulk_create(
        Goal(
            plan=plan,
            area="professional",
            title="Lead 12 shifts as nurse in charge",
            measure_kind="yes_no",
            done_when="It is there",
            starts_on=before.date(),
            due_on=now.date() + timedelta(days=200),
            due_set_at=before,
            created_at=before,
            form_key=uuid4(),
        )
        for plan in plans
    )
    ActionStep.objects.bulk_create(
        ActionStep(
            goal=goal,
            title=f"Ask for two late shifts {WORDS[goal.pk % 2]} week {n} of {goal.pk}",
            position=n + 1,
            due_on=now.date() + timedelta(days=n % 7 + 1),
            due_set_at=before,
            created_at=before,
        )
        for goal in goals
        for n in range(items)
    )


def request_sending(*, processes: int) -> None:
    """Wake so many processes of the worker."""
    for _ in range(processes):
        help_sending.delay()


def sweep_first_people(*, rounds: int) -> list[float]:
    """Seconds for the first people of a sweep, round by round; nothing is kept."""
    now = timezone.now()
    seconds = []
    for _ in range(rounds):
        with transaction.atomic():
            start = time.perf_counter()
            services.create_for_users(services._lock_due_users(now), as_of=now, now=now)
            seconds.append(time.perf_counter() - start)
            transaction.set_rollback(True)
    return seconds


def sweep_everybody() -> tuple[int, float]:
    """How many mails a whole sweep makes, and its seconds."""
    now, start = timezone.now(), time.perf_counter()
    made = services.create_due_reminders(as_of=now, now=now)
    return made, time.perf_counter() - start
