"""Template tag of an open step in a list. Its row is the same for every step but for ids and the person's own words, so
it is rendered once for each date, effort and rule, with places for those.
"""

import re
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
    today = context.get("today") or timezone.localdate()
    words = {
        "csrf": str(context.get("csrf_token", "")),
        "step": str(row.id),
        "goal": str(row.goal_id),
        "title": escape(row.title),
        "goal_title": escape(row.goal_title),
        "query": escape(query),
    }
    shown = _Shown(today, place, bool(query), row.due_on, row.effort_hours, row.state, row.repeats)
    parts = list(_parts(shown, translation.get_language() or ""))
    parts[1::2] = [words[name] for name in parts[1::2]]
    return mark_safe("".join(parts))  # noqa: S308  (the words are escaped)


class _Shown(NamedTuple):
    """What the row of a step shows, but for ids and words."""

    today: date
    place: str
    has_query: bool
    due_on: date | None
    effort_hours: Decimal | None
    state: str
    repeats: str


@lru_cache(maxsize=2048)
def _parts(shown: _Shown, language: str) -> tuple[str, ...]:
    """Return the markup of a row, and between each two parts of it the name of what belongs there."""
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
    today = shown.today
    values: dict[str, Any] = {"row": row, "today": today, "near_days": near_days(today), "csrf_token": CSRF_PLACE}
    values |= {"place": shown.place, "query": _place("query") if shown.has_query else ""}
    html = (
        str(render_to_string(TEMPLATE, values))
        .replace(str(STEP_ID), _place("step"))
        .replace(str(GOAL_ID), _place("goal"))
    )
    return tuple(re.split(rf"{MARK}(\w+){MARK}", html))


def _place(name: str) -> str:
    return f"{MARK}{name}{MARK}"
