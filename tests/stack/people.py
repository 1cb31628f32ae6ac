"""People of the stack tests, made in the stack (see StackProcess)."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from careerplan.reminders.models import ReminderSchedule
from careerplan.reminders.services import save_preferences
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal


def sign_in() -> dict[str, str]:
    """A person with a plan; return the cookies of their browser."""
    user = UserFactory()
    make_goal(user)
    client = Client()
    client.force_login(user)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def run_command(*, arguments: list[str]) -> str:
    """What a management command says, without the start of another process."""
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue().strip()


@transaction.atomic
def make_people(*, count: int, name: str = "person") -> None:
    """So many people, each with one step that is due tomorrow and has been known for a week; all at once."""
    now = timezone.now()
    for number in range(count):
        user = UserFactory(email=f"{name}-{number}@example.org")
        save_preferences(user=user, hour=0, muted_kinds=[])
        make_goal(
            user,
            starts_on=now.date(),
            due_on=now.date() + timedelta(days=90),
            step_due_on=now.date() + timedelta(days=1),
            now=now - timedelta(days=7),
        )
    ReminderSchedule.objects.update(next_check_at="1970-01-01T00:00Z")  # a sweep may have come by in between
