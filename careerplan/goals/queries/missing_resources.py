"""Query of everything still needed across the plan, with its cost."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from careerplan.core.numbers import sum_known
from careerplan.goals.models import ActionStep, Goal, Resource


@dataclass(frozen=True)
class MissingResourceGroup:
    """Missing resources of one kind, earliest step first."""

    kind: Resource.Kind
    resources: list[Resource]

    @property
    def cost(self) -> Decimal:
        """Return the sum of the known costs."""
        return sum_known(resource.cost for resource in self.resources)


@dataclass(frozen=True)
class MissingResources:
    """All missing resources, by kind."""

    groups: list[MissingResourceGroup]
    currency: str  # ISO 4217, or blank

    @property
    def count(self) -> int:
        """Return the number of missing resources."""
        return sum(len(group.resources) for group in self.groups)

    @property
    def cost(self) -> Decimal:
        """Return the sum of all known costs."""
        return sum_known(group.cost for group in self.groups)

    @property
    def without_cost(self) -> int:
        """Return how many have no cost."""
        return sum(resource.cost is None for group in self.groups for resource in group.resources)


def load_missing_resources(user: User) -> MissingResources:
    """Load what is not arranged yet for open steps of active goals in the active plan. One query."""
    resources = list(
        Resource.objects.for_user(user)
        .missing()
        .filter(
            step__state__in=ActionStep.OPEN_STATES,
            step__goal__state=Goal.State.ACTIVE,
            step__goal__plan__state="active",
        )
        .select_related("step__goal__plan")
        .order_by("step__due_on", "id")
    )
    by_kind = [(kind, [resource for resource in resources if resource.kind == kind]) for kind in Resource.Kind]
    return MissingResources(
        groups=[MissingResourceGroup(kind, of_kind) for kind, of_kind in by_kind if of_kind],
        currency=resources[0].step.goal.plan.currency if resources else "",
    )
