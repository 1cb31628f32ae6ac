"""Goals and steps as tests need them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.goals.services.goals import create_goal
from careerplan.goals.services.progress import evaluate_step, record_progress
from careerplan.goals.services.steps import add_step, complete_step
from careerplan.plans.services import ensure_active_plan

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
NOW_ON = NOW.date()
NUMBER = {"measure_kind": "number", "unit": "shifts", "start_value": 0, "target_value": 12}


def make_goal(user: User, *, due_on: date = date(2027, 6, 30), step_due_on: date | None = None, **changes) -> Goal:
    """A goal with one step, as the form makes it.

    Thousands of tests begin with one. Unless a form key, skills or the like are given, its rows are written without the
    locks and searches of the service; tests/goals/test_services.py sees that they are the same rows.
    """
    data = {
        "area": Goal.Area.PROFESSIONAL,
        "title": "Lead 12 shifts as nurse in charge",
        "why": "",
        "starts_on": min(date(2027, 1, 4), due_on),
        "due_on": due_on,
    }
    form = {
        "form_key": uuid4(),
        "first_step": {"title": "Ask for two late shifts", "due_on": step_due_on or due_on - timedelta(days=60)},
        "now": NOW,
    }
    data |= changes.pop("measure", NUMBER)
    data |= {name: changes.pop(name) for name in list(changes) if name in data}
    form |= changes
    if "form_key" not in changes and form.keys() == {"form_key", "first_step", "now"}:
        return _written(user, data, **form)
    return create_goal(user=user, changes=data, **form)


@transaction.atomic
def _written(user: User, fields: dict[str, Any], *, form_key: UUID, first_step: dict[str, Any], now: datetime) -> Goal:
    """The rows of `create_goal` for a form that was not sent before."""
    plan = ensure_active_plan(user=user, today=local_day(now, user.time_zone))
    made = {"form_key": form_key, "due_set_at": now, "created_at": now}
    goal = Goal.objects.create(plan=plan, **made, **fields)
    repeats_from = first_step.get("due_on") if first_step.get("repeats") else None
    ActionStep.objects.create(goal=goal, position=1, repeats_from=repeats_from, **made, **first_step)
    return goal


def only_step(goal: Goal) -> ActionStep:
    """The one step of a goal."""
    return goal.steps.get()


def make_entry(goal: Goal, value: str | int = 3, *, measured_on: date = NOW_ON, note: str = "") -> ProgressEntry:
    """An entry of a goal, made by the service as the form does."""
    data = {"value": Decimal(value), "measured_on": measured_on, "note": note}
    return record_progress(goal=goal, changes=data, form_key=uuid4(), now=NOW, today=measured_on)


def add_steps(goal: Goal, *titles: str, **changes) -> list[ActionStep]:
    """More steps of a goal, all due with it, in this order after those that are there."""
    resources = changes.pop("resources", ())
    return [
        add_step(
            goal=goal,
            changes={"title": title, "due_on": goal.due_on, **changes},
            resources=resources,
            form_key=uuid4(),
            now=NOW,
        )
        for title in titles
    ]


def rate_step(step: ActionStep, worth: int = 4, **answers) -> Evaluation:
    """Complete and rate a step."""
    complete_step(step=step, now=NOW)
    return evaluate_step(step=step, changes=dict(worth=worth, **answers), now=NOW)
