"""Queries of reviews. Their number never depends on the number of goals or reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Avg, Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule

MINUTES_A_GOAL, MINUTES_OVERALL = 2, 3
SHOWN_REVIEWS = 20  # in the table


def minutes_for(goals: int) -> int:
    """Estimate the minutes of a review with this many goals."""
    return goals * MINUTES_A_GOAL + MINUTES_OVERALL


@dataclass(frozen=True)
class NextReview:
    """The due or next review. `url` starts or continues it.

    `then_on` is the date of the review after it; None if none is planned.
    """

    due_on: date
    is_due: bool
    is_started: bool
    goals: int
    minutes: int
    url: str
    then_on: date | None = None


def current_schedule(user: User) -> ReviewSchedule | None:
    """Return the schedule of the active plan, with its number of open goals; None without a plan. One query."""
    schedules = ReviewSchedule.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    return (
        schedules.select_related("plan")
        .annotate(goals=Count("plan__goals", filter=Q(plan__goals__state=Goal.State.ACTIVE)))
        .first()
    )


def open_review(user: User) -> Review | None:
    """Return the open review of the active plan. One query."""
    return Review.objects.for_user(user).open().filter(plan__state=Plan.State.ACTIVE).select_related("plan").first()


@dataclass(frozen=True)
class PlanReviews:
    """The schedule of the active plan, its open review, and the days of all its reviews so far."""

    schedule: ReviewSchedule | None
    open_review: Review | None
    days: frozenset[date]

    def between(self, first: date, last: date) -> list[date]:
        """Return the days of past and planned reviews from `first` to `last`, in order."""
        found = {day for day in self.days if first <= day <= last}
        if self.schedule and self.schedule.next_on:
            found.update(self.schedule.rule.dates(max(first, self.schedule.next_on), last))
        return sorted(found)


def load_plan_reviews(user: User) -> PlanReviews:
    """Load the reviews of the user's active plan. One query."""
    rows = ReviewSchedule.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    schedule, unfinished, days = None, None, set()
    schedule_fields = ("pk", "plan_id", "cadence", "anchor_on", "next_on")
    review_fields = ("pk", "due_on", "made_at", "started_at", "finished_at")
    for found in rows.values_list(*schedule_fields, *(f"plan__reviews__{name}" for name in review_fields)):
        schedule = schedule or ReviewSchedule(**dict(zip(schedule_fields, found, strict=False)))
        review = Review(
            plan_id=schedule.plan_id, **dict(zip(review_fields, found[len(schedule_fields) :], strict=True))
        )
        if review.pk is None:
            continue  # no review yet
        if not review.is_finished:
            unfinished = review
        days.add(timezone.localdate(review.finished_at) if review.finished_at else review.due_on)
    return PlanReviews(schedule, unfinished, frozenset(days))


@dataclass(frozen=True)
class ComingReview:
    """The review that will be open on `day`; `id` and `started_at` are None where it does not exist yet."""

    day: date
    id: int | None
    due_on: date
    started_at: datetime | None


def reviews_on_days(user: User, local_days: Mapping[date, date]) -> list[ComingReview]:
    """Return the review that will be open on each of some coming days, as make_due.sql makes it if nothing changes.

    `local_days` are the user's dates by day, in order. Three queries.
    """
    schedule, review = current_schedule(user), open_review(user)
    last_on = Review.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE).aggregate(on=Max("due_on"))["on"]
    if schedule is None:
        return []
    due_on, next_on = review.due_on if review else None, schedule.next_on
    found = []
    for day, today in local_days.items():
        if next_on and next_on <= today and (come := schedule.rule.last_on_or_before(today)):
            next_on = schedule.rule.first_after(today)
            if due_on or (schedule.goals and (last_on is None or last_on < come)):  # type: ignore[attr-defined]
                due_on = max(come, due_on or come)
        if due_on:
            found.append(
                ComingReview(day, review.pk if review else None, due_on, review.started_at if review else None)
            )
    return found


def started_review(user: User) -> Review | None:
    """Return the review that was started and is not finished. One query."""
    review = open_review(user)
    return review if review and review.started_at else None


def next_review(user: User, today: date) -> NextReview | None:
    """Return the due review, or the next one; None if none is planned or no goal is open.

    It is correct even before the scheduled task has created the review. Two queries.
    """
    schedule = current_schedule(user)
    if schedule is None:
        return None
    review = open_review(user)
    goals: int = schedule.goals  # type: ignore[attr-defined]
    due_on = review.due_on if review else None
    if schedule.next_on and (due_on is None or schedule.next_on <= today):
        due_on = max(filter(None, (due_on, schedule.rule.last_on_or_before(today), schedule.next_on)))
    started = review is not None and review.started_at is not None
    if due_on is None or not (goals or started):
        return None
    return NextReview(
        due_on=due_on,
        is_due=due_on <= today or started,
        is_started=started,
        goals=goals,
        minutes=minutes_for(goals),
        url=reverse("reviews:continue" if started else "reviews:list"),
        then_on=_date_after(schedule, max(today, due_on)),
    )


def _date_after(schedule: ReviewSchedule, day: date) -> date | None:
    """Return the date after `day`, whether or not the scheduled task has moved `next_on` yet."""
    if schedule.next_on is None or schedule.next_on > day:
        return schedule.next_on
    return schedule.rule.first_after(day)


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
        of_goal = next(one for one in goal_rows(review.plan.user, today) if one.id == goal.pk)
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


@dataclass(frozen=True)
class PastReview:
    """A finished review in the table, with the parts of its bar in per cent of all goals."""

    review: Review
    day: date
    reached: float
    on_track: float
    other: float

    @property
    def on_track_from(self) -> float:
        """Start of the part for open goals on track."""
        return self.reached

    @property
    def other_from(self) -> float:
        """Start of the part for the other open goals."""
        return round(self.reached + self.on_track, 2)

    @property
    def goals_behind(self) -> int:
        """Number of open goals that are not on track."""
        return (self.review.goals_open or 0) - (self.review.goals_on_track or 0)


def past_reviews(plan: Plan, until: datetime | None = None) -> list[PastReview]:
    """List finished reviews up to `until`, newest first, SHOWN_REVIEWS at most. One query."""
    finished = plan.reviews.finished() if until is None else plan.reviews.finished().filter(finished_at__lte=until)
    return [_past(review) for review in finished[:SHOWN_REVIEWS]]


def _past(review: Review) -> PastReview:
    reached, still_open = review.goals_reached_so_far or 0, review.goals_open or 0
    total = max(1, reached + still_open)
    on_track = review.goals_on_track or 0
    parts = [round(100 * part / total, 2) for part in (reached, on_track, still_open - on_track)]
    return PastReview(review, timezone.localdate(review.finished_at), *parts)


@dataclass(frozen=True)
class ReviewSummaryRow:
    """A goal in a summary. `before` is its progress at the last review, "" if it was not part of it."""

    row: ReviewGoal
    before: str


@dataclass(frozen=True)
class ReviewSummary:
    """A finished review with the reviews before it. `past` starts with the review itself."""

    review: Review
    day: date
    previous: PastReview | None
    rows: list[ReviewSummaryRow]
    past: list[PastReview]
    to_do: list[ReviewGoal]


# Decisions that are carried out on a page of the goal.
DECISIONS_TO_CARRY_OUT = (
    ReviewGoal.Decision.ADJUST,
    ReviewGoal.Decision.SPLIT,
    ReviewGoal.Decision.REACHED,
    ReviewGoal.Decision.LET_GO,
)


def load_summary(review: Review) -> ReviewSummary:
    """Load a finished review as it was. Four queries."""
    past = past_reviews(review.plan, review.finished_at)
    before = review_baseline(review.plan, review.finished_at).before
    rows = list(review.goals.select_related("goal__plan"))
    summary = []
    for row in rows:
        earlier = before.get(row.goal_id) if row.goal_id else None
        summary.append(ReviewSummaryRow(row, earlier.words if earlier else ""))
    return ReviewSummary(
        review=review,
        day=past[0].day,
        previous=past[1] if len(past) > 1 else None,
        rows=summary,
        past=past,
        # Decisions about goals that are still open.
        to_do=[row for row in rows if row.decision in DECISIONS_TO_CARRY_OUT and row.goal and _is_open(row.goal)],
    )


def _is_open(goal: Goal) -> bool:
    return goal.is_active and goal.plan.is_active
