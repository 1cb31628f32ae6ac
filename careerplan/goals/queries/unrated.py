"""Done steps that wait for a verdict."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Window

from accounts.models import User
from careerplan.goals.models import ActionStep

ASKED_FOR = timedelta(days=60)  # who has not judged a step by then does not remember it well enough


class UnratedStep(NamedTuple):
    """A done step without a verdict."""

    id: int
    title: str
    done_at: datetime
    goal_id: int


@dataclass(frozen=True, slots=True)
class Unrated:
    """The last done ones, and how many there are."""

    steps: list[UnratedStep]
    count: int


def unrated_steps(user: User, *, now: datetime, most: int) -> Unrated:
    """Steps of the active plan, done within 60 days, without a verdict; last done first, at most so many. One query."""
    rows = (
        ActionStep.objects.for_user(user)
        .filter(goal__plan__state="active", state=ActionStep.State.DONE, done_at__gt=now - ASKED_FOR)
        .filter(evaluation__isnull=True)
        .annotate(count=Window(Count("*")))
        .order_by("-done_at", "-id")
        .values_list("id", "title", "done_at", "goal_id", "count")[:most]
    )
    found = list(rows)
    return Unrated([UnratedStep(*row[:4]) for row in found], found[0][4] if found else 0)
