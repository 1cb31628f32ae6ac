"""What a step needs: written with the step, and got hold of one by one."""

from collections.abc import Sequence

from django.db import transaction

from careerplan.goals.models import ActionStep, Resource
from careerplan.goals.services.data import ResourceData
from careerplan.goals.services.locks import held_goal


def needs(step: ActionStep, rows: Sequence[ResourceData]) -> bool:
    """Whether a step has just these resources."""
    columns = ("kind", "description", "cost", "state")
    wanted = [tuple(row.columns().values()) for row in rows if not row.remove]
    return list(step.resources.values_list(*columns)) == wanted


def write_resources(*, step: ActionStep, rows: Sequence[ResourceData]) -> None:
    """Add, change and remove resources of a step whose goal the caller holds.

    Resources that no row names stay as they are (another tab may have added them). A row that names a resource the
    step does not have (removed meanwhile, or somebody else's) is written as a new one: no other row is touched.
    """
    there = {resource.pk: resource for resource in step.resources.all()}
    for row in rows:
        resource = there.get(row.id) if row.id is not None else None
        if row.remove:
            if resource:
                resource.delete()
        elif resource is None:
            Resource.objects.create(step=step, **row.columns())
        elif any(getattr(resource, name) != value for name, value in row.columns().items()):
            Resource.objects.filter(pk=resource.pk).update(**row.columns())


@transaction.atomic
def set_resource_state(*, resource: Resource, state: Resource.State) -> Resource:
    """Say how far one is in getting a resource. Idempotent. Raises GoalIsClosed."""
    goal = held_goal(steps__resources=resource.pk)
    resource = Resource.objects.select_for_update(of=("self",)).select_related("step").get(pk=resource.pk)
    resource.step.goal = goal
    if resource.state != state:
        resource.state = state
        resource.save(update_fields=["state"])
    return resource
