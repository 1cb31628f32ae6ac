"""Everything of a plan that a mentor can see, and nothing else.

The mentor's pages and emails read the owner's rows through the four querysets below, and name only the columns of the
dataclasses. They hold no notes, reasons, ratings, levels, opportunities or addresses, so no template can show them.
Counts are of what is shared; days are those of the owner's time zone, whoever looks. Apps that add to the mentor's
side start from the same querysets.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from careerplan.core.numbers import format_number
from careerplan.goals.models import ActionStep, Goal, ProgressEntry
from careerplan.goals.models.goal import GoalQuerySet
from careerplan.goals.models.step import ActionStepQuerySet
from careerplan.goals.pace import Pace, pace_of_number, pace_of_steps, share_of
from careerplan.goals.texts import pace_text, progress_text, steps_text
from careerplan.mentoring.models import Mentorship
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review, ReviewGoal, ReviewQuerySet
from careerplan.skills.models import Assessment, Rating

MOST_MOVES = 12


# --- What is shared: every condition of the wall ------------------------------------------------------------
def shared_goals(mentorship: Mentorship) -> GoalQuerySet:
    """Return the goals that this mentor sees: shared with them, and in the owner's active plan."""
    return Goal.objects.filter(
        shared_with__mentorship=mentorship, plan__user=mentorship.owner_id, plan__state=Plan.State.ACTIVE
    )


def shared_steps(mentorship: Mentorship) -> ActionStepQuerySet:
    """Return the steps of the shared goals."""
    return ActionStep.objects.filter(goal__in=shared_goals(mentorship))


def shared_progress(mentorship: Mentorship) -> "QuerySet[ProgressEntry]":
    """Return the progress entries of the shared goals that were not removed."""
    return ProgressEntry.objects.counted().filter(goal__in=shared_goals(mentorship))


def shared_reviews(mentorship: Mentorship) -> ReviewQuerySet:
    """Return the finished reviews of the owner's active plan, newest first; none where they are not shared."""
    if not mentorship.shows_reviews:
        return Review.objects.none()
    return Review.objects.finished().filter(plan__user=mentorship.owner_id, plan__state=Plan.State.ACTIVE)


# --- What it is made into -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MentorFrame:
    """What every page of a mentor shows around its content."""

    key: UUID
    owner_name: str
    owner_first_name: str
    mentor_name: str
    until: date
    is_preview: bool = False  # the owner looks at it
    account: int | None = None  # of the mentor, where they accepted with one
    email_came_back: bool = False


@dataclass(frozen=True, slots=True)
class MentorStep:
    """A step of a shared goal."""

    id: int
    title: str
    due_on: date | None
    state: str
    done_on: date | None
    is_late: bool

    @property
    def is_open(self) -> bool:
        return self.state in ActionStep.OPEN_STATES


@dataclass(frozen=True, slots=True)
class MentorGoal:
    """A shared goal: its measure, time and steps. Shares in whole per cent."""

    id: int
    title: str
    area: str
    state: str
    starts_on: date
    due_on: date
    share_done: int
    time_gone: int
    pace: Pace | None  # of an active goal
    pace_words: str
    progress: str
    done_when: str
    steps: tuple[MentorStep, ...]
    open_days: tuple[date, ...]

    @property
    def is_active(self) -> bool:
        return self.state == Goal.State.ACTIVE

    @property
    def open_steps(self) -> list[MentorStep]:
        """Steps to do, the next one first; those without a date last."""
        return [step for step in self.steps if step.is_open]

    @property
    def done_steps(self) -> list[MentorStep]:
        return [step for step in self.steps if step.state == ActionStep.State.DONE]


@dataclass(frozen=True, slots=True)
class MentorReview:
    """A finished review, of the shared goals only."""

    id: int
    finished_on: date
    goals: int
    on_track: int
    behind: int
    reached: int

    @property
    def words(self) -> str:
        """Return how the shared goals were: "3 shared goals: 2 on track, 1 behind, 0 reached."."""
        words = ngettext(
            "%(n)s shared goal: %(on_track)s on track, %(behind)s behind, %(reached)s reached.",
            "%(n)s shared goals: %(on_track)s on track, %(behind)s behind, %(reached)s reached.",
            self.goals,
        )
        counts = {"n": self.goals, "on_track": self.on_track, "behind": self.behind, "reached": self.reached}
        return words % counts


@dataclass(frozen=True, slots=True)
class MentorMove:
    """Something that moved in a shared goal: a new number, or a step that was done."""

    day: date
    goal_id: int
    goal_title: str
    number: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class MentorPlan:
    """The plan as a mentor sees it. `vision` and `strengths` are empty where they are not shared."""

    goals: tuple[MentorGoal, ...]
    vision: str
    strengths: tuple[str, ...]
    review: MentorReview | None
    moves: tuple[MentorMove, ...]

    @property
    def active_goals(self) -> list[MentorGoal]:
        return [goal for goal in self.goals if goal.is_active]


def mentor_frame(mentorship: Mentorship, *, is_preview: bool = False) -> MentorFrame:
    """Return what is around the pages of a mentor. No query, where the owner is loaded."""
    owner = mentorship.owner
    return MentorFrame(
        mentorship.key,
        owner.name,
        owner.first_name or owner.name,
        mentorship.name,
        mentorship.until,
        is_preview,
        mentorship.mentor_id,
        mentorship.bounced_at is not None,
    )


def load_mentor_plan(mentorship: Mentorship, *, today: date, since: datetime | None) -> MentorPlan:
    """Load the plan as this mentor sees it, with what moved since `since`. At most seven queries."""
    goals = load_mentor_goals(mentorship, today=today)
    return MentorPlan(
        goals,
        _vision(mentorship),
        _strengths(mentorship),
        next(iter(load_mentor_reviews(mentorship, limit=1)), None),
        tuple(_moves(mentorship, goals, since)) if since else (),
    )


def load_mentor_goal(mentorship: Mentorship, pk: int, *, today: date) -> MentorGoal | None:
    """Load one shared goal; None where it is not shared with this mentor. Three queries."""
    return next(iter(load_mentor_goals(mentorship, today=today, only=pk)), None)


GOAL_COLUMNS = (
    "id",
    "title",
    "area",
    "state",
    "starts_on",
    "due_on",
    "measure_kind",
    "unit",
    "start_value",
    "target_value",
    "done_when",
)


def load_mentor_goals(mentorship: Mentorship, *, today: date, only: int | None = None) -> tuple[MentorGoal, ...]:
    """Load the shared goals, active ones first by due date. Three queries."""
    found = shared_goals(mentorship) if only is None else shared_goals(mentorship).filter(pk=only)
    rows = list(found.order_by("due_on", "id").values(*GOAL_COLUMNS))
    ids = [row["id"] for row in rows]
    steps = defaultdict(list)
    columns = (
        shared_steps(mentorship).filter(goal__in=ids).values("id", "goal_id", "title", "due_on", "state", "done_at")
    )
    for step in columns.order_by("due_on", "position"):
        steps[step["goal_id"]].append(_step(step, today, mentorship.owner.zone))
    newest = _newest_values(mentorship, ids)
    goals = [_goal(row, tuple(steps[row["id"]]), newest.get(row["id"]), today) for row in rows]
    return tuple(sorted(goals, key=lambda goal: not goal.is_active))


def load_mentor_reviews(mentorship: Mentorship, *, limit: int = 20) -> tuple[MentorReview, ...]:
    """Load the newest finished reviews, counted over the shared goals only. Two queries."""
    reviews = list(shared_reviews(mentorship).values_list("id", "finished_at")[:limit])
    rows = ReviewGoal.objects.filter(review__in=[pk for pk, _at in reviews], goal__in=shared_goals(mentorship))
    by_review: dict[int, list[ReviewGoal]] = defaultdict(list)
    for row in rows.only("review_id", "state", "pace", "answer"):
        by_review[row.review_id].append(row)
    return tuple(_review(pk, timezone.localdate(at, mentorship.owner.zone), by_review[pk]) for pk, at in reviews if at)


def _vision(mentorship: Mentorship) -> str:
    if not mentorship.shows_vision:
        return ""
    plans = Plan.objects.filter(user=mentorship.owner_id, state=Plan.State.ACTIVE)
    return plans.values_list("vision", flat=True).first() or ""


def _strengths(mentorship: Mentorship) -> tuple[str, ...]:
    """Return the names of skills that the owner marked as strengths: by name, because their order would tell levels."""
    if not mentorship.shows_strengths:
        return ()
    newest = Assessment.objects.finished().filter(user=mentorship.owner_id).values("pk")[:1]
    strengths = Rating.objects.filter(assessment__in=newest, category=Rating.Category.STRENGTH)
    return tuple(strengths.order_by("skill__name").values_list("skill__name", flat=True))


def _newest_values(mentorship: Mentorship, ids: Sequence[int]) -> dict[int, Decimal]:
    entries = shared_progress(mentorship).filter(goal__in=ids).order_by("goal_id", "-measured_on", "-id")
    return dict(entries.distinct("goal_id").values_list("goal_id", "value"))


def _step(row: Mapping[str, Any], today: date, zone: ZoneInfo) -> MentorStep:
    is_open, due_on = row["state"] in ActionStep.OPEN_STATES, row["due_on"]
    done_on = timezone.localdate(row["done_at"], zone) if row["done_at"] else None
    is_late = is_open and due_on is not None and due_on < today
    return MentorStep(row["id"], row["title"], due_on, row["state"], done_on, is_late)


def _goal(row: dict[str, Any], steps: tuple[MentorStep, ...], newest: Decimal | None, today: date) -> MentorGoal:
    goal = Goal(**row)
    open_days = tuple(step.due_on for step in steps if step.is_open and step.due_on)
    done = sum(step.state == ActionStep.State.DONE for step in steps)
    counted = sum(step.state != ActionStep.State.DROPPED for step in steps)
    gone, reach = goal.share_of_time_gone(today), goal.measure_range
    if reach is not None:
        value = reach.start if newest is None else newest
        share, words = reach.share_done(value), progress_text(value, reach, goal.unit)
        pace = pace_of_number(share_done=share, time_gone=gone, due_on=goal.due_on, today=today)
    else:
        share, words = share_of(done, counted), steps_text(done, counted)
        late = sum(step.is_late for step in steps)
        pace = pace_of_steps(late=late, oldest_due_on=min(open_days, default=None), due_on=goal.due_on, today=today)
    return MentorGoal(
        goal.pk,
        goal.title,
        goal.area,
        goal.state,
        goal.starts_on,
        goal.due_on,
        share,
        gone,
        pace if goal.is_active else None,
        pace_text(pace) if goal.is_active else str(goal.get_state_display()),
        words,
        goal.done_when,
        steps,
        open_days,
    )


def _review(pk: int, finished_on: date, rows: Iterable[ReviewGoal]) -> MentorReview:
    active = [row for row in rows if row.is_active]
    on_track = sum(row.is_on_track for row in active)
    reached = sum(row.state == Goal.State.REACHED for row in rows)
    return MentorReview(pk, finished_on, len([*rows]), on_track, len(active) - on_track, reached)


def _moves(mentorship: Mentorship, goals: Iterable[MentorGoal], since: datetime) -> list[MentorMove]:
    """List what moved in active shared goals since an instant, newest first. One query."""
    by_id = {goal.id: goal for goal in goals}
    entries = shared_progress(mentorship).filter(recorded_at__gt=since)
    moves = [
        MentorMove(day, goal_id, by_id[goal_id].title, number=f"{format_number(value)} {unit}".strip())
        for goal_id, day, value, unit in entries.values_list("goal_id", "measured_on", "value", "goal__unit")
    ]
    first = timezone.localdate(since, mentorship.owner.zone)
    moves += [
        MentorMove(step.done_on, goal.id, goal.title, step=step.title)
        for goal in by_id.values()
        for step in goal.done_steps
        if step.done_on is not None and step.done_on >= first
    ]
    return sorted(moves, key=lambda move: move.day, reverse=True)[:MOST_MOVES]
