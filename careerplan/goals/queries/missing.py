"""Queries of what is still needed: not arranged yet, for open steps of active goals in the active plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, QuerySet, Sum, Value, When, Window

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal, Resource

NEEDED_A_PAGE = 50
BY_KIND = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(Resource.Kind)), output_field=IntegerField()
)


def _missing(user: User) -> QuerySet[Resource]:
    open_steps = {"step__state__in": ActionStep.OPEN_STATES, "step__goal__state": Goal.State.ACTIVE}
    return Resource.objects.for_user(user).missing().filter(**open_steps, step__goal__plan__state="active")


@dataclass(frozen=True)
class FirstMissing:
    """What is needed first, and how much there is in all."""

    resources: Sequence[Resource]
    count: int
    currency: str  # ISO 4217, or blank


def load_first_missing(user: User, most: int) -> FirstMissing:
    """Load the missing resources whose steps are due first. One query."""
    found = _missing(user).annotate(count_of_all=Window(Count("pk"))).select_related("step__goal__plan")
    first = list(found.order_by(F("step__due_on").asc(nulls_last=True), "pk")[:most])
    return FirstMissing(first, first[0].count_of_all if first else 0, _currency(first))


@dataclass(frozen=True)
class MissingGroup:
    """The missing resources of one kind that a page shows, earliest step first, and what all of the kind cost."""

    kind: Resource.Kind
    resources: list[Resource]
    cost: Decimal


@dataclass(frozen=True)
class MissingPage:
    """A page of what is missing, by kind; `count`, `cost` (of known costs) and `without_cost` are of all."""

    groups: list[MissingGroup]
    count: int
    cost: Decimal
    without_cost: int
    currency: str
    numbered: Page[int]


def load_missing_page(user: User, page: str | None) -> MissingPage:
    """Load a page of what is missing; `page` is the number in the URL. Two queries."""
    figures = {"count_of_all": Count("pk"), "cost_of_all": Sum("cost"), "known": Count("cost")}
    by_kind = _missing(user).order_by().values("kind").annotate(**figures)
    totals = {kind: rest for kind, *rest in by_kind.values_list("kind", *figures)}
    count = sum(all_of for all_of, _cost, _known in totals.values())
    numbered = Paginator(range(count), NEEDED_A_PAGE).get_page(page)
    part = slice(numbered.start_index() - 1 if count else 0, numbered.end_index())
    rows = _missing(user).select_related("step__goal__plan").order_by(BY_KIND, "step__due_on", "pk")
    shown = list(rows[part])
    groups = {kind: [one for one in shown if one.kind == kind] for kind in Resource.Kind}
    costs = {kind: cost or Decimal(0) for kind, (_all, cost, _known) in totals.items()}
    return MissingPage(
        groups=[MissingGroup(kind, some, costs[kind]) for kind, some in groups.items() if some],
        count=count,
        cost=sum(costs.values(), Decimal(0)),
        without_cost=sum(all_of - known for all_of, _cost, known in totals.values()),
        currency=_currency(shown),
        numbered=numbered,
    )


def _currency(resources: Sequence[Resource]) -> str:
    return resources[0].step.goal.plan.currency if resources else ""
