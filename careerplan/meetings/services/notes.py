"""Make steps, dates and comments of what was agreed. A write of the owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from careerplan.conversation.models import Side
from careerplan.conversation.services.comments import NotShared, Subject, write_comment
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.locks import lock_goal
from careerplan.goals.services.several_steps import change_steps
from careerplan.goals.services.steps import add_step
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.mentoring.models import Mentorship

Kind = MeetingNote.Kind


class NotesAreSaved(Exception):
    """The meeting has its notes: they were saved in another tab, or by a second click."""


class DateIsRefused(Exception):
    """The step cannot be moved to this date: it is after the date of its goal, or the step is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInput:
    """A note as the form gives it. A step or comment has a goal, a date has a step and a day."""

    text: str
    kind: str
    goal: Goal | None = None
    step: ActionStep | None = None
    day: date | None = None


@transaction.atomic
def save_notes(*, mentorship: Mentorship, form_key: UUID, notes: Sequence[NoteInput], now: datetime) -> Meeting:
    """Save notes, make of each what it is to become, and close the meeting: all of it, or nothing.

    `form_key` is the key of the meeting. Where there is none, both have met without a date: it gets this key, and is
    now. Raises NotesAreSaved, DateIsRefused, GoalIsClosed, and what `write_comment` raises.
    """
    _lock_goals(notes)
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)
    locked = Meeting.objects.select_for_update().filter(key=form_key).first()
    if locked is None:
        locked = Meeting.objects.create(mentorship=row, key=form_key, starts_at=now, set_at=now, held_at=now)
    elif locked.held_at is not None or locked.mentorship_id != row.pk:
        raise NotesAreSaved
    for position, note in enumerate(notes, 1):
        step = _become(locked, row, position, note, now)
        goal = note.goal or (step.goal if step else None)
        MeetingNote.objects.create(
            meeting=locked, position=position, text=note.text, kind=note.kind, goal=goal, step=step, day=note.day
        )
    locked.held_at = now
    locked.save(update_fields=["held_at"])
    return locked


def _lock_goals(notes: Sequence[NoteInput]) -> None:
    """Lock what the notes are about, before the mentorship as a comment of the mentor does, else both would wait."""
    goals = {note.goal.pk for note in notes if note.goal} | {note.step.goal_id for note in notes if note.step}
    try:
        for pk in sorted(goals):
            lock_goal(pk=pk, require_active=False)
    except Goal.DoesNotExist as gone:
        raise NotShared from gone


def _become(
    meeting: Meeting, mentorship: Mentorship, position: int, note: NoteInput, now: datetime
) -> ActionStep | None:
    key = uuid5(meeting.key, str(position))
    if note.kind == Kind.STEP and note.goal is not None:
        changes = {"title": note.text[: ActionStep._meta.get_field("title").max_length], "due_on": note.day}
        return add_step(goal=note.goal, changes=changes, form_key=key, now=now)
    if note.kind == Kind.DATE and note.step is not None:
        changed = change_steps(user=mentorship.owner, ids=[note.step.pk], changes={"due_on": note.day}, now=now)
        if not changed.steps:
            raise DateIsRefused
        return note.step
    if note.kind == Kind.COMMENT and note.goal is not None:
        write_comment(
            mentorship=mentorship,
            by=Side.OWNER,
            about=Subject(goal=note.goal.pk),
            text=note.text,
            form_key=key,
            now=now,
        )
    return None
