"""Reads of reviews. Each function costs a fixed number of queries, however many goals and reviews there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Avg, Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal, ReviewRhythm

MINUTES_A_GOAL, MINUTES_FOR_THE_WHOLE = 2, 3
SHOWN_REVIEWS = 20  # in the table; older ones are left out


def minutes_for(goals: int) -> int:
    """About how long it takes to look at so many goals and answer the three questions."""
    return goals * MINUTES_A_GOAL + MINUTES_FOR_THE_WHOLE


@dataclass(frozen=True)
class NextReview:
    """The review that is due, or that comes next. `url` leads to where it is begun or gone on with.

    `then_on`: the date of the one after it; None where the rhythm has none.
    """

    due_on: date
    is_due: bool
    is_started: bool
    goals: int
    minutes: int
    url: str
    then_on: date | None = None


def rhythm_of(user: User) -> ReviewRhythm | None:
    """The rhythm of the person's active plan; None for who has no plan. One query."""
    rhythms = ReviewRhythm.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    return (
        rhythms.select_related("plan")
        .annotate(goals=Count("plan__goals", filter=Q(plan__goals__state=Goal.State.ACTIVE)))
        .first()
    )


def open_review(user: User) -> Review | None:
    """The review of the person's active plan that is due or under way. One query."""
    return Review.objects.for_user(user).open().filter(plan__state=Plan.State.ACTIVE).select_related("plan").first()


@dataclass(frozen=True)
class ReviewsOfPlan:
    """The rhythm of the active plan; its review that is due or under way; the days of all its reviews so far."""

    rhythm: ReviewRhythm | None
    waiting: Review | None
    days: frozenset[date]

    def between(self, first: date, last: date) -> list[date]:
        """The days of reviews from `first` to `last`, those to come included, in order."""
        found = {day for day in self.days if first <= day <= last}
        if self.rhythm and self.rhythm.next_on:
            found.update(self.rhythm.rhythm.dates(max(first, self.rhythm.next_on), last))
        return sorted(found)


def reviews_of_plan(user: User) -> ReviewsOfPlan:
    """The reviews of the person's active plan. One query."""
    rows = ReviewRhythm.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    rhythm, waiting, days = None, None, set()
    of_rhythm = ("pk", "plan_id", "cadence", "anchor_on", "next_on")
    of_review = ("pk", "due_on", "made_at", "started_at", "finished_at")
    for found in rows.values_list(*of_rhythm, *(f"plan__reviews__{name}" for name in of_review)):
        rhythm = rhythm or ReviewRhythm(**dict(zip(of_rhythm, found, strict=False)))
        review = Review(plan_id=rhythm.plan_id, **dict(zip(of_review, found[len(of_rhythm) :], strict=True)))
        if review.pk is None:
            continue  # there is none yet
        if not review.is_finished:
            waiting = review
        days.add(timezone.localdate(review.finished_at) if review.finished_at else review.due_on)
    return ReviewsOfPlan(rhythm, waiting, frozenset(days))


def review_under_way(user: User) -> Review | None:
    """The review that was started and is not finished. One query."""
    review = open_review(user)
    return review if review and review.started_at else None


def next_review(user: User, today: date) -> NextReview | None:
    """The review that is due today or was before, else the next one. None where none is planned, or no goal is open.

    Does not depend on the sweep having run. Two queries.
    """
    rhythm = rhythm_of(user)
    if rhythm is None:
        return None
    review = open_review(user)
    goals: int = rhythm.goals  # type: ignore[attr-defined]
    due_on = review.due_on if review else None
    if rhythm.next_on and (due_on is None or rhythm.next_on <= today):
        due_on = max(filter(None, (due_on, rhythm.rhythm.last_on_or_before(today), rhythm.next_on)))
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
        then_on=_date_after(rhythm, max(today, due_on)),
    )


def _date_after(rhythm: ReviewRhythm, day: date) -> date | None:
    """The date of the rhythm after a day, whether the sweep has moved it on already or not."""
    if rhythm.next_on is None or rhythm.next_on > day:
        return rhythm.next_on
    return rhythm.rhythm.first_after(day)


@dataclass(frozen=True)
class Since:
    """From when on a review counts: from the review before, else from the start of the plan."""

    previous: Review | None
    at: datetime
    on: date
    before: dict[int, ReviewGoal] = field(default_factory=dict)


def since(plan: Plan, until: datetime | None = None) -> Since:
    """What a review is compared with: the newest finished one (finished before `until`). Two queries."""
    finished = plan.reviews.finished() if until is None else plan.reviews.finished().filter(finished_at__lt=until)
    previous = finished.first()
    if previous is None:
        at = datetime.combine(plan.started_on, time(), tzinfo=plan.user.zone)
        return Since(None, at, plan.started_on)
    at = previous.finished_at or previous.made_at
    rows = {row.goal_id: row for row in previous.goals.all() if row.goal_id}
    return Since(previous, at, timezone.localdate(at, plan.user.zone), rows)


@dataclass(frozen=True)
class Steps:
    """Steps of a goal: done since, and open ones whose day has passed."""

    done: int = 0
    late: int = 0


def steps_since(plan: Plan, at: datetime, today: date) -> dict[int, Steps]:
    """Steps by goal id, of goals of any state. One query."""
    counts = (
        ActionStep.objects.filter(goal__plan=plan)
        .order_by()
        .values_list("goal_id")
        .annotate(
            done=Count("id", filter=Q(state=ActionStep.State.DONE, done_at__gt=at)),
            late=Count("id", filter=Q(state__in=ActionStep.OPEN_STATES, due_on__lt=today)),
        )
    )
    return {goal_id: Steps(done, late) for goal_id, done, late in counts}


def worth_since(plan: Plan, at: datetime) -> Decimal | None:
    """The average verdict on steps judged since, 1 to 5 with one decimal; None without any. One query."""
    judged = Evaluation.objects.filter(step__goal__plan=plan, step__state=ActionStep.State.DONE, made_at__gt=at)
    average: float | None = judged.aggregate(average=Avg("worth"))["average"]
    return None if average is None else round(Decimal(average), 1)


@dataclass(frozen=True)
class Facts:
    """What happened to a goal since the last review. `value_before`: the figure then, for a goal with a number."""

    row: GoalRow
    since_on: date
    value_before: Decimal | None
    steps: Steps
    changes: list[Change]


@dataclass(frozen=True)
class GoalScreen:
    """One goal of the review under way. `facts` is None once the goal is closed or gone."""

    review: Review
    rows: list[ReviewGoal]
    row: ReviewGoal
    goal: Goal
    facts: Facts | None

    @property
    def place(self) -> int:
        """Which of them it is, from 1."""
        return self.rows.index(self.row) + 1


def rows_of(review: Review) -> list[ReviewGoal]:
    """The goals of a review under way; one that was deleted meanwhile is left out. One query."""
    return list(review.goals.filter(goal__isnull=False).select_related("goal").order_by("position"))


def goal_screen(review: Review, rows: list[ReviewGoal], row: ReviewGoal, today: date) -> GoalScreen:
    """Everything the screen of one goal shows. Five queries."""
    goal = row.goal
    if goal is None:
        raise ValueError("a goal that is gone has no screen")
    facts = None
    if goal.is_active:
        last = since(review.plan)
        of_goal = next(one for one in goal_rows(review.plan.user, today) if one.id == goal.pk)
        before = last.before.get(goal.pk)
        facts = Facts(
            row=of_goal,
            since_on=max(last.on, goal.starts_on),
            value_before=before.value if before else goal.start_value,
            steps=steps_since(review.plan, last.at, today).get(goal.pk, Steps()),
            changes=list(goal.changes.filter(made_at__gt=last.at).order_by("made_at", "id")),
        )
    return GoalScreen(review=review, rows=rows, row=row, goal=goal, facts=facts)


def minutes_left(review: Review, rows: Sequence[ReviewGoal]) -> int:
    """About how many minutes are left, at least one."""
    whole = 0 if any(getattr(review, name) for name in Review.QUESTIONS) else MINUTES_FOR_THE_WHOLE
    return max(1, MINUTES_A_GOAL * sum(not row.is_answered for row in rows) + whole)


@dataclass(frozen=True)
class PastReview:
    """One finished review in the table, with the lengths of its picture in per cent of all its goals."""

    review: Review
    day: date
    reached: float
    on_track: float
    other: float

    @property
    def on_track_from(self) -> float:
        """Where the part of the open goals on track begins."""
        return self.reached

    @property
    def other_from(self) -> float:
        """Where the part of the other open goals begins."""
        return round(self.reached + self.on_track, 2)

    @property
    def goals_behind(self) -> int:
        """Open goals that are not on track."""
        return (self.review.goals_open or 0) - (self.review.goals_on_track or 0)


def past_reviews(plan: Plan, until: datetime | None = None) -> list[PastReview]:
    """The finished reviews of a plan (up to that instant, included), newest first, 20 at most. One query."""
    finished = plan.reviews.finished() if until is None else plan.reviews.finished().filter(finished_at__lte=until)
    return [_past(review) for review in finished[:SHOWN_REVIEWS]]


def _past(review: Review) -> PastReview:
    reached, still_open = review.goals_reached_so_far or 0, review.goals_open or 0
    whole = max(1, reached + still_open)
    on_track = review.goals_on_track or 0
    parts = [round(100 * part / whole, 2) for part in (reached, on_track, still_open - on_track)]
    return PastReview(review, timezone.localdate(review.finished_at), *parts)


@dataclass(frozen=True)
class SummaryRow:
    """One goal in a summary: `before` says how far it was at the review before, "" where it was not in it."""

    row: ReviewGoal
    before: str


@dataclass(frozen=True)
class Summary:
    """A finished review. `past` begins with it."""

    review: Review
    day: date
    previous: PastReview | None
    rows: list[SummaryRow]
    past: list[PastReview]
    to_do: list[ReviewGoal]


# Decisions that a page of their own carries out.
CARRIED_OUT = (
    ReviewGoal.Decision.ADJUST,
    ReviewGoal.Decision.SPLIT,
    ReviewGoal.Decision.REACHED,
    ReviewGoal.Decision.LET_GO,
)


def summary_of(review: Review) -> Summary:
    """The summary of a finished review, all of it as it was then. Four queries."""
    past = past_reviews(review.plan, review.finished_at)
    before = since(review.plan, review.finished_at).before
    rows = list(review.goals.select_related("goal__plan"))
    summary = []
    for row in rows:
        earlier = before.get(row.goal_id) if row.goal_id else None
        summary.append(SummaryRow(row, earlier.words if earlier else ""))
    return Summary(
        review=review,
        day=past[0].day,
        previous=past[1] if len(past) > 1 else None,
        rows=summary,
        past=past,
        # What was decided and not done yet: the goal is still open, and nothing changed it since.
        to_do=[row for row in rows if row.decision in CARRIED_OUT and row.goal and _is_open(row.goal)],
    )


def _is_open(goal: Goal) -> bool:
    return goal.is_active and goal.plan.is_active
