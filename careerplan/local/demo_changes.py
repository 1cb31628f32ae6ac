"""Changes of the demo goals and their reasons, written by the services in order."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from careerplan.goals.models import Goal
from careerplan.goals.services.goals import ChangeReason, update_goal


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
