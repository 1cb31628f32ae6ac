"""Pages of the goals in a review, with what has changed since the one before. Their number of queries is constant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Avg, Count, Q
from django.utils import timezone

from careerplan.goals.models import ActionStep, Change, Evaluation, Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal
from careerplan.reviews.queries.schedule import MINUTES_A_GOAL, MINUTES_OVERALL


@dataclass(frozen=True)
class ReviewBaseline:
    """What a review is compared with: the last review, or else the start of the plan."""

    previous: Review | None
    at: datetime
    on: date
    before: dict[int, ReviewGoal] = field(default_factory=dict)


def review_baseline(plan: Plan, until: datetime | None = None) -> ReviewBaseline:
    """Load the newest finished review (before `until`) as the baseline of the next. Two queries."""
    finished = plan.reviews.finished() if until is None else plan.reviews.finished().filter(finished_at__lt=until)
    previous = finished.first()
    if previous is None:
        at = datetime.combine(plan.started_on, time(), tzinfo=plan.user.zone)
        return ReviewBaseline(None, at, plan.started_on)
    at = previous.finished_at or previous.made_at
    rows = {row.goal_id: row for row in previous.goals.all() if row.goal_id}
    return ReviewBaseline(previous, at, timezone.localdate(at, plan.user.zone), rows)


@dataclass(frozen=True)
class StepCounts:
    """Steps of a goal that were done since the baseline, and open steps that are late."""

    done: int = 0
    late: int = 0


def count_steps_since(plan: Plan, at: datetime, today: date) -> dict[int, StepCounts]:
    """Count steps by goal id, for goals in any state. One query."""
    counts = (
        ActionStep.objects.filter(goal__plan=plan)
        .order_by()
        .values_list("goal_id")
        .annotate(
            done=Count("id", filter=Q(state=ActionStep.State.DONE, done_at__gt=at)),
            late=Count("id", filter=Q(state__in=ActionStep.OPEN_STATES, due_on__lt=today)),
        )
    )
    return {goal_id: StepCounts(done, late) for goal_id, done, late in counts}


def average_rating_since(plan: Plan, at: datetime) -> Decimal | None:
    """Average the ratings of steps rated since, 1 to 5 with one decimal; None without any. One query."""
    rated = Evaluation.objects.filter(step__goal__plan=plan, step__state=ActionStep.State.DONE, made_at__gt=at)
    average: float | None = rated.aggregate(average=Avg("worth"))["average"]
    return None if average is None else round(Decimal(average), 1)


@dataclass(frozen=True)
class ReviewGoalFacts:
    """What happened to a goal since the baseline. `value_before` is its number at that time."""

    row: GoalRow
    since_on: date
    value_before: Decimal | None
    steps: StepCounts
    changes: list[Change]


@dataclass(frozen=True)
class ReviewGoalPage:
    """The page of a goal in the open review. `facts` is None once the goal is closed."""

    review: Review
    rows: list[ReviewGoal]
    row: ReviewGoal
    goal: Goal
    facts: ReviewGoalFacts | None

    @property
    def place(self) -> int:
        """Number of the goal in the review, from 1."""
        return self.rows.index(self.row) + 1


def list_review_goals(review: Review) -> list[ReviewGoal]:
    """List the goals of a review, without deleted goals. One query."""
    return list(review.goals.filter(goal__isnull=False).select_related("goal").order_by("position"))


def load_goal_page(review: Review, rows: list[ReviewGoal], row: ReviewGoal, today: date) -> ReviewGoalPage:
    """Load the page of one goal. Five queries."""
    goal = row.goal
    if goal is None:
        raise ValueError("the goal was deleted")
    facts = None
    if goal.is_active:
        last = review_baseline(review.plan)
        [of_goal] = goal_rows(review.plan.user, today, only=[goal.pk])
        before = last.before.get(goal.pk)
        facts = ReviewGoalFacts(
            row=of_goal,
            since_on=max(last.on, goal.starts_on),
            value_before=before.value if before else goal.start_value,
            steps=count_steps_since(review.plan, last.at, today).get(goal.pk, StepCounts()),
            changes=list(goal.changes.filter(made_at__gt=last.at).order_by("made_at", "id")),
        )
    return ReviewGoalPage(review=review, rows=rows, row=row, goal=goal, facts=facts)


def minutes_left(review: Review, rows: Sequence[ReviewGoal]) -> int:
    """Estimate the minutes left, at least one."""
    overall = 0 if any(getattr(review, name) for name in Review.QUESTIONS) else MINUTES_OVERALL
    return max(1, MINUTES_A_GOAL * sum(not row.is_answered for row in rows) + overall)
