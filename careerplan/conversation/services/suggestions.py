"""Suggest a step or another date for one (the mentor), and answer that (the owner). Only the owner's answer changes
the plan.

Each write locks the goal first, then the mentorship or the suggestion.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from careerplan.conversation.models import Side, Suggestion
from careerplan.conversation.services.comments import NotShared, TooManyToday, lock_subject
from careerplan.conversation.services.digests import owe_digest, start_of_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.locks import lock_goal
from careerplan.goals.services.steps import add_step, update_step
from careerplan.mentoring.mentor.queries import shared_goals, shared_steps
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import lock_live

Answer = Suggestion.Answer


class TooManyOpen(Exception):
    """The owner has not answered the suggestions for this goal yet."""


class AlreadyAnswered(Exception):
    """The suggestion was answered or taken back, or what it is about is finished."""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What is suggested for a goal: a new step (`title`, perhaps `due_on`), or another day for its `step`, or for the
    goal where there is neither.
    """

    goal: int
    title: str = ""
    step: int | None = None
    due_on: date | None = None

    @property
    def is_date(self) -> bool:
        """Return whether something moves that is there."""
        return not self.title


@transaction.atomic
def suggest(*, mentorship: Mentorship, proposed: Proposed, form_key: UUID, now: datetime) -> Suggestion:
    """Suggest something to the owner, who is told by the next daily email. Idempotent by `form_key`.

    A second suggestion for the date of a step, or of the goal, replaces the open one. Raises MentorshipIsOver,
    NotShared, TooManyOpen, TooManyToday.
    """
    lock_subject(goal=proposed.goal, step=proposed.step)
    live = lock_live(mentorship, now=now)
    values = {"goal_id": proposed.goal, "step_id": proposed.step, "title": proposed.title, "due_on": proposed.due_on}
    if made := live.suggestions.filter(form_key=form_key).first():
        if all(getattr(made, name) == value for name, value in values.items()):
            return made
        form_key = uuid4()
    if not _is_suggestible(live, proposed):
        raise NotShared
    if proposed.is_date:
        same = live.suggestions.open().filter(goal=proposed.goal, step=proposed.step, title="")
        same.update(answer=Answer.WITHDRAWN, answered_at=now)
    if live.suggestions.open().filter(goal=proposed.goal).count() >= Suggestion.MOST_OPEN:
        raise TooManyOpen
    if live.suggestions.filter(suggested_at__gte=start_of_day(live, now)).count() >= Suggestion.MOST_A_DAY:
        raise TooManyToday
    made = live.suggestions.create(**values, suggested_at=now, form_key=form_key)
    owe_digest(mentorship=live, recipient=Side.OWNER, now=now)
    return made


def _is_suggestible(mentorship: Mentorship, proposed: Proposed) -> bool:
    """Return whether the mentor sees an active goal, and an open step of it that does not repeat. One query."""
    if proposed.step is None:
        return shared_goals(mentorship).active().filter(pk=proposed.goal).exists()
    steps = shared_steps(mentorship).open().filter(repeats="", goal__state=Goal.State.ACTIVE)
    return steps.filter(pk=proposed.step, goal=proposed.goal).exists()


@transaction.atomic
def withdraw(*, suggestion: Suggestion, now: datetime) -> Suggestion:
    """Take a suggestion back, for its mentor. Idempotent. Raises MentorshipIsOver, AlreadyAnswered."""
    lock_subject(goal=suggestion.goal_id, step=None)
    lock_live(suggestion.mentorship, now=now)
    locked = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if locked.answer == Answer.WITHDRAWN:
        return locked
    if locked.answer:
        raise AlreadyAnswered
    return record_answer(locked, Answer.WITHDRAWN, now)


@transaction.atomic
def take_step(*, suggestion: Suggestion, changes: dict[str, Any], now: datetime) -> ActionStep:
    """Add the suggested step to the goal, with the words and the date that the owner chose. Idempotent.

    Raises AlreadyAnswered, GoalIsClosed.
    """
    locked = lock_open(suggestion)
    if locked.made_step:
        return locked.made_step
    locked.made_step = add_step(goal=locked.goal, changes=changes, form_key=uuid4(), now=now)
    is_same = (changes["title"], changes["due_on"]) == (locked.title, locked.due_on)
    record_answer(locked, Answer.TAKEN if is_same else Answer.CHANGED, now)
    return locked.made_step


@transaction.atomic
def take_date(*, suggestion: Suggestion, due_on: date, now: datetime) -> ActionStep:
    """Move the step to the suggested day, or to another one that the owner chose. Raises AlreadyAnswered, GoalIsClosed.

    The caller has checked that the goal is not due before.
    """
    locked = lock_open(suggestion)
    step = locked.step
    if step is None or not step.is_open or step.repeats:
        raise AlreadyAnswered
    step = update_step(step=step, changes={"due_on": due_on}, now=now)
    record_answer(locked, Answer.TAKEN if due_on == locked.due_on else Answer.CHANGED, now)
    return step


@transaction.atomic
def decline(*, suggestion: Suggestion, line: str, now: datetime) -> Suggestion:
    """Decline a suggestion, perhaps with a line to the mentor. Idempotent. Raises AlreadyAnswered."""
    lock_subject(goal=suggestion.goal_id, step=None)
    rows = Suggestion.objects.select_related("mentorship__owner")
    locked = rows.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if locked.answer == Answer.DECLINED:
        return locked
    if locked.answer:
        raise AlreadyAnswered
    locked.answer_line = line
    return record_answer(locked, Answer.DECLINED, now)


def mark_read(*, suggestions: Collection[int], now: datetime) -> None:
    """Record that the owner opened the page with these suggestions. No query without any."""
    if suggestions:
        Suggestion.objects.filter(pk__in=suggestions, read_at=None).update(read_at=now)


def mark_answers_read(*, suggestions: Collection[int], now: datetime) -> None:
    """Record that the mentor opened the page with these answers. No query without any."""
    if suggestions:
        Suggestion.objects.filter(pk__in=suggestions, answer_read_at=None).update(answer_read_at=now)


def lock_open(suggestion: Suggestion) -> Suggestion:
    """Lock the goal, then a suggestion that is not answered, or whose step was made from it."""
    lock_goal(pk=suggestion.goal_id, require_active=False)
    rows = Suggestion.objects.select_related("goal", "step__goal", "made_step", "mentorship__owner")
    locked = rows.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if locked.answer and not locked.made_step:
        raise AlreadyAnswered
    return locked


def record_answer(locked: Suggestion, answer: Suggestion.Answer, now: datetime) -> Suggestion:
    """Save the answer; tell the mentor, unless it is their own."""
    locked.answer, locked.answered_at = answer, now
    locked.save(update_fields=["answer", "answered_at", "answer_line", "made_step"])
    is_live = Mentorship.objects.live(now).filter(pk=locked.mentorship_id).exists()
    if answer != Answer.WITHDRAWN and is_live:
        owe_digest(mentorship=locked.mentorship, recipient=Side.MENTOR, now=now)
    return locked
