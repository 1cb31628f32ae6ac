"""What can be done with reviews. Nothing here changes a goal but a reading that the person enters.

Locks are taken in one order everywhere: the rhythm, then goals, then the review, then its rows. The rhythm stands for
the plan: who makes, moves or finishes a review holds it.
"""

from collections.abc import Collection
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
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_list import GoalRow, goal_rows
from careerplan.goals.queries.progress import newest_value
from careerplan.goals.services.locks import locked_goal
from careerplan.goals.services.progress import ReadingData, record_progress, withdraw_reading
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal, ReviewRhythm, mark_of
from careerplan.reviews.queries import Since, Steps, since, steps_since, worth_since
from careerplan.reviews.rhythm import SPANS, Cadence

MAKE_DUE = files("careerplan.reviews").joinpath("make_due.sql").read_text(encoding="utf-8")
BATCH = 1000


class NothingToReview(Exception):
    """There is no open goal."""


class AlreadyReviewed(Exception):
    """The plan was reviewed today; `review` is that review."""

    def __init__(self, review: Review) -> None:
        super().__init__(str(review))
        self.review = review


class ReviewIsFinished(Exception):
    """A finished review does not change any more."""


class AnsweredElsewhere(Exception):
    """Another tab or device saved other answers since the page was opened; `saved` is what stands there now."""

    def __init__(self, saved: "Review | ReviewGoal") -> None:
        super().__init__(str(saved))
        self.saved = saved


def make_due_reviews(*, now: datetime, only: User | None = None) -> int:
    """Make the reviews of all plans whose date has come by `now` on the person's own calendar. Gives their number.

    Set-based, through an index of the dates; safe to run at any time, any number of times, in parallel. A plan whose
    review waits gets no second one: the waiting one moves to the last date. `only`: for one person.
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
    statement = MAKE_DUE.replace("/*only*/", "AND person.id = %(only)s") if only else MAKE_DUE
    parameters["only"] = only.pk if only else None
    made, advanced = 0, BATCH
    while advanced == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            more, advanced = cursor.fetchone()
            made += more
    return made


def _locked_rhythm(plan: Plan) -> ReviewRhythm:
    return ReviewRhythm.objects.select_for_update().get(plan=plan)


def _last_date_come(rhythm: ReviewRhythm, today: date) -> date | None:
    """The last date of the rhythm, if it has come and no review was made for it; from now on one is."""
    if rhythm.next_on is None or rhythm.next_on > today:
        return None
    rule = rhythm.rhythm
    rhythm.next_on = rule.first_after(today)
    rhythm.save(update_fields=["next_on"])
    return rule.last_on_or_before(today)


@transaction.atomic
def set_rhythm(*, plan: Plan, cadence: Cadence, next_on: date | None, counted_from: date | None = None) -> ReviewRhythm:
    """Review a plan so often, next on that day (None for NONE). Idempotent.

    The anchor stays where its rhythm has that day, so that a month's end is not lost; else the day is the new anchor,
    or the earlier day that it was counted from: one month from 31 January is 28 February, and then 31 March.
    A review that was due and not started is taken back: the person has just said when they want the next one.
    """
    rhythm = _locked_rhythm(plan)
    if (rhythm.cadence, rhythm.next_on) == (cadence, next_on):
        return rhythm
    plan.reviews.open().filter(started_at__isnull=True).delete()
    rhythm.cadence, rhythm.next_on = cadence, next_on
    if next_on and rhythm.rhythm.last_on_or_before(next_on) != next_on:
        rhythm.anchor_on = counted_from or next_on
    rhythm.save()
    return rhythm


@transaction.atomic
def start_review(*, user: User, now: datetime, today: date) -> Review:
    """The review of the person's active plan: the one under way, the one that is due, or a new one.

    A new one counts for the next date of the rhythm when less than half of the time to it is left, and is one in
    between otherwise. Takes the open goals, first due first, with the facts of today. Twice is once.
    Raises NothingToReview, AlreadyReviewed.
    """
    plan = Plan.objects.for_user(user).active().first()
    if plan is None:
        raise NothingToReview
    rhythm = _locked_rhythm(plan)
    review = plan.reviews.open().select_for_update().first()
    if review and review.started_at:
        return review
    last = since(plan)
    if last.previous and last.on == today:
        raise AlreadyReviewed(last.previous)
    rows = goal_rows(user, today)
    if not rows:
        raise NothingToReview
    review = review or Review(plan=plan, made_at=now)
    review.due_on = _date_for(review, rhythm, today)
    review.started_at = review.saved_at = now
    review.save()
    steps = steps_since(plan, last.at, today)
    ReviewGoal.objects.bulk_create(
        _with_facts(ReviewGoal(review=review, goal_id=row.id, position=place), row, steps.get(row.id, Steps()))
        for place, row in enumerate(rows, start=1)
    )
    return review


def _date_for(review: Review, rhythm: ReviewRhythm, today: date) -> date:
    come = _last_date_come(rhythm, today)
    if come or review.pk:
        return max(filter(None, (come, review.due_on if review.pk else None)))
    taken = set(review.plan.reviews.filter(due_on__gte=today).values_list("due_on", flat=True))
    coming, rule = rhythm.next_on, rhythm.rhythm
    if coming and coming not in taken and 2 * (coming - today) < coming - rule.before(coming):
        rhythm.next_on = rule.first_after(coming)
        rhythm.save(update_fields=["next_on"])
        return coming
    # Today may be taken: by a review that was done early. Then it is one of the first day that is free.
    return next(day for n in range(len(taken) + 1) if (day := today + timedelta(days=n)) not in taken)


def _with_facts(reviewed: ReviewGoal, row: GoalRow, steps: Steps) -> ReviewGoal:
    reviewed.title, reviewed.state, reviewed.closed_on = row.title, Goal.State.ACTIVE, None
    reviewed.pace, reviewed.share_done, reviewed.time_gone = row.state.value, row.share_done, row.time_gone
    reviewed.value, reviewed.words = (row.value if row.is_number else None), row.words
    reviewed.due_on, reviewed.steps_done, reviewed.steps_late = row.due_on, steps.done, steps.late
    return reviewed


@dataclass(frozen=True, kw_only=True)
class GoalAnswers:
    """What the person says of a goal: verdict and decision ("" for none), a note, and the figure as it is now.

    `value` is recorded as a reading; `typed` is kept as it is until there is a figure to be recorded.
    """

    verdict: str = ""
    decision: str = ""
    note: str = ""
    value: Decimal | None = None
    typed: str = ""


@transaction.atomic
def answer_goal(
    *, row: ReviewGoal, answers: GoalAnswers, seen: Collection[str], now: datetime, today: date
) -> ReviewGoal:
    """Write what the person says of one goal; `seen` holds the marks of the answers that their page knows of.

    A figure that differs from the newest one becomes a reading of the goal, as on its own page; one that was entered
    in this review before is withdrawn for it. Idempotent.
    Raises ReviewIsFinished, AnsweredElsewhere, and what `record_progress` raises.
    """
    goal = locked_goal(row.goal) if row.goal else None
    review = _locked_open(row.review)
    row = ReviewGoal.objects.select_for_update().get(pk=row.pk)
    said = {"verdict": answers.verdict, "decision": answers.decision, "note": answers.note}
    if row.mark not in seen and row.mark != mark_of(said.values()):
        raise AnsweredElsewhere(row)
    for name, answer in said.items():
        setattr(row, name, answer)
    row.typed = answers.typed
    if goal and goal.is_active and answers.value is not None:
        _record(row, goal, answers.value, now, today)
    row.answered_at = now
    row.save()
    _save(review, now)
    return row


def _record(row: ReviewGoal, goal: Goal, value: Decimal, now: datetime, today: date) -> None:
    """The figure as a reading of the goal, unless it is what is known already."""
    if goal.measure_kind == Goal.MeasureKind.NUMBER and newest_value(goal) == value:
        return
    mine = goal.readings.counted().filter(pk=row.reading_id).first() if row.reading_id else None
    if mine:
        withdraw_reading(reading=mine, now=now)
    data = ReadingData(value=value, read_on=today)
    row.reading = record_progress(goal=goal, data=data, form_key=uuid4(), now=now, today=today)


def _locked_open(review: Review) -> Review:
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.is_finished:
        raise ReviewIsFinished
    return locked


def _save(review: Review, now: datetime) -> None:
    review.saved_at = now
    review.save(update_fields=["saved_at"])


@transaction.atomic
def answer_questions(*, review: Review, answers: dict[str, str], seen: Collection[str], now: datetime) -> Review:
    """Write the answers about the plan as a whole, by the names of Review.QUESTIONS; `seen` as in `answer_goal`.

    Raises ReviewIsFinished, AnsweredElsewhere.
    """
    locked = _locked_open(review)
    if locked.mark not in seen and locked.mark != mark_of(answers[name] for name in Review.QUESTIONS):
        raise AnsweredElsewhere(locked)
    for name in Review.QUESTIONS:
        setattr(locked, name, answers[name])
    locked.saved_at = now
    locked.save(update_fields=[*Review.QUESTIONS, "saved_at"])
    return locked


@transaction.atomic
def finish_review(*, review: Review, now: datetime, today: date) -> Review:
    """Freeze a review under way, with the facts of today and the goals that were closed since the last one.

    It applies nothing: what was decided is done on the goals' own pages. Twice is once.
    """
    plan = review.plan
    rhythm = _locked_rhythm(plan)
    # Whoever deletes a goal holds it and then wants its rows here: the goals first, as everywhere.
    goals = {goal.pk: goal for goal in plan.goals.order_by("pk").select_for_update(no_key=True)}
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.is_finished:
        return review
    last = since(plan)
    rows = _final_rows(review, goals, last, today)
    come = _last_date_come(rhythm, today)
    review.due_on = max(filter(None, (come, review.due_on)))
    review.goals_open = sum(row.is_active for row in rows)
    review.goals_on_track = sum(row.is_on_track for row in rows)
    review.goals_reached = sum(row.state == Goal.State.ACHIEVED for row in rows)
    review.goals_reached_so_far = sum(goal.state == Goal.State.ACHIEVED for goal in goals.values())
    review.steps_done = sum(steps.done for steps in steps_since(plan, last.at, today).values())
    review.worth = worth_since(plan, last.at)
    # A clock may have been set back.
    review.finished_at = review.saved_at = max(now, review.started_at or now)
    review.save()
    return review


def _final_rows(review: Review, goals: dict[int, Goal], last: Since, today: date) -> list[ReviewGoal]:
    """The rows of the review with their last facts, saved: open goals first, then those closed since."""
    steps = steps_since(review.plan, last.at, today)
    active = {row.id: row for row in goal_rows(review.plan.user, today)}
    # One that was deleted meanwhile keeps what was said, and is not counted.
    rows = list(review.goals.filter(goal__isnull=False).select_for_update().order_by("position"))
    known = {row.goal_id for row in rows}
    place: int = review.goals.aggregate(last=Max("position"))["last"] or 0
    # What became a goal, or was closed, while nobody looked.
    new = [pk for pk in active if pk not in known]
    new += [
        pk
        for pk, goal in goals.items()
        if pk not in known and not goal.is_active and goal.closed_at and goal.closed_at > last.at
    ]
    rows += [ReviewGoal(review=review, goal_id=pk, position=place + n) for n, pk in enumerate(new, start=1)]
    for row in rows:
        of_goal = steps.get(row.goal_id or 0, Steps())
        if row.goal_id in active:
            _with_facts(row, active[row.goal_id], of_goal)
        else:
            _with_closed_facts(row, goals[row.goal_id or 0], of_goal)
        row.typed = ""
        row.save()
    return rows


def _with_closed_facts(row: ReviewGoal, goal: Goal, steps: Steps) -> None:
    row.title, row.state, row.closed_on, row.due_on = goal.title, goal.state, goal.closed_on, goal.due_on
    row.pace, row.share_done, row.time_gone, row.words = "", None, None, ""
    row.value = newest_value(goal) if goal.way else None
    row.steps_done, row.steps_late = steps.done, 0
