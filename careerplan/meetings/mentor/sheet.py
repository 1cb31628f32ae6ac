"""The sheet of a meeting: one page for both people, made only from what the mentor sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.core.numbers import format_amount, format_number
from careerplan.goals.pace import Pace
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.meetings.questions import MeetingFacts, MeetingQuestion, choose_questions
from careerplan.mentoring.mentor.queries import MentorGoal, load_mentor_goals, shared_goals, shared_progress
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.mentor.queries import ShownDifference, shown_differences

MOST_MOVED, MOST_BEHIND, MOST_DIFFERENCES = 6, 5, 3
"""As much as one page holds."""


@dataclass(frozen=True, slots=True)
class SheetMove:
    """What moved in a shared goal since both met, as one line."""

    goal_id: int
    text: str


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A line of what was agreed."""

    text: str
    kind: str
    goal: str
    day: date | None


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """Everything on the sheet. `since` is the day of the last meeting, or of joining where there was none."""

    owner_name: str
    owner_first_name: str
    mentor_name: str
    mentor_first_name: str
    starts_at: datetime | None
    since: date
    has_met: bool
    questions: tuple[MeetingQuestion, ...]
    moved: tuple[SheetMove, ...]
    behind: tuple[MentorGoal, ...]
    differences: tuple[ShownDifference, ...]
    notes: tuple[SheetNote, ...]


def load_sheet(mentorship: Mentorship, meeting: Meeting | None, *, now: datetime) -> MeetingSheet:
    """Load the sheet of a meeting, or of one without a date. At most nine queries."""
    owner = mentorship.owner
    today = timezone.localdate(now, owner.zone)
    before = meeting.held_at if meeting and meeting.held_at else now
    last = Meeting.objects.held().filter(mentorship=mentorship, held_at__lt=before).first()
    since = (last.held_at if last else None) or mentorship.accepted_at or now
    goals = load_mentor_goals(mentorship, today=today)
    moved = _moved(mentorship, goals, since)
    differences = shown_differences(mentorship)[:MOST_DIFFERENCES]
    first_name = owner.first_name or owner.name
    facts = MeetingFacts(
        first_name,
        mentorship.first_name,
        today,
        goals,
        differences,
        frozenset(move.goal_id for move in moved),
        has_met=last is not None,
    )
    return MeetingSheet(
        owner.name,
        first_name,
        mentorship.display_name,
        mentorship.first_name,
        timezone.localtime(meeting.starts_at, owner.zone) if meeting else None,
        timezone.localdate(since, owner.zone),
        last is not None,
        tuple(choose_questions(facts)),
        tuple(moved[:MOST_MOVED]),
        tuple(goal for goal in goals if goal.pace in (Pace.BEHIND, Pace.SLIPPING))[:MOST_BEHIND],
        differences,
        _notes(mentorship, meeting),
    )


def _moved(mentorship: Mentorship, goals: tuple[MentorGoal, ...], since: datetime) -> list[SheetMove]:
    """List new numbers as "from 20 to 35 people", then steps that were done. Two queries."""
    ids = [goal.id for goal in goals]
    entries = (
        shared_progress(mentorship).filter(goal__in=ids).order_by("goal_id", "-measured_on", "-id").distinct("goal_id")
    )
    newest = dict(entries.filter(recorded_at__gt=since).values_list("goal_id", "value"))
    earlier = dict(entries.filter(recorded_at__lte=since, goal__in=newest).values_list("goal_id", "value"))
    starts = dict(shared_goals(mentorship).filter(pk__in=newest).values_list("pk", "start_value"))
    units = dict(shared_goals(mentorship).filter(pk__in=newest).values_list("pk", "unit"))
    moves = [
        SheetMove(goal.id, _number(goal, earlier.get(goal.id, starts.get(goal.id)), newest[goal.id], units))
        for goal in goals
        if goal.id in newest
    ]
    first = timezone.localdate(since, mentorship.owner.zone)
    return moves + [
        SheetMove(goal.id, _("Done: %(step)s") % {"step": step.title})
        for goal in goals
        for step in goal.done_steps
        if step.done_on is not None and step.done_on >= first
    ]


def _number(goal: MentorGoal, before: Decimal | None, value: Decimal, units: Mapping[int, str]) -> str:
    values = {
        "goal": goal.title,
        "before": format_number(before if before is not None else Decimal(0)),
        "value": format_amount(value, units.get(goal.id, "")),
    }
    return _("%(goal)s: from %(before)s to %(value)s") % values


def _notes(mentorship: Mentorship, meeting: Meeting | None) -> tuple[SheetNote, ...]:
    """List what was agreed, without what stays a note of the owner, and without goals that are not shared."""
    if meeting is None:
        return ()
    titles = dict(shared_goals(mentorship).values_list("pk", "title"))
    agreed = MeetingNote.objects.filter(meeting=meeting).exclude(kind=MeetingNote.Kind.NOTE).order_by("position")
    return tuple(
        SheetNote(text, kind, titles.get(goal_id, ""), day)
        for text, kind, goal_id, day in agreed.values_list("text", "kind", "goal_id", "day")
        if goal_id in titles
    )


def find_meeting(mentorship: Mentorship) -> Meeting | None:
    """Return the coming meeting, or else the last one. One query."""
    found = Meeting.objects.filter(mentorship=mentorship)
    return found.order_by(F("held_at").desc(nulls_first=True), "-id").first()
