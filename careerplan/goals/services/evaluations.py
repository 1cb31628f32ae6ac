"""The verdict on a finished step."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from careerplan.goals.models import ActionStep, Evaluation
from careerplan.goals.services.locks import held_goal


class StepIsNotDone(Exception):
    """A step is judged once it is done."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Was it worth the time and effort (1 to 5), hours spent, what was learned, again?"""

    worth: int
    hours_spent: Decimal | None = None
    learned: str = ""
    again: str = ""


@transaction.atomic
def evaluate_step(*, step: ActionStep, verdict: Verdict, now: datetime) -> Evaluation:
    """Keep the verdict on a done step; a later one takes its place (the history has both). Idempotent.

    The goal may be closed by then. Raises StepIsNotDone, and GoalIsClosed where the whole plan is archived.
    """
    held_goal(closed_too=True, steps=step.pk)
    if ActionStep.objects.select_for_update().get(pk=step.pk).state != ActionStep.State.DONE:
        raise StepIsNotDone
    answers = {name: getattr(verdict, name) for name in ("worth", "hours_spent", "learned", "again")}
    there = Evaluation.objects.filter(step=step).first()
    if there is None:
        return Evaluation.objects.create(step=step, made_at=now, **answers)
    if any(getattr(there, name) != value for name, value in answers.items()):
        for name, value in answers.items():
            setattr(there, name, value)
        there.made_at = now
        there.save()
    return there
