"""Template tags of an open step, in a list and on the page of its goal. Their markup is the same for every step but for
ids and the person's own words, so it is rendered once for each date, effort and rule, with places for those.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from careerplan.core.templatetags.careerplan import CSRF_PLACE
from careerplan.goals.forms.step_list import near_days
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.agenda import StepRow

register = template.Library()

MARK = "\ue000"  # around the name of a place, as in CSRF_PLACE
STEP_ID, GOAL_ID = 9_007_199_254_740_991, 9_007_199_254_740_881  # in the place of real ones; addresses need numbers
TEMPLATE = "goals/_row.html"


@register.simple_tag(takes_context=True)
def step_row(context: template.Context, row: StepRow, place: str, query: str = "") -> SafeString:
    """Render the row of a step. `place` and `query`: where its buttons lead back to."""
    if not row.is_open:
        values = {str(name): value for name, value in context.flatten().items()}
        return render_to_string(TEMPLATE, {**values, "row": row, "place": place, "query": query})
    shown = _Shown(_today(context), place, bool(query), row.due_on, row.effort_hours, row.state, row.repeats)
    of_goal = {"goal": str(row.goal_id), "goal_title": row.goal_title}
    return _filled(_row_parts(shown, _language()), context, step=str(row.id), title=row.title, query=query, **of_goal)


@register.simple_tag(takes_context=True)
def step_when(context: template.Context, step: ActionStep) -> SafeString:
    """Render the date of an open step on the page of its goal, with the menu that moves it."""
    parts = _when_parts(_today(context), step.due_on, bool(step.repeats), _language())
    return _filled(parts, context, step=str(step.pk), title=step.title)


@register.simple_tag(takes_context=True)
def step_do(context: template.Context, step: ActionStep) -> SafeString:
    """Render what can be done with an open step on the page of its goal. With `is_next` its button stands out."""
    shown = _Doable(bool(context.get("is_next")), step.due_on, step.state, bool(step.repeats))
    return _filled(_do_parts(shown, _language()), context, step=str(step.pk), title=step.title)


def _today(context: template.Context) -> date:
    today: date = context.get("today") or timezone.localdate()
    return today


def _language() -> str:
    return translation.get_language() or ""


def _filled(parts: tuple[str, ...], context: template.Context, **words: str) -> SafeString:
    """Put ids and words into their places."""
    escaped = {name: escape(word) for name, word in words.items()} | {"csrf": str(context.get("csrf_token", ""))}
    filled = list(parts)
    filled[1::2] = [escaped[name] for name in parts[1::2]]
    return mark_safe("".join(filled))  # noqa: S308  (the words are escaped)


class _Shown(NamedTuple):
    """What the row of a step shows, but for ids and words."""

    today: date
    place: str
    has_query: bool
    due_on: date | None
    effort_hours: Decimal | None
    state: str
    repeats: str


class _Doable(NamedTuple):
    """What decides what can be done with a step."""

    is_next: bool
    due_on: date | None
    state: str
    repeats: bool


@lru_cache(maxsize=2048)
def _row_parts(shown: _Shown, _language: str) -> tuple[str, ...]:
    row = StepRow(
        id=STEP_ID,
        title=_place("title"),
        due_on=shown.due_on,
        goal_id=GOAL_ID,
        goal_title=_place("goal_title"),
        goal_due_on=shown.today,
        why="",
        effort_hours=shown.effort_hours,
        state=shown.state,
        done_at=None,
        repeats=shown.repeats,
    )
    values = {"row": row, "today": shown.today, "near_days": near_days(shown.today), "place": shown.place}
    return _parts(TEMPLATE, {**values, "query": _place("query") if shown.has_query else ""})


@lru_cache(maxsize=2048)
def _when_parts(today: date, due_on: date | None, repeats: bool, _language: str) -> tuple[str, ...]:  # noqa: FBT001  (a key)
    of_step = {"pk": STEP_ID, "title": _place("title"), "due_on": due_on, "repeats": repeats}
    return _parts("goals/_row_when.html", {**of_step, "today": today, "near_days": near_days(today)})


@lru_cache(maxsize=2048)
def _do_parts(shown: _Doable, _language: str) -> tuple[str, ...]:
    return _parts("goals/_step_do.html", {"pk": STEP_ID, "title": _place("title"), **shown._asdict()})


def _parts(template_name: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the markup of a step, and between each two parts of it the name of what belongs there."""
    html = (
        str(render_to_string(template_name, {**values, "csrf_token": CSRF_PLACE}))
        .replace(str(STEP_ID), _place("step"))
        .replace(str(GOAL_ID), _place("goal"))
    )
    return tuple(re.split(rf"{MARK}(\w+){MARK}", html))


def _place(name: str) -> str:
    return f"{MARK}{name}{MARK}"
