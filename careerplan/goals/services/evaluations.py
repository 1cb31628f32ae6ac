"""Rate a finished step."""

from datetime import datetime
from typing import Any

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft
from careerplan.goals.services.locks import lock_goal, matches


class StepIsNotDone(Exception):
    """Only a finished step can be rated."""


EMPTY: dict[str, Any] = {"worth": None, "hours_spent": None, "learned": "", "would_repeat": ""}


@transaction.atomic
def save_evaluation_draft(
    *, step: ActionStep, changes: dict[str, Any], seen_at: datetime | None = None, now: datetime
) -> EvaluationDraft | None:
    """Save a draft of an evaluation until the question is asked again; None if it says nothing new.

    `changes`: fields by name, any of them missing. `seen_at`: when the draft on the page was saved; the text of a later
    draft, which the page did not show, stays above the new text. Idempotent. Raises GoalIsArchived.
    """
    lock_goal(require_active=False, steps=step.pk)
    fields = EMPTY | changes
    draft = EvaluationDraft.objects.filter(step=step).first()
    if draft and draft.saved_at != seen_at:
        learned = fields["learned"]
        fields = {name: value or getattr(draft, name) for name, value in fields.items()}
        if learned and learned not in draft.learned:
            fields["learned"] = "\n\n".join(filter(None, (draft.learned, learned)))
    evaluation = Evaluation.objects.filter(step=step).first() or Evaluation(step=step)
    if matches(evaluation, fields):
        EvaluationDraft.objects.filter(step=step).delete()
        return None
    if draft and matches(draft, fields):
        return draft
    return EvaluationDraft.objects.update_or_create(step=step, defaults={**fields, "saved_at": now})[0]


@transaction.atomic
def evaluate_step(
    *, step: ActionStep, changes: dict[str, Any], now: datetime, version: int | None = None
) -> Evaluation:
    """Save the evaluation of a finished step, replacing an earlier one (the history has both). Idempotent.

    `changes`: fields by name. `version`: of the evaluation that the form was made from, 0 if there was none. The goal
    may be closed. Raises StepIsNotDone, GoalIsArchived, and StaleObjectError if another evaluation was saved since;
    then nothing is written.
    """
    lock_goal(require_active=False, steps=step.pk)
    if ActionStep.objects.select_for_update().get(pk=step.pk).state != ActionStep.State.DONE:
        raise StepIsNotDone
    EvaluationDraft.objects.filter(step=step).delete()
    evaluation = Evaluation.objects.filter(step=step).first()
    if version is not None and version != (evaluation.version if evaluation else 0):
        raise StaleObjectError
    fields = EMPTY | changes
    if evaluation is None:
        return Evaluation.objects.create(step=step, made_at=now, **fields)
    if not matches(evaluation, fields):
        for name, value in fields.items():
            setattr(evaluation, name, value)
        evaluation.made_at = now
        evaluation.save()
    return evaluation
