"""Queries of catching up: whether there is enough that is late, and which goals and steps are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.plans.models import Pause, Plan

RETURNED_LATELY = timedelta(days=30)
"""How long after a pause we suggest catching up."""
LATE_PILES_UP = 7
"""With more late goals and steps than this we suggest it."""
MOST_ROWS = 60
"""Late goals, and late steps, on a page; the next ones come when these are answered. Each sends three fields, and a
fourth where it moved in another tab (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)."""
SECONDS_EACH = 15  # to answer for one goal or step


@dataclass(frozen=True)
class CatchUpDue:
    """Reasons to catch up: a pause that ended, or many late goals and steps."""

    pause: Pause | None
    late: int


def recent_pauses(user: User, today: date) -> QuerySet[Pause]:
    """Return the current pause of the active plan, and those that ended lately, newest first."""
    pauses = Pause.objects.for_user(user).of_active_plans()
    return pauses.filter(starts_on__lte=today, ends_on__gte=today - RETURNED_LATELY).order_by("-ends_on")


def pause_and_catch_up(
    user: User, today: date, late: int, *, has_recent: bool = True
) -> tuple[Pause | None, CatchUpDue | None]:
    """Return the current pause, or the reasons to catch up, never both. `late`: number of late goals and steps. One
    query, none if it is known that no pause is recent.

    Reasons: a pause that ended within the last 30 days without catching up since, and something is late; or more than
    seven late things.
    """
    recent = list(recent_pauses(user, today)) if has_recent else []
    now = next((pause for pause in recent if pause.ends_on >= today), None)
    if now:
        return now, None
    ended = next((pause for pause in recent if pause.caught_up_at is None), None)
    return None, CatchUpDue(ended, late) if (ended and late) or late > LATE_PILES_UP else None


@dataclass(frozen=True)
class LateItems:
    """Late goals with their progress, and late open steps, oldest first; `rows` has the progress of goals by id."""

    goals: list[Goal]
    steps: list[ActionStep]
    rows: dict[int, GoalRow]

    @property
    def count(self) -> int:
        """Return the number of late goals and steps."""
        return len(self.goals) + len(self.steps)

    @property
    def minutes(self) -> int:
        """Return how long the answers take."""
        return max(1, round(self.count * SECONDS_EACH / 60))

    def days(self) -> Iterable[date]:
        """Return their due dates."""
        return [*(goal.due_on for goal in self.goals), *(step.due_on for step in self.steps if step.due_on)]


def load_late_items(plan: Plan, user: User, today: date) -> LateItems:
    """Load the late goals and the late open steps of the active plan. Three queries."""
    late = list(Goal.objects.active().filter(plan=plan, due_on__lt=today).order_by("due_on", "id")[:MOST_ROWS])
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE, due_on__lt=today)
    return LateItems(
        goals=late,
        steps=list(steps.select_related("goal").order_by("due_on", "id")[:MOST_ROWS]),
        rows={row.id: row for row in goal_rows(user, today, only=[goal.pk for goal in late])},
    )


MOST_DAYS_DRAWN = 60


@dataclass(frozen=True)
class AwayLine:
    """The weeks away as a line from the last visit to today: where something came due, in per cent."""

    since: date
    today: date
    marks: list[float]
    first: date | None
    last: date | None

    @property
    def weeks(self) -> int:
        """Return the number of weeks away."""
        return max(1, (self.today - self.since).days // 7)


def draw_away_line(since: date, today: date, days: Iterable[date]) -> AwayLine:
    """Return the line for days on which something came due; what was late before is not on it."""
    meanwhile = sorted({day for day in days if since <= day <= today})
    length = max(1, (today - since).days)
    marks = [round(100 * (day - since).days / length, 1) for day in meanwhile]
    first, last = (meanwhile[0], meanwhile[-1]) if meanwhile else (None, None)
    return AwayLine(since, today, marks[-MOST_DAYS_DRAWN:], first, last)
