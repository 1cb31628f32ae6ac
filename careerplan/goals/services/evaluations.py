"""The verdict on a finished step."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft
from careerplan.goals.services.locks import lock_goal


class StepIsNotDone(Exception):
    """A step is judged once it is done."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Was it worth the time and effort (1 to 5), hours spent, what was learned, again?"""

    worth: int
    hours_spent: Decimal | None = None
    learned: str = ""
    would_repeat: str = ""


@dataclass(frozen=True, kw_only=True)
class EvaluationDraftData:
    """A verdict that is not finished: all of it may be missing. `seen`: when the draft on the page was kept."""

    worth: int | None = None
    hours_spent: Decimal | None = None
    learned: str = ""
    would_repeat: str = ""
    seen: datetime | None = None


@transaction.atomic
def save_evaluation_draft(*, step: ActionStep, begun: EvaluationDraftData, now: datetime) -> EvaluationDraft | None:
    """Keep what was typed of a verdict until the question is asked again; None where it says nothing new. Idempotent.

    Words that were kept from another page, which this one did not show, stay above the new ones. Raises GoalIsArchived.
    """
    lock_goal(require_active=False, steps=step.pk)
    answers = {name: getattr(begun, name) for name in ("worth", "hours_spent", "learned", "would_repeat")}
    there = EvaluationDraft.objects.filter(step=step).first()
    if there and there.saved_at != begun.seen:
        answers = {name: answer or getattr(there, name) for name, answer in answers.items()}
        if begun.learned and begun.learned not in there.learned:
            answers["learned"] = "\n\n".join(filter(None, (there.learned, begun.learned)))
    save_with_retry = Evaluation.objects.filter(step=step).first() or Evaluation(step=step)
    if all(getattr(save_with_retry, name) == answer for name, answer in answers.items()):
        EvaluationDraft.objects.filter(step=step).delete()
        return None
    if there and all(getattr(there, name) == answer for name, answer in answers.items()):
        return there
    draft, _made = EvaluationDraft.objects.update_or_create(step=step, defaults={**answers, "saved_at": now})
    return draft


@transaction.atomic
def evaluate_step(*, step: ActionStep, verdict: Verdict, now: datetime, version: int | None = None) -> Evaluation:
    """Keep the verdict on a done step; a later one takes its place (the history has both). Idempotent.

    `version` is that of the verdict the answers were held against, 0 where there was none. The goal may be closed by
    then. Raises StepIsNotDone, GoalIsClosed where the whole plan is archived, and StaleObjectError where another
    verdict stands there by now: then nothing is written.
    """
    lock_goal(require_active=False, steps=step.pk)
    if ActionStep.objects.select_for_update().get(pk=step.pk).state != ActionStep.State.DONE:
        raise StepIsNotDone
    answers = {name: getattr(verdict, name) for name in ("worth", "hours_spent", "learned", "would_repeat")}
    EvaluationDraft.objects.filter(step=step).delete()  # said whole now
    there = Evaluation.objects.filter(step=step).first()
    if version is not None and version != (there.version if there else 0):
        raise StaleObjectError
    if there is None:
        return Evaluation.objects.create(step=step, made_at=now, **answers)
    if any(getattr(there, name) != value for name, value in answers.items()):
        for name, value in answers.items():
            setattr(there, name, value)
        there.made_at = now
        there.save()
    return there
