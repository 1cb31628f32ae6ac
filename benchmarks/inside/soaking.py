"""People of the soak, made in the stack: those who use it, and those who get an email."""

from datetime import date, timedelta
from random import Random

from django.test import Client
from django.utils import timezone

from accounts.models import User
from careerplan.reminders.models import ReminderSchedule
from tests.browser.people import make_person_at_questions
from tests.factories.goals import add_steps, make_goal
from tests.stack.people import make_people as make_people_with_steps

GOALS, STEPS = 3, 4


def make_people(*, count: int) -> list[dict[str, str]]:
    """People with goals, steps and an assessment they have begun; the cookies of each."""
    found = []
    for _ in range(count):
        user = User.objects.get(email=make_person_at_questions())
        for number in range(GOALS):
            goal = make_goal(user, title=f"Lead {number + 8} shifts", due_on=_in_days(100 + number))
            add_steps(goal, *(f"Ask for shift {step}" for step in range(STEPS)))
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        client.get("/today/")
        found.append({name: cookie.value for name, cookie in client.cookies.items()})
    return found


def make_reminded(*, count: int, seconds: float) -> None:
    """People with an email due, each at another time of the next seconds."""
    make_people_with_steps(count=count, name="reminded")
    chance, now = Random(1), timezone.now()
    for schedule in ReminderSchedule.objects.filter(user__email__startswith="reminded-"):
        schedule.next_check_at = now + timedelta(seconds=chance.uniform(20, seconds))
        schedule.save()


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
