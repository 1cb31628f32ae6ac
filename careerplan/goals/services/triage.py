"""Looking through what is open after a pause: keep, a week later, or drop."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from careerplan.goals.models import ActionStep
from careerplan.goals.queries.pause import a_week_later
from careerplan.goals.services.whole import locked_whole
from careerplan.plans.models import Plan


class Triage(models.TextChoices):
    """What becomes of a step."""

    KEEP = "keep", _("Keep")
    LATER = "later", _("A week later")
    DROP = "drop", _("Drop")


@transaction.atomic
def triage_steps(
    *, plan: Plan, choices: Mapping[int, tuple[Triage, int]], today: date, now: datetime
) -> list[ActionStep]:
    """Do what was chosen for each step (by id, with the version that was looked at); note on the pauses that are
    over that this was done.

    Gives the steps that changed. Steps of other plans are left alone, and those that changed since they were looked
    at: so the same form sent twice moves nothing twice. Raises PlanIsArchived.
    """
    plan, goals = locked_whole(plan)
    by_id = {goal.pk: goal for goal in goals}
    steps = ActionStep.objects.select_for_update().open().filter(pk__in=list(choices), goal__in=by_id).order_by("pk")
    changed = []
    for step in steps:
        step.goal = by_id[step.goal_id]
        choice, version = choices[step.pk]
        if step.version != version:
            continue
        if choice is Triage.DROP:
            step.state = ActionStep.State.DROPPED
            changed.append(step)
        elif choice is Triage.LATER and (day := a_week_later(step, today)):
            step.due_on, step.due_set_at = day, now
            changed.append(step)
    ActionStep.objects.bulk_update(changed, ["state", "due_on", "due_set_at"])
    plan.pauses.filter(ends_on__lt=today, triaged_at__isnull=True).update(triaged_at=now)
    return changed
