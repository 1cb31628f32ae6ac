"""Being stuck: what is in the way is written down, and the next smallest step is planned before what it holds up."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.data import StepData
from careerplan.goals.services.locks import held_goal
from careerplan.goals.services.order import open_ids, order_steps
from careerplan.goals.services.steps import add_step, locked_step


def blocker_words(blocker: str, day: date) -> str:
    """What is in the way, as it stands in the details of a step: "Stuck on 5 Mar 2027: no answer from Dr Osei"."""
    return _("Stuck on %(day)s: %(words)s") % {"day": date_format(day, "j M Y"), "words": blocker}


@transaction.atomic
def plan_way_round(
    *,
    goal: Goal,
    step: ActionStep | None,
    blocker: str,
    next_step: StepData,
    form_key: UUID,
    today: date,
    now: datetime,
) -> ActionStep:
    """Plan a smaller step before `step`, or before all open ones where the goal itself is stuck; gives the new one.

    The blocker stands at the head of the details of what it holds up: of `step`, else of the new step, as a goal has
    no details. Idempotent by `form_key`, as `add_step` is. Raises GoalIsClosed.
    """
    goal = held_goal(pk=goal.pk)
    if made := goal.steps.filter(form_key=form_key).first():
        return made
    added = add_step(goal=goal, step=next_step, form_key=form_key, now=now)
    if blocker:
        held_up = locked_step(step or added)
        held_up.details = f"{blocker_words(blocker, today)}\n{held_up.details}".strip()
        held_up.save(update_fields=["details"])
    order = [pk for pk in open_ids(goal) if pk != added.pk]
    order.insert(order.index(step.pk) if step and step.pk in order else 0, added.pk)
    order_steps(goal=goal, order=order)
    return added
