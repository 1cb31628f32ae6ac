"""Record progress of a goal: entries with a number, and evaluations of finished steps.

Entries are never changed or deleted, only removed and restored."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft, Goal, ProgressEntry
from careerplan.goals.services.locks import lock_goal, matches


class NotMeasuredByNumber(Exception):
    """A yes/no goal has steps and no progress entries."""


class ProgressInFuture(Exception):
    """A progress entry cannot have a future date."""


@transaction.atomic
def record_progress(
    *, goal: Goal, changes: dict[str, Any], form_key: UUID, now: datetime, today: date
) -> ProgressEntry:
    """Record the number of an active goal on a day. `changes`: fields by name; `today`: the user's local date.

    Idempotent like `create_goal`: a form sent again returns the entry it made; with another number, a new one. Raises
    GoalIsClosed, NotMeasuredByNumber, ProgressInFuture.
    """
    goal = lock_goal(pk=goal.pk)
    if goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    if changes["measured_on"] > today:
        raise ProgressInFuture
    made = goal.progress_entries.filter(form_key=form_key).first()
    if made and matches(made, changes):
        return made
    return ProgressEntry.objects.create(goal=goal, form_key=uuid4() if made else form_key, recorded_at=now, **changes)


@transaction.atomic
def remove_entry(*, entry: ProgressEntry, now: datetime) -> ProgressEntry:
    """Mark a mistaken entry as removed; it stays in the history. Idempotent. Raises GoalIsClosed."""
    return _set_removed(entry, now)


@transaction.atomic
def restore_entry(*, entry: ProgressEntry) -> ProgressEntry:
    """Restore a removed entry. Idempotent.

    Raises GoalIsClosed; NotMeasuredByNumber if the goal has become a yes/no goal.
    """
    return _set_removed(entry, None)


def _set_removed(entry: ProgressEntry, moment: datetime | None) -> ProgressEntry:
    goal = lock_goal(pk=entry.goal_id)
    if moment is None and goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    entry = ProgressEntry.objects.select_for_update().get(pk=entry.pk)
    if (entry.removed_at is None) != (moment is None):
        entry.removed_at = moment
        entry.save(update_fields=["removed_at"])
    return entry


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
    evaluation or its draft no longer has this `version`; then nothing is written.
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
    the evaluation or its draft no longer has this `version`; then nothing is written.
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
