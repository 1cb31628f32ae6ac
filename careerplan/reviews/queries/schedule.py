"""The schedule of reviews, the open review and the coming ones. The number of queries never depends on theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.core.compiled_query import CompiledQuery, as_text
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewSchedule

MINUTES_A_GOAL = 2
MINUTES_OVERALL = 3


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


SCHEDULE_FIELDS = ("pk", "plan_id", "cadence", "anchor_on", "next_on")
REVIEW_FIELDS = ("pk", "due_on", "made_at", "started_at", "finished_at")


def _plan_reviews(user: User, now: datetime, today: date) -> QuerySet[ReviewSchedule, Any]:
    rows = ReviewSchedule.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    of_schedule = (as_text(name) if name == "cadence" else name for name in SCHEDULE_FIELDS)
    return rows.values_list(*of_schedule, *(f"plan__reviews__{name}" for name in REVIEW_FIELDS))


PLAN_REVIEWS = CompiledQuery(_plan_reviews, is_planned_once=True)


def load_plan_reviews(user: User) -> PlanReviews:
    """Load the reviews of the user's active plan. One query."""
    schedule, unfinished, days = None, None, set()
    for found in PLAN_REVIEWS.fetch(user.pk):
        schedule = schedule or ReviewSchedule(**dict(zip(SCHEDULE_FIELDS, found, strict=False)))
        of_review = dict(zip(REVIEW_FIELDS, found[len(SCHEDULE_FIELDS) :], strict=True))
        if of_review["pk"] is None:
            continue  # no review yet
        review = Review(plan_id=schedule.plan_id, **of_review)
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
