"""Make a comment a step of the owner's goal, and undo that or a suggestion that was taken."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from careerplan.conversation.models import Comment, Suggestion
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.locks import lock_goal
from careerplan.goals.services.steps import add_step, complete_step, reopen_step


class AlreadyMade(Exception):
    """The comment was deleted, or is a step already."""


@dataclass(frozen=True, kw_only=True)
class UndoTaken:
    """What a taken comment or suggestion changed: a step that it made or moved, and one that it finished.

    `version` is that of the step after the change: one that has changed since stays. `suggestion` is the one that was
    taken; None where a comment became a step.
    """

    step: int
    version: int
    suggestion: int | None = None
    finished: int | None = None
    due_on: date | None = None  # before it was moved
    due_set_at: datetime | None = None


@transaction.atomic
def make_step(
    *, comment: Comment, goal: Goal, changes: dict[str, Any], finishes: bool, form_key: UUID, now: datetime
) -> ActionStep:
    """Add a step that grows from a comment; with `finishes` the step that the comment is about is done. Idempotent.

    Raises AlreadyMade, GoalIsClosed.
    """
    lock_goal(pk=goal.pk, require_active=False)  # first: a reply holds the goal, and the comment when it is committed
    locked = Comment.objects.select_for_update(of=("self",)).select_related("step").get(pk=comment.pk)
    if locked.made_step_id or locked.deleted_at is not None:
        made = goal.steps.filter(pk=locked.made_step_id or 0, form_key=form_key).first()
        if made is None:
            raise AlreadyMade
        return made
    step = add_step(goal=goal, changes=changes, form_key=form_key, now=now)
    if finishes and locked.step and locked.step.is_open and not locked.step.repeats:
        complete_step(step=locked.step, now=now)
    locked.made_step = step
    locked.save(update_fields=["made_step"])
    return step


@transaction.atomic
def undo_taken(*, user: User, record: UndoTaken) -> bool:
    """Take back what a comment or a suggestion changed, and return whether it was.

    It is not where the step has changed since, or where somebody has written about a step that would go: their words
    would go with it. The suggestion is open again. Raises GoalIsClosed.
    """
    own = ActionStep.objects.for_user(user).filter(pk=record.step, version=record.version)
    if not own.exists():
        return False
    lock_goal(steps=record.step)
    step = own.select_for_update(of=("self",)).first()
    if step is None or (record.due_set_at is None and (step.comments.exists() or step.suggestions.exists())):
        return False
    taken = Suggestion.objects.for_user(user).filter(pk=record.suggestion or 0, answer__in=["taken", "changed"])
    taken.update(answer="", answered_at=None, made_step=None, answer_read_at=None)
    if record.due_set_at is None:
        step.delete()
    else:
        step.due_on, step.due_set_at = record.due_on, record.due_set_at
        step.save(update_fields=["due_on", "due_set_at"])
    finished = ActionStep.objects.for_user(user).filter(pk=record.finished or 0, state=ActionStep.State.DONE).first()
    if finished:
        reopen_step(step=finished)
    return True
