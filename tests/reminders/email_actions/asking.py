"""Links as in an email of NOW, and what a page says, for the tests of email actions."""

import re
from datetime import UTC, date, datetime

from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal
from careerplan.reminders.email_actions.links import ActionTarget, link_maker
from careerplan.reminders.email_actions.queries import find_action_request

NOW = datetime(2027, 3, 5, 12, tzinfo=UTC)
TODAY = NOW.date()


def link(row: Goal | ActionStep, about: ActionTarget | None = None, due_on: date | None = None) -> str:
    user = (row.goal if isinstance(row, ActionStep) else row).plan.user
    about = about or (ActionTarget.STEP if isinstance(row, ActionStep) else ActionTarget.GOAL)
    make = link_maker(user_id=user.pk, address=user.email, mailed_on=TODAY)
    return make(about, row.pk, due_on or row.due_on)


def path(answer: str, *args) -> str:
    return reverse(f"email_action:{answer}", args=[link(*args)])


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1]).split())


def unavailable(response) -> str:
    """The code that says why the page offers no action."""
    return response.context["unavailable"].code


def shown_day(response) -> str:
    return re.search(r'name="to" value="([^"]+)"', response.content.decode())[1]


def action_request(row, *args):
    return find_action_request(link(row, *args), NOW)
