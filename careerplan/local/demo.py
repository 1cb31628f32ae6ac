"""The demo plan, made by the same services that the pages use, for `make demo`."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import ChangeReason, ClosingNotes, close_goal, create_goal, update_goal
from careerplan.goals.services.progress import evaluate_step, record_progress
from careerplan.goals.services.steps import add_step, complete_step, start_step
from careerplan.local.demo_inventory import make_inventory
from careerplan.local.demo_opportunities import make_opportunities
from careerplan.plans.models import Plan
from careerplan.plans.services import ensure_active_plan
from careerplan.reviews import services as review_services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review

ATTEMPTS = 3


def load_demo(*, now: datetime) -> User:
    """Create the demo user with a plan, with dates shifted so that today is the day of the design pages.

    An earlier demo user is replaced; tried again where the scheduler wrote a review of the earlier plan meanwhile.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _replace_demo(now=now)
        except IntegrityError:
            continue
    return _replace_demo(now=now)


@transaction.atomic
def _replace_demo(*, now: datetime) -> User:
    data = read_plan()
    # Locked first, so that the scheduler adds no reminder while what the earlier user has is being collected.
    if earlier := User.objects.select_for_update().filter(email=data["person"]["email"]).first():
        earlier.delete()
    user = User.objects.create_user(**data["person"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    shift = local_day(now, user.time_zone) - data["today"]
    _make_plan(user, data["direction"], shift)
    make_inventory(user, data, shift)  # finishing it writes the direction into the plan
    reviewed_on = data["review"]["on"]  # a review shows what was known on its day, so earlier events come first
    for goal in data["goals"]:
        if goal["starts_on"] <= reviewed_on:
            _go_on(user, _make_goal(user, goal, shift), goal, shift, (date.min, reviewed_on))
    make_review(user, data["review"], shift)
    for goal in data["goals"]:
        made = Goal.objects.for_user(user).filter(title=goal["title"]).first() or _make_goal(user, goal, shift)
        make_changes(made, goal, shift, _goal_fields)
        _go_on(user, made, goal, shift, (reviewed_on + timedelta(days=1), date.max))
        if "closed" in goal:
            _close(user, made, goal["closed"], shift)
    make_opportunities(user, data, shift)
    return user


def _make_plan(user: User, data: dict[str, Any], shift: timedelta) -> None:
    plan = ensure_active_plan(user=user, today=data["started_on"] + shift)
    Plan.objects.filter(pk=plan.pk).update(
        title=data["title"],
        priorities=data["priorities"],
        hours_a_week=data["hours_a_week"],
        currency=data["currency"],
    )


def _make_goal(user: User, data: dict[str, Any], shift: timedelta) -> Goal:
    first, *more = data["steps"]
    written = _noon(user, data["starts_on"] + shift)
    goal = create_goal(
        user=user,
        form_key=uuid5(NAMESPACE_URL, data["title"]),
        changes=_goal_fields(as_first_written(data), shift),
        first_step=_step_fields(first, shift),
        resources=_resources(first),
        origin_skill=Skill.objects.catalogue().filter(key=data.get("skill", "")).first(),
        now=written,
    )
    for step in more:
        key = uuid5(NAMESPACE_URL, step["title"])
        fields, resources = _step_fields(step, shift), _resources(step)
        add_step(goal=goal, changes=fields, resources=resources, form_key=key, now=written)
    return goal


def _go_on(user: User, goal: Goal, data: dict[str, Any], shift: timedelta, days: tuple[date, date]) -> None:
    """Apply the events of a goal between two days."""
    first, last = days
    for entry in data.get("progress_entries", []):
        if first <= entry["measured_on"] <= last:
            _record(user, goal, entry, shift)
    for step in data["steps"]:
        if first <= step.get("done_on", data["starts_on"]) <= last:
            _go_on_with_step(user, goal.steps.get(title=step["title"]), step, shift)


def _close(user: User, goal: Goal, data: dict[str, Any], shift: timedelta) -> None:
    """Close a goal with its notes."""
    notes = ClosingNotes(**{name: data[name] for name in ("closing_note", "learned", "worth")})
    now = _noon(user, data["on"] + shift)
    close_goal(goal=goal, outcome=Goal.State(data["outcome"]), notes=notes, today=now.date(), now=now)


def _go_on_with_step(user: User, step: ActionStep, data: dict[str, Any], shift: timedelta) -> None:
    if data.get("in_progress"):
        start_step(step=step)
    for day in data.get("done_times", []):
        complete_step(step=step, now=_noon(user, day + shift))
    if "done_on" in data:
        done = _noon(user, data["done_on"] + shift)
        complete_step(step=step, now=done)
        if "evaluation" in data:
            changes = {**data["evaluation"], "hours_spent": Decimal(str(data["evaluation"]["hours_spent"]))}
            evaluate_step(step=step, changes=changes, now=done)


def _record(user: User, goal: Goal, data: dict[str, Any], shift: timedelta) -> None:
    day = data["measured_on"] + shift
    entry = {"value": Decimal(data["value"]), "measured_on": day, "note": data.get("note", "")}
    key = uuid5(NAMESPACE_URL, f"{goal.title} {data['measured_on']}")
    record_progress(goal=goal, changes=entry, form_key=key, now=_noon(user, day), today=day)


def _goal_fields(data: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    if "done_when" in data:
        measure = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": data["done_when"]}
    else:
        figures = {name: Decimal(data[name]) for name in ("start_value", "target_value")}
        measure = {"measure_kind": Goal.MeasureKind.NUMBER, "unit": data["unit"], **figures}
    return {
        "area": data["area"],
        "title": data["title"],
        "why": data.get("why", ""),
        "starts_on": data["starts_on"] + shift,
        "due_on": data["due_on"] + shift,
        "stop_on": data["stop_on"] + shift if "stop_on" in data else None,
        "stop_condition": data.get("stop_condition", ""),
        "obstacle": data.get("obstacle", ""),
        "obstacle_plan": data.get("obstacle_plan", ""),
        **measure,
    }


def _noon(user: User, day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=user.zone)


def _step_fields(data: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    due_on = data["due_on"] + shift if "due_on" in data else None
    return {
        "title": data["title"],
        "due_on": due_on,
        "effort_hours": Decimal(str(data["effort_hours"])) if "effort_hours" in data else None,
        "details": data.get("details", ""),
        "kind": data.get("kind", ""),
        # on the weekday of its shifted day
        "repeats": f"{data['repeats']}:1:{due_on.isoweekday()}" if due_on and "repeats" in data else "",
    }


def _resources(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "cost": Decimal(row["cost"]) if "cost" in row else None} for row in data.get("resources", [])]


def read_plan() -> dict[str, Any]:
    """Return the plan in demo_plan.toml: person, direction, goals and assessments."""
    return tomllib.loads(files("careerplan.local").joinpath("demo_plan.toml").read_text(encoding="utf-8"))


def as_first_written(data: dict[str, Any]) -> dict[str, Any]:
    """Return a goal of demo_plan.toml as it was before its changes."""
    first = dict(data)
    for change in reversed(data.get("changes", [])):
        first[change["what"]] = change["was"]
    return first


def make_changes(
    goal: Goal, data: dict[str, Any], shift: timedelta, answers: Callable[[dict[str, Any], timedelta], dict[str, Any]]
) -> None:
    """Change a goal as the plan says. `answers` reads the fields of a goal."""
    said = as_first_written(data)
    for change in data.get("changes", []):
        said[change["what"]] = change["becomes"]
        now = datetime.combine(change["on"] + shift, time(12), tzinfo=UTC)
        why = ChangeReason(reason=change["reason"], note=change["note"])
        goal.refresh_from_db()
        update_goal(goal=goal, changes=answers(said, shift), reason=why, today=now.date(), now=now)


def make_review(user: User, data: dict[str, Any], shift: timedelta) -> None:
    """Start, answer and finish the review of demo_plan.toml, and set the date of the next one."""
    today = data["on"] + shift
    now = datetime.combine(today, time(20), tzinfo=user.zone)
    review = review_services.start_review(user=user, now=now, today=today)
    for row in review.goals.all():
        said = review_services.GoalAnswers(**data["goals"].get(row.title, {}))
        review_services.answer_goal(row=row, answers=said, now=now, today=today)
    answers = {name: data[name] for name in Review.QUESTIONS}
    review_services.answer_questions(review=review, answers=answers, now=now)
    review_services.finish_review(review=review, now=now, today=today)
    review_services.set_schedule(plan=review.plan, cadence=Cadence.QUARTERLY, next_on=data["next_on"] + shift)
