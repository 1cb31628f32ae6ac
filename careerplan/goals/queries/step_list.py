"""Queries of the list of all steps: search, filters, order and pages, with a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.agenda import ASKED_FOR, StepRow, period_ends
from careerplan.plans.models import Plan

STEPS_A_PAGE = 50
LONGEST_SEARCH = 100  # characters

SHOW: Mapping[str, Any] = {
    "open": pgettext_lazy("steps", "Open"),
    "late": pgettext_lazy("steps", "Late"),
    "week": _("This week"),
    "weeks": _("In the next 4 weeks"),
    "later": pgettext_lazy("steps", "Later"),
    "undated": _("No day yet"),
    "done": pgettext_lazy("steps", "Done"),
    "unrated": _("To rate"),
}
SORTS: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    "due": (_("Due date"), ("due_on", "pk")),
    "goal": (pgettext_lazy("sort by", "Goal"), ("goal__title", "goal_id", "due_on", "pk")),
    "newest": (_("Newest first"), ("-created_at", "-pk")),
    "hours": (_("Hours"), (F("effort_hours").asc(nulls_last=True), "due_on", "pk")),
}
ALWAYS_SHOWN = ("open", "late", "week", "undated", "done")


@dataclass(frozen=True, kw_only=True)
class StepFilter:
    """What to list: a tab (`show`), words of the title, a goal, a kind, and the order."""

    show: str = "open"
    words: str = ""
    goal: int | None = None
    kind: str = ""
    sort: str = "due"

    @property
    def is_narrowed(self) -> bool:
        """Return whether a goal, a kind or another order than the first is chosen."""
        return bool(self.goal or self.kind or self.sort != "due")


@dataclass(frozen=True)
class StepTab:
    """A tab of the list and how many steps it has."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class StepGroup:
    """Steps of a page below one heading; without a heading if the order is not by due date."""

    key: str
    title: str
    rows: list[StepRow]


@dataclass(frozen=True)
class StepList:
    """One page of steps. `goals`: id and title of the goals to choose from."""

    tabs: list[StepTab]
    groups: list[StepGroup]
    numbered: Page[int]
    goals: list[tuple[int, str]]
    count: int

    @property
    def has_goals(self) -> bool:
        """Return whether there is a goal that a step may belong to."""
        return bool(self.goals)


def load_step_list(user: User, wanted: StepFilter, *, today: date, now: datetime, page: str | None) -> StepList:
    """Load a page of the steps of active goals in the active plan, and of finished steps of all its goals. Three
    queries.
    """
    steps = _matching(user, wanted)
    parts = _parts(today, now)
    counts = steps.aggregate(**{key: Count("pk", filter=part) for key, part in parts.items()})
    numbered = Paginator(range(counts[wanted.show]), STEPS_A_PAGE).get_page(page)
    first = max(0, numbered.start_index() - 1)
    chosen = steps.filter(parts[wanted.show]).order_by(*_order(wanted))[first : first + STEPS_A_PAGE]
    rows = [StepRow(*found) for found in chosen.values_list(*STEP_COLUMNS)]
    goals = Goal.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE).order_by("due_on", "pk")
    return StepList(
        tabs=[
            StepTab(key, str(label), counts[key])
            for key, label in SHOW.items()
            if key in ALWAYS_SHOWN or key == wanted.show
        ],
        groups=_grouped(rows, wanted, today),
        numbered=numbered,
        goals=list(goals.values_list("pk", "title")),
        count=counts[wanted.show],
    )


def _order(wanted: StepFilter) -> tuple[Any, ...]:
    """Return the order; finished steps have no due date to sort by, so the last one is first."""
    is_done = wanted.show in {"done", "unrated"} and wanted.sort == "due"
    return ("-done_at", "-pk") if is_done else SORTS[wanted.sort][1]


STEP_COLUMNS: tuple[Any, ...] = (
    "pk",
    "title",
    "due_on",
    "goal_id",
    "goal__title",
    "goal__due_on",
    Left("goal__why", 1),
    "effort_hours",
    "state",
    "done_at",
    "repeats",
)


def load_step_row(user: User, pk: int) -> StepRow | None:
    """Return a step of the active plan as a row; None if there is none. One query."""
    found = _steps_of_plan(user).filter(pk=pk).values_list(*STEP_COLUMNS).first()
    return StepRow(*found) if found else None


def goals_for_a_step(user: User) -> list[Goal]:
    """Return the active goals by due date; `newest_step` is when the last step was added to each. One query."""
    goals = Goal.objects.for_user(user).active().filter(plan__state=Plan.State.ACTIVE)
    return list(goals.annotate(newest_step=Max("steps__created_at")).order_by("due_on", "pk"))


def _steps_of_plan(user: User) -> QuerySet[ActionStep]:
    return ActionStep.objects.for_user(user).filter(goal__plan__state=Plan.State.ACTIVE)


def _matching(user: User, wanted: StepFilter) -> QuerySet[ActionStep]:
    """Return the steps that fit the search and the filters, of every tab. Each word of the search must occur."""
    steps = _steps_of_plan(user).exclude(state=ActionStep.State.DROPPED)
    for word in wanted.words[:LONGEST_SEARCH].split():
        steps = steps.filter(Q(title__icontains=word) | Q(details__icontains=word) | Q(goal__title__icontains=word))
    if wanted.goal:
        steps = steps.filter(goal=wanted.goal)
    return steps.filter(kind=wanted.kind) if wanted.kind else steps


def _parts(today: date, now: datetime) -> dict[str, Q]:
    """Return the condition of each tab. The periods are those of Today."""
    is_open = Q(state__in=ActionStep.OPEN_STATES, goal__state=Goal.State.ACTIVE)
    is_done = Q(state=ActionStep.State.DONE)
    week, weeks = period_ends(today)
    return {
        "open": is_open,
        "late": is_open & Q(due_on__lt=today),
        "week": is_open & Q(due_on__gte=today, due_on__lte=week),
        "weeks": is_open & Q(due_on__gt=week, due_on__lte=weeks),
        "later": is_open & Q(due_on__gt=weeks),
        "undated": is_open & Q(due_on__isnull=True),
        "done": is_done,
        "unrated": is_done & Q(done_at__gt=now - ASKED_FOR, evaluation__isnull=True),
    }


def _grouped(rows: list[StepRow], wanted: StepFilter, today: date) -> list[StepGroup]:
    """Return the rows below headings of their urgency, if they are sorted by it."""
    if wanted.sort != "due" or wanted.show != "open":
        return [StepGroup(wanted.show, "", rows)] if rows else []
    found: dict[str, list[StepRow]] = {key: [] for key in ("late", "week", "weeks", "later", "undated")}
    for row in rows:
        found[_period(row.due_on, today)].append(row)
    return [StepGroup(key, str(SHOW[key]), some) for key, some in found.items() if some]


def _period(due_on: date | None, today: date) -> str:
    week, weeks = period_ends(today)
    if due_on is None:
        return "undated"
    if due_on < today:
        return "late"
    return "week" if due_on <= week else "weeks" if due_on <= weeks else "later"
