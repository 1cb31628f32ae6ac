"""Create and change reviews. They change no goal, except for a progress entry that the user makes in a review.

Locks are taken in this order everywhere: the plan, then the schedule, then goals, then the review, then its rows.
Starting a review and setting the dates share the lock of the plan, so that archiving waits for them. Making, moving and
finishing a review lock the schedule.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.core.dates import local_day
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.readonly import ClosedRowError, require_open
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.goals.queries.progress import newest_value
from careerplan.goals.services.locks import lock_goal
from careerplan.goals.services.progress import record_progress, remove_entry
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived, share_plan_lock
from careerplan.reviews.cadence import SPANS, Cadence
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule
from careerplan.reviews.queries.goal_pages import (
    ReviewBaseline,
    StepCounts,
    average_rating_since,
    count_steps_since,
    review_baseline,
)

MAKE_DUE = files("careerplan.reviews").joinpath("make_due.sql").read_text(encoding="utf-8")
BATCH = 1000


class NothingToReview(Exception):
    """The user has no open goal."""


class AlreadyReviewed(Exception):
    """The plan was reviewed today already, in `review`."""

    def __init__(self, review: Review) -> None:
        super().__init__(str(review))
        self.review = review


class ReviewFinished(ClosedRowError):
    """A finished review cannot be changed."""


def make_due_reviews(*, now: datetime) -> int:
    """Create the due reviews of all plans, by the date in the user's time zone; return their number.

    It may run at any time, repeatedly and in parallel. A plan with an open review gets no second one: its open review
    moves to the last date.
    """
    days = {zone: local_day(now, zone) for zone in known_time_zones()}
    parameters: dict[str, Any] = {
        "now": now,
        "zones": list(days),
        "days": list(days.values()),
        "last_day": max(days.values()),
        "cadences": [cadence.value for cadence in SPANS],
        "months": [span.months for span in SPANS.values()],
        "span_days": [span.days for span in SPANS.values()],
        "limit": BATCH,
    }
    made, advanced = 0, BATCH
    while advanced == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(MAKE_DUE, parameters)
            more, advanced = cursor.fetchone()
            made += more
    return made


def _lock_schedule(plan: Plan) -> ReviewSchedule:
    return ReviewSchedule.objects.select_for_update().get(plan=plan)


def _last_date_come(schedule: ReviewSchedule, today: date) -> date | None:
    """Return the last date that has passed without a review, and move `next_on` after it; None if there is none."""
    if schedule.next_on is None or schedule.next_on > today:
        return None
    rule = schedule.rule
    schedule.next_on = rule.first_after(today)
    schedule.save(update_fields=["next_on"])
    return rule.last_on_or_before(today)


@transaction.atomic
def set_schedule(
    *, plan: Plan, cadence: Cadence, next_on: date | None, counted_from: date | None = None
) -> ReviewSchedule:
    """Set how often a plan is reviewed, and the next date (None for Cadence.NONE). Idempotent.

    The anchor changes only if its dates do not include `next_on`, so that month ends are not lost. The new anchor is
    `counted_from` or the date itself: one month from 31 January is 28 February, and then 31 March. A due review that
    was not started is deleted, because the user has just chosen the next date. Raises PlanIsArchived.
    """
    held = share_plan_lock(Plan.objects.filter(pk=plan.pk).values("pk"))
    if held is None or held.is_closed:
        raise PlanIsArchived
    schedule = _lock_schedule(plan)
    if (schedule.cadence, schedule.next_on) == (cadence, next_on):
        return schedule
    not_started = plan.reviews.open().filter(started_at__isnull=True)
    # Locked, so that a reminder about it that is written meanwhile waits, and then finds it gone.
    plan.reviews.filter(pk__in=list(not_started.select_for_update().values_list("pk", flat=True))).delete()
    schedule.cadence, schedule.next_on = cadence, next_on
    if next_on and schedule.rule.last_on_or_before(next_on) != next_on:
        schedule.anchor_on = counted_from or next_on
    schedule.save()
    return schedule


@transaction.atomic
def start_review(*, user: User, now: datetime, today: date) -> Review:
    """Start the due review or a new one; return a started review if there is one.

    A new review takes the next date of the schedule if less than half of the time to it is left. It holds the open
    goals by due date, with today's progress. Idempotent. Raises NothingToReview, AlreadyReviewed.
    """
    plan = _share_lock_of_active_plan(user)
    if plan is None:
        raise NothingToReview
    schedule = _lock_schedule(plan)
    review = plan.reviews.open().select_for_update().first()
    if review and review.started_at:
        return review
    last = review_baseline(plan)
    if last.previous and last.on == today:
        raise AlreadyReviewed(last.previous)
    rows = goal_rows(user, today)
    if not rows:
        raise NothingToReview
    review = review or Review(plan=plan, made_at=now)
    review.due_on = _date_for(review, schedule, today)
    review.started_at = review.saved_at = now
    review.save()
    steps = count_steps_since(plan, last.at, today)
    ReviewGoal.objects.bulk_create(
        _with_facts(ReviewGoal(review=review, goal_id=row.id, position=place), row, steps.get(row.id, StepCounts()))
        for place, row in enumerate(rows, start=1)
    )
    return review


def _share_lock_of_active_plan(user: User) -> Plan | None:
    """Return the active plan, locked against archiving; None where the user has no plan yet."""
    active = Plan.objects.for_user(user).active()
    while plan := share_plan_lock(active.values("pk")):
        if plan.is_active:
            return plan
        # It was archived while we waited. There is a new one.
    return None


def _date_for(review: Review, schedule: ReviewSchedule, today: date) -> date:
    come = _last_date_come(schedule, today)
    if come or review.pk:
        return max(filter(None, (come, review.due_on if review.pk else None)))
    taken = set(review.plan.reviews.filter(due_on__gte=today).values_list("due_on", flat=True))
    coming, rule = schedule.next_on, schedule.rule
    if coming and coming not in taken and 2 * (coming - today) < coming - rule.before(coming):
        schedule.next_on = rule.first_after(coming)
        schedule.save(update_fields=["next_on"])
        return coming
    # A review done early may have taken today's date. Take the first free day.
    return next(day for n in range(len(taken) + 1) if (day := today + timedelta(days=n)) not in taken)


def _with_facts(reviewed: ReviewGoal, row: GoalRow, steps: StepCounts) -> ReviewGoal:
    reviewed.title, reviewed.state, reviewed.closed_on = row.title, Goal.State.ACTIVE, None
    reviewed.pace, reviewed.share_done, reviewed.time_gone = row.state.value, row.share_done, row.time_gone
    reviewed.value, reviewed.words = (row.value if row.is_number else None), row.words
    reviewed.due_on, reviewed.steps_done, reviewed.steps_late = row.due_on, steps.done, steps.late
    return reviewed


@dataclass(frozen=True, kw_only=True)
class GoalAnswers:
    """The user's answers about a goal: answer and decision ("" for none), a note, its if-then plan, and the number now.

    `value` becomes a progress entry. `unrecorded_value` is text that is not a valid number yet and is saved as it is.
    """

    answer: str = ""
    decision: str = ""
    note: str = ""
    obstacle_came: str = ""
    plan_used: str = ""
    value: Decimal | None = None
    unrecorded_value: str = ""


@transaction.atomic
def answer_goal(*, row: ReviewGoal, answers: GoalAnswers, now: datetime, today: date) -> ReviewGoal:
    """Save the answers about one goal. `row` is the version that the answers were validated against.

    A number that differs from the newest becomes a progress entry of the goal and replaces an earlier entry of this
    review. Idempotent. Raises ReviewFinished, StaleObjectError, and the errors of `record_progress`.
    """
    goal = lock_goal(require_active=False, pk=row.goal.pk) if row.goal else None
    review = _locked_open(row.review)
    checked, row = row, ReviewGoal.objects.select_for_update().get(pk=row.pk)
    said = {name: getattr(answers, name) for name in ReviewGoal.ANSWERS}
    if row.answers not in (checked.answers, said):
        raise StaleObjectError
    for name, answer in said.items():
        setattr(row, name, answer)
    row.unrecorded_value = answers.unrecorded_value
    if goal and goal.is_active and answers.value is not None:
        _record(row, goal, answers.value, now, today)
    row.answered_at = now
    row.save()
    _save(review, now)
    return row


def _record(row: ReviewGoal, goal: Goal, value: Decimal, now: datetime, today: date) -> None:
    """Record the number as progress, unless it is the newest number already."""
    if goal.measure_kind == Goal.MeasureKind.NUMBER and newest_value(goal) == value:
        return
    mine = goal.progress_entries.counted().filter(pk=row.progress_entry_id).first() if row.progress_entry_id else None
    if mine:
        remove_entry(entry=mine, now=now)
    data = {"value": value, "measured_on": today}
    row.progress_entry = record_progress(goal=goal, changes=data, form_key=uuid4(), now=now, today=today)


def _locked_open(review: Review) -> Review:
    locked = Review.objects.select_for_update().get(pk=review.pk)
    require_open(locked, ReviewFinished)
    return locked


def _save(review: Review, now: datetime) -> None:
    review.saved_at = now
    review.save(update_fields=["saved_at"])


@transaction.atomic
def answer_questions(*, review: Review, answers: dict[str, str], now: datetime) -> Review:
    """Save the answers about the whole plan, by the names of Review.QUESTIONS.

    `review` is the version that the answers were validated against. Raises ReviewFinished, StaleObjectError.
    """
    locked = _locked_open(review)
    if locked.answers not in (review.answers, answers):
        raise StaleObjectError
    for name in Review.QUESTIONS:
        setattr(locked, name, answers[name])
    locked.saved_at = now
    locked.save(update_fields=[*Review.QUESTIONS, "saved_at"])
    return locked


@transaction.atomic
def finish_review(*, review: Review, now: datetime, today: date) -> Review:
    """Finish a review with today's progress, and with the goals closed since the last review.

    Decisions are not carried out: that happens on the pages of the goals. Idempotent.
    """
    plan = review.plan
    schedule = _lock_schedule(plan)
    # Lock goals first: deleting a goal locks it and then its rows here.
    goals = {goal.pk: goal for goal in plan.goals.order_by("pk").select_for_update(no_key=True)}
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.is_finished:
        return review
    last = review_baseline(plan)
    rows = _final_rows(review, goals, last, today)
    come = _last_date_come(schedule, today)
    review.due_on = max(filter(None, (come, review.due_on)))
    review.goals_open = sum(row.is_active for row in rows)
    review.goals_on_track = sum(row.is_on_track for row in rows)
    review.goals_reached = sum(row.state == Goal.State.REACHED for row in rows)
    review.goals_reached_so_far = sum(goal.state == Goal.State.REACHED for goal in goals.values())
    review.steps_done = sum(steps.done for steps in count_steps_since(plan, last.at, today).values())
    review.worth = average_rating_since(plan, last.at)
    # The clock may have been set back since the start.
    review.finished_at = review.saved_at = max(now, review.started_at or now)
    review.save()
    return review


def _final_rows(review: Review, goals: dict[int, Goal], last: ReviewBaseline, today: date) -> list[ReviewGoal]:
    """Save and return the rows with their final progress: open goals first, then those closed since the baseline."""
    steps = count_steps_since(review.plan, last.at, today)
    active = {row.id: row for row in goal_rows(review.plan.user, today)}
    # The row of a deleted goal keeps its answers and is not counted.
    rows = list(review.goals.filter(goal__isnull=False).select_for_update().order_by("position"))
    known = {row.goal_id for row in rows}
    place: int = review.goals.aggregate(last=Max("position"))["last"] or 0
    # Goals added or closed since the review was started.
    new = [pk for pk in active if pk not in known]
    new += [
        pk
        for pk, goal in goals.items()
        if pk not in known and not goal.is_active and goal.closed_at and goal.closed_at > last.at
    ]
    rows += [ReviewGoal(review=review, goal_id=pk, position=place + n) for n, pk in enumerate(new, start=1)]
    for row in rows:
        of_goal = steps.get(row.goal_id or 0, StepCounts())
        if row.goal_id in active:
            _with_facts(row, active[row.goal_id], of_goal)
        else:
            _with_closed_facts(row, goals[row.goal_id or 0], of_goal)
        row.unrecorded_value = ""
        row.save()
    return rows


def _with_closed_facts(row: ReviewGoal, goal: Goal, steps: StepCounts) -> None:
    row.title, row.state, row.closed_on, row.due_on = goal.title, goal.state, goal.closed_on, goal.due_on
    row.pace, row.share_done, row.time_gone, row.words = "", None, None, ""
    row.value = newest_value(goal) if goal.measure_range else None
    row.steps_done, row.steps_late = steps.done, 0
