"""The change log of a plan: who changed what and when, from and to, in words (docs/adr/0007)."""

import json
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.db import connection, models
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.core.history import BY_MAIL
from careerplan.core.numbers import format_number
from careerplan.core.sentences import join_list, join_sentences, quoted
from careerplan.goals.models import ActionStep, Evaluation, Goal, Resource, StepOccurrence
from careerplan.goals.repeats import RepeatRule
from careerplan.plans.models import Pause, Plan

PAGE = 50
CHANGES = files("careerplan.planning").joinpath("change_log.sql").read_text(encoding="utf-8")
LONGEST_WORDS = 160  # characters of a value that are shown
MODELS = {
    "plan": Plan,
    "pause": Pause,
    "goal": Goal,
    "step": ActionStep,
    "resource": Resource,
    "evaluation": Evaluation,
}
# What pages call a row where the model has a name for programmers.
KINDS = {"resource": gettext_lazy("What you need"), "evaluation": gettext_lazy("Rating")}
# Internal columns, or columns that another one implies (a closed goal's state, a done step's).
HIDDEN_FIELDS = {
    *("id", "version", "form_key", "created_at", "due_set_at", "made_at", "closed_at", "done_at", "archived_at"),
    *("stop_answered_at", "caught_up_at", "carried_from_id", "user_id", "plan_id", "goal_id", "step_id"),
    "repeats_from",
}
Outcome = StepOccurrence.Outcome
Row = tuple[str, datetime, dict[str, Any], dict[str, Any] | None]
"""Of change_log.sql: the kind of row, when it changed, its values, and those before."""
DATES = {"due_on", "stop_on"}  # columns that a pause or a move of steps changes, all at once


@dataclass(frozen=True)
class Difference:
    """A changed column, in words; `before` is blank if it was empty."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeEntry:
    """A change: what, when, by whom, and the differences. A new row has no differences.

    `days_moved`: by how many days its dates moved, if nothing else changed. Dates that moved together are one change,
    whose `parts` name them.
    """

    at: datetime
    who: str
    kind: str
    title: str
    is_new: bool
    differences: list[Difference]
    days_moved: frozenset[int] = frozenset()
    parts: "list[ChangeEntry]" = field(default_factory=list)


@dataclass(frozen=True)
class ChangePage:
    """A page of changes, newest first; `older` and `newer` are the numbers of the neighbouring pages."""

    rows: list[ChangeEntry]
    newer: int | None
    older: int | None


def list_changes(plan: Plan, reader: User, page: int = 1) -> ChangePage:
    """Return the changes of a plan, fifty per page. At most five queries.

    Dates that one action moved are grouped; those on the next page are grouped there.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {"plan": plan.pk, "limit": PAGE + 1, "offset": PAGE * (page - 1)})
        found = [(about, at, json.loads(now), json.loads(before or "null")) for about, at, now, before in cursor]
    words = _ChangeFormatter(found, reader)
    rows = [words.of(*row) for row in found[:PAGE]]
    shown = [row for row in rows if row.is_new or row.differences]
    return ChangePage(group_bulk_moves(shown), page - 1 if page > 1 else None, page + 1 if len(found) > PAGE else None)


def group_bulk_moves(rows: Sequence[ChangeEntry]) -> list[ChangeEntry]:
    """Group dates that moved in one transaction, newest first."""
    moved = defaultdict(list)
    for row in rows:
        if row.days_moved:
            moved[row.at, row.who].append(row)
    told = []
    for row in rows:
        group = moved[row.at, row.who] if row.days_moved else [row]
        if len(group) == 1:
            told.append(row)
        elif row is group[0]:
            days = frozenset[int]().union(*(part.days_moved for part in group))
            count = sum(len(part.differences) for part in group)
            words = moved_text(count, days)
            told.append(replace(row, kind=words, title="", differences=[], days_moved=days, parts=group))
    return told


class _ChangeFormatter:
    """Formats rows of history; the names it needs are loaded at once."""

    def __init__(self, found: list[Row], reader: User) -> None:
        self.reader = reader
        rows = [row for _about, _at, now, before in found for row in (now, before) if row]
        actors = {key for row in rows if (key := (row["pgh_context"] or {}).get("user"))}
        self.people = dict(User.objects.filter(pk__in=actors - {reader.pk}).values_list("pk", "name"))
        occupations = {row["target_occupation_id"] for row in rows if row.get("target_occupation_id")}
        # An evaluation has no title; it takes that of its step today.
        rated = {now["step_id"] for about, _at, now, _before in found if about == "evaluation"}
        steps = ActionStep.objects.filter(pk__in=rated)
        self.step_titles = dict(steps.values_list("pk", "title")) if rated else {}
        self.outcomes = _load_outcomes(found)
        self.occupations = dict(Occupation.objects.filter(pk__in=occupations).values_list("pk", "title"))

    def of(self, about: str, at: datetime, now: dict[str, Any], before: dict[str, Any] | None) -> ChangeEntry:
        model = MODELS[about]
        return ChangeEntry(
            at=at,
            who=self._who(now),
            kind=str(KINDS.get(about) or capfirst(str(model._meta.verbose_name))),
            title=now.get("title") or now.get("description") or self.step_titles.get(now.get("step_id", 0), ""),
            is_new=before is None and now["pgh_label"] != "update",  # the first may be deleted by now
            differences=[] if before is None else self._differences(model, before, now),
            days_moved=frozenset() if before is None else _days_moved(model, before, now),
        )

    def _who(self, row: dict[str, Any]) -> str:
        context = row["pgh_context"] or {}
        actor = context.get("user")
        if actor == self.reader.pk:
            return _("you, from an email") if context.items() >= BY_MAIL.items() else _("you")
        return self.people.get(actor or 0, "") or _("Careerplan")

    def _differences(self, model: type[models.Model], before: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
        times = self._closed_times(before, now) if _is_next_time(before, now) else []
        hidden = {"due_on"} | ({"state"} if now.get("state") in ActionStep.OPEN_STATES else set()) if times else set()
        return times + [
            Difference(_label(one), self.format_value(one, before[one.column]), self.format_value(one, now[one.column]))
            for one in _changed(model, before, now)
            if one.column not in hidden
        ]

    def _closed_times(self, before: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
        """Return what became of the times of a repeating step until its next one; nothing if its day was moved."""
        closed = self.outcomes.get(now["id"], {})
        if before["due_on"] not in closed:
            return []
        until = now["due_on"] if now["due_on"] != before["due_on"] else ""
        days: dict[str, list[str]] = defaultdict(list)
        for day, outcome in sorted(closed.items()):
            if day == before["due_on"] or before["due_on"] < day < until:
                days[outcome].append(_day_text(day))
        told = [Difference(str(Outcome(outcome).label), "", join_list(some)) for outcome, some in days.items()]
        return [*told, Difference(_("Next time"), "", _day_text(until))] if until else told

    def format_value(self, field: Any, value: Any) -> str:
        """Return a value for people to read."""
        if value in (None, "", []):
            return ""
        if field.name in {"target_occupation", "repeats"}:
            rule = RepeatRule.parse(value) if field.name == "repeats" else None
            return rule.text if rule else self.occupations.get(value, "")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.DateField):  # times appear as dates
            return _day_text(value)
        if isinstance(field, models.DecimalField):
            return format_number(Decimal(str(value)))
        text = Truncator(join_list(value) if isinstance(value, list) else str(value)).chars(LONGEST_WORDS)
        is_own = isinstance(field, models.CharField | models.TextField) and field.name != "currency"
        return quoted(text) if is_own else text


def _is_next_time(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Return whether a repeating step went on to a later day, or ended."""
    if not now.get("repeats") or not before.get("repeats"):
        return False
    has_ended = now["state"] not in ActionStep.OPEN_STATES and before["state"] in ActionStep.OPEN_STATES
    return has_ended or now["due_on"] > before["due_on"]


def _load_outcomes(found: Sequence[Row]) -> dict[int, dict[str, str]]:
    """Return what became of the times of the repeating steps that went on: outcomes by ISO day, by step. At most one
    query.
    """
    steps = {
        now["id"] for about, _at, now, before in found if about == "step" and before and _is_next_time(before, now)
    }
    outcomes: dict[int, dict[str, str]] = defaultdict(dict)
    if steps:
        rows = StepOccurrence.objects.filter(step__in=steps).order_by("number")
        for step_id, day, outcome in rows.values_list("step_id", "due_on", "outcome"):
            outcomes[step_id][day.isoformat()] = outcome
    return outcomes


def _day_text(value: str) -> str:
    return date_format(date.fromisoformat(value[:10]), "j M Y")


def _label(column: Any) -> str:
    return _("Date of the stop rule") if column.name == "stop_on" else capfirst(str(column.verbose_name))


def _changed(model: type[models.Model], before: dict[str, Any], now: dict[str, Any]) -> list[Any]:
    """Return the visible columns that differ."""
    said: list[Any] = [
        one for one in model._meta.concrete_fields if one.column not in HIDDEN_FIELDS and one.column in now
    ]
    return [one for one in said if before.get(one.column) != now[one.column]]


def _days_moved(model: type[models.Model], before: dict[str, Any], now: dict[str, Any]) -> frozenset[int]:
    """Return by how many days the dates moved; none if anything else changed, a date was added or removed, or a
    repeating step went on to its next day.
    """
    if now.get("repeats"):
        return frozenset()
    names = {one.column for one in _changed(model, before, now)}
    if not names <= DATES or not all(row[name] for row in (before, now) for name in names):
        return frozenset()
    return frozenset((date.fromisoformat(now[name]) - date.fromisoformat(before[name])).days for name in names)


def moved_text(count: int, days: Set[int]) -> str:
    """Return how many dates moved: "12 dates moved. Each is now 14 days later."

    `days`: by how many, if it is the same for all.
    """
    words = ngettext("%(n)s date moved.", "%(n)s dates moved.", count) % {"n": count}
    if len(days) != 1:
        return words
    (by,) = days
    if by > 0:
        distance = ngettext("Each is now %(n)s day later.", "Each is now %(n)s days later.", by)
    else:
        distance = ngettext("Each is now %(n)s day earlier.", "Each is now %(n)s days earlier.", -by)
    return join_sentences(words, distance % {"n": abs(by)})
