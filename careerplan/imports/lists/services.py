"""Import the chosen items of a list as goals and steps, so that all of it can be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.account_data.models import DataImport
from careerplan.account_data.undo import record_added_rows
from careerplan.core.dates import local_day
from careerplan.goals.models import Goal
from careerplan.goals.services.goals import create_goal
from careerplan.goals.services.steps import add_step
from careerplan.imports.lists.items import ListItem

DAYS_TO_FIRST_STEP = 7


@dataclass(frozen=True, kw_only=True)
class ChosenGroup:
    """Items and where they go: into the goal `into`, into a new goal `title`, or each becomes a goal (`is_each`).

    `area` and `due_on` are those of new goals; with `is_each`, `due_on` counts for items that have no day.
    """

    items: Sequence[ListItem]
    into: int | None = None
    title: str = ""
    is_each: bool = False
    area: str = ""
    due_on: date | None = None


@dataclass
class ImportedList:
    """What was added, by id, and the record by which it can be undone: None if all of it was there already.

    `steps` are all; `loose` those among them that went into goals that were there before.
    """

    goals: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    record: DataImport | None = None


@transaction.atomic
def import_list(*, user: User, groups: Iterable[ChosenGroup], checksum: str, now: datetime) -> ImportedList:
    """Add the items to the user's active plan, all of them or none. Idempotent: sent twice, they are added once.

    `checksum`: of the file. Raises Goal.DoesNotExist if a goal is gone, GoalIsClosed if it has been closed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    writer = _Writer(user, checksum, now)
    for group in groups:
        if group.is_each:
            for item in group.items:
                writer.add_goal_of_item(group, item)
        elif group.into is None:
            writer.add_goal(group)
        else:
            goal = Goal.objects.for_user(user).get(pk=group.into)
            writer.made.loose += writer.add_steps(goal, group.items)
    made = writer.made
    if made.goals or made.steps:
        made.record = record_added_rows(
            user=user,
            added={"goals": made.goals, "steps": made.loose},
            counts={"goals": len(made.goals), "steps": len(made.steps)},
            checksum=checksum,
            now=now,
        )
    return made


class _Writer:
    """Writes goals and steps, and notes which of them are new."""

    def __init__(self, user: User, checksum: str, now: datetime) -> None:
        self.user, self.checksum, self.now = user, checksum, now
        self.today = local_day(now, user.time_zone)
        self.made = ImportedList()

    def add_goal(self, group: ChosenGroup) -> None:
        """Add a new goal whose steps are the items."""
        due_on = group.due_on or self.today
        first = group.items[0]
        changes = self._goal(group, group.title, due_on, _("All of its steps are done."))
        goal = self._create(changes, self._step(first), first)
        self.add_steps(goal, group.items[1:])

    def add_goal_of_item(self, group: ChosenGroup, item: ListItem) -> None:
        """Add an item as a goal, with a step to find the first one with: a goal is never without."""
        due_on = item.due_on or group.due_on or self.today
        changes = self._goal(group, item.title, due_on, item.measure or _("It is done."))
        step_due_on = min(due_on, self.today + timedelta(days=DAYS_TO_FIRST_STEP))
        self._create(
            {**changes, "why": item.details}, {"title": _("Decide on the first step"), "due_on": step_due_on}, item
        )

    def add_steps(self, goal: Goal, items: Iterable[ListItem]) -> list[int]:
        """Add items to a goal. Return the ids of the new steps."""
        added = []
        for item in items:
            key = self._key("step", item)
            step = add_step(goal=goal, changes=self._step(item), form_key=key, now=self.now)
            if step.created_at == self.now:
                added.append(step.pk)
        self.made.steps += added
        return added

    def _goal(self, group: ChosenGroup, title: str, due_on: date, done_when: str) -> dict[str, Any]:
        return {
            "title": title,
            "area": group.area,
            "measure_kind": Goal.MeasureKind.YES_NO,
            "done_when": done_when,
            "starts_on": self.today,
            "due_on": due_on,
        }

    def _create(self, changes: dict[str, Any], first_step: dict[str, Any], item: ListItem) -> Goal:
        key = self._key("goal", item)
        goal = create_goal(user=self.user, form_key=key, changes=changes, first_step=first_step, now=self.now)
        if goal.created_at == self.now:
            self.made.goals.append(goal.pk)
            self.made.steps += goal.steps.values_list("pk", flat=True)
        return goal

    def _step(self, item: ListItem) -> dict[str, Any]:
        return {"title": item.title, "details": item.details, "due_on": item.due_on}

    def _key(self, kind: str, item: ListItem) -> UUID:
        """Return a key that is the same each time this row of this file is imported."""
        return uuid5(NAMESPACE_OID, f"{self.checksum} {kind} {item.number}")
