"""Goals and steps as tests need them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from careerplan.goals import services
from careerplan.goals.models import ActionStep, Evaluation, Goal, Progress

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
NOW_ON = NOW.date()


def make_goal(user: User, *, due_on: date = date(2027, 6, 30), step_due_on: date | None = None, **changes) -> Goal:
    """A goal with one step, made by the service as the form does."""
    data = {
        "area": Goal.Area.PROFESSIONAL,
        "title": "Lead 12 shifts as nurse in charge",
        "why": "",
        "measure": services.Measure(kind=Goal.MeasureKind.NUMBER, unit="shifts", start_value=0, target_value=12),
        "starts_on": min(date(2027, 1, 4), due_on),
        "due_on": due_on,
    }
    form = {
        "form_key": uuid4(),
        "first_step": services.StepData(
            title="Ask for two late shifts", due_on=step_due_on or due_on - timedelta(days=60)
        ),
        "now": NOW,
    }
    data |= {name: changes.pop(name) for name in list(changes) if name in data}
    return services.create_goal(user=user, data=services.GoalData(**data), **{**form, **changes})


def only_step(goal: Goal) -> ActionStep:
    """The one step of a goal."""
    return goal.steps.get()


def make_reading(goal: Goal, value: str | int = 3, *, read_on: date = NOW_ON, note: str = "") -> Progress:
    """A reading of a goal, made by the service as the form does."""
    data = services.ReadingData(value=Decimal(value), read_on=read_on, note=note)
    return services.record_progress(goal=goal, data=data, form_key=uuid4(), now=NOW, today=read_on)


def add_steps(goal: Goal, *titles: str, **changes) -> list[ActionStep]:
    """More steps of a goal, all due with it, in this order after those that are there."""
    return [
        services.add_step(
            goal=goal, step=services.StepData(title=title, due_on=goal.due_on, **changes), form_key=uuid4(), now=NOW
        )
        for title in titles
    ]


def judge(step: ActionStep, worth: int = 4, **verdict) -> Evaluation:
    """A step done and judged."""
    services.complete_step(step=step, now=NOW)
    return services.evaluate_step(step=step, verdict=services.Verdict(worth=worth, **verdict), now=NOW)
