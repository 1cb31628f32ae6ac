"""Fills the database with the oracle's people: called inside a stack, because it uses the application."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders.models import Digest, Preferences
from tests.faults.load_letters import make_letters

BATCH = 1000


@transaction.atomic
def load(people: list[dict], now: datetime) -> None:
    """One user, plan, goal and step each; known for a month."""
    known_at = now - timedelta(days=31)
    users = User.objects.bulk_create(
        [
            User(email=one["address"], name=one.get("name", "Ruth"), time_zone=one["zone"], password="!")
            for one in people
        ]
    )
    pairs = list(zip(users, people, strict=True))
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=one["is_confirmed"], primary=True) for user, one in pairs]
    )
    Preferences.objects.bulk_create([Preferences(user=user, hour=0) for user in users])
    plans = Plan.objects.bulk_create([Plan(user=user, title="A plan", started_on=known_at.date()) for user in users])
    goals = Goal.objects.bulk_create(
        [
            Goal(
                plan=plan, area="personal", title="A goal", measure_kind="yes_no", done_when="It is there",
                starts_on=known_at.date(), due_on=now.date() + timedelta(days=200), due_set_at=known_at,
                created_at=known_at, form_key=uuid4(),
            )
            for plan in plans
        ]
    )  # fmt: skip
    ActionStep.objects.bulk_create(
        [
            ActionStep(
                goal=goal, title=one["title"], position=1, due_on=date.fromisoformat(one["due_on"]),
                due_set_at=known_at, created_at=known_at,
                state="to_do" if one["is_open"] else "done", done_at=None if one["is_open"] else now,
            )
            for goal, one in zip(goals, people, strict=True)
        ]
    )  # fmt: skip
    # Whose step is done goes on with another, far away: a goal without an open step is a reminder of its own.
    ActionStep.objects.bulk_create(
        ActionStep(
            goal=goal, title="The next step", position=2, due_on=now.date() + timedelta(days=60),
            due_set_at=known_at, created_at=known_at,
        )
        for goal, one in zip(goals, people, strict=True) if not one["is_open"]
    )  # fmt: skip
    Digest.objects.bulk_create(earlier_mail(user, one) for user, one in pairs if one["mailed_at"])


def earlier_mail(user: User, one: dict) -> Digest:
    """The last email of a person, of the day before."""
    at = datetime.fromisoformat(one["mailed_at"])
    day = timezone.now().astimezone(ZoneInfo(one["zone"])).date() - timedelta(days=1)
    return Digest(user=user, local_date=day, state="sent", made_at=at, not_before=at, sent_at=at, subject="Earlier")


def as_person(letter: dict) -> dict:
    """The owner of a letter, to whom no reminder is due."""
    facts = {"address": letter["owner"], "name": letter["names"][0], "title": "A step", "mailed_at": None}
    return {**facts, "zone": letter["zone"], "due_on": letter["due_on"], "is_open": True, "is_confirmed": True}


def load_all(people: list[dict]) -> None:
    """Load the people of a scenario."""
    now = timezone.now()
    letters = [one for one in people if "mentor" in one]
    people = [one for one in people if "mentor" not in one] + [as_person(one) for one in letters]
    for start in range(0, len(people), BATCH):
        load(people[start : start + BATCH], now)
    make_letters(letters, now)
