"""Rate a finished step."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft
from careerplan.goals.services.locks import lock_goal, matches


class StepIsNotDone(StaleObjectError):
    """Only a finished step can be rated: this one was reopened since the page was made."""


class EvaluationVersion(NamedTuple):
    """What a form was compared with: the version of the evaluation, 0 without one, and when the draft was saved."""

    evaluation: int
    draft_saved_at: datetime | None

    @classmethod
    def of(cls, evaluation: Evaluation | None, draft: EvaluationDraft | None) -> "EvaluationVersion":
        """Return the version of stored rows."""
        return cls(evaluation.version if evaluation else 0, draft.saved_at if draft else None)


EMPTY: dict[str, Any] = {"worth": None, "hours_spent": None, "learned": "", "would_repeat": ""}


@transaction.atomic
def save_evaluation_draft(
    *, step: ActionStep, changes: dict[str, Any], version: EvaluationVersion | None = None, now: datetime
) -> EvaluationDraft | None:
    """Save a draft of an evaluation until the question is asked again; None if it says nothing new.

    `changes`: fields by name, any of them missing. Idempotent. Raises GoalIsArchived, and StaleObjectError if the
    evaluation or its draft is not of this `version` any more; then nothing is written.
    """
    lock_goal(require_active=False, steps=step.pk)
    fields = EMPTY | changes
    evaluation, draft = _load(step, version)
    if matches(evaluation or Evaluation(step=step), fields):
        EvaluationDraft.objects.filter(step=step).delete()
        return None
    if draft and matches(draft, fields):
        return draft
    return EvaluationDraft.objects.update_or_create(step=step, defaults={**fields, "saved_at": now})[0]


@transaction.atomic
def evaluate_step(
    *, step: ActionStep, changes: dict[str, Any], version: EvaluationVersion | None = None, now: datetime
) -> Evaluation:
    """Save the evaluation of a finished step, replacing an earlier one (the history has both). Idempotent.

    `changes`: fields by name. The goal may be closed. Raises StepIsNotDone, GoalIsArchived, and StaleObjectError if
    the evaluation or its draft is not of this `version` any more; then nothing is written.
    """
    lock_goal(require_active=False, steps=step.pk)
    if ActionStep.objects.select_for_update().get(pk=step.pk).state != ActionStep.State.DONE:
        raise StepIsNotDone
    evaluation, _draft = _load(step, version)
    EvaluationDraft.objects.filter(step=step).delete()
    fields = EMPTY | changes
    if evaluation is None:
        return Evaluation.objects.create(step=step, made_at=now, **fields)
    if not matches(evaluation, fields):
        for name, value in fields.items():
            setattr(evaluation, name, value)
        evaluation.made_at = now
        evaluation.save()
    return evaluation


def _load(step: ActionStep, version: EvaluationVersion | None) -> tuple[Evaluation | None, EvaluationDraft | None]:
    """Load the evaluation of a step and its draft. Raises StaleObjectError if they are of another version."""
    evaluation = Evaluation.objects.filter(step=step).first()
    draft = EvaluationDraft.objects.filter(step=step).first()
    if version is not None and version != EvaluationVersion.of(evaluation, draft):
        raise StaleObjectError
    return evaluation, draft
