"""Template tags of skills: views of the results, and rows of levels. A page shows dozens of these rows, and their cells
depend on a few small numbers, so each is rendered once for a language.
"""

from functools import cache, lru_cache

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careerplan.core.templatetags.careerplan import CSRF_PLACE, icon
from careerplan.skills.models import Level
from careerplan.skills.queries.assessment_diff import LevelChange
from careerplan.skills.queries.comparison import GapRow
from careerplan.skills.queries.occupation_lists import LikedRow
from careerplan.skills.queries.result_texts import OccupationRow
from careerplan.skills.queries.results import Results
from careerplan.skills.queries.skill_groups import LevelRow

register = template.Library()

PER_LEVEL = 20  # per cent of the scale


@register.simple_tag(takes_context=True)
def result_view(
    context: template.Context,
    results: Results,
    view: str,
    *,
    is_newest: bool,
    shows_all: bool,
) -> SafeString:
    """Render a view of the results, once for as long as they are kept: the first rows of each list, or all of them.

    Only the newest results ask for more answers.
    """
    key = f"{view}{'' if is_newest else ', earlier'}{', all' if shows_all else ''}"
    if key not in results.rendered:
        values = {"results": results, "view": view, "is_newest": is_newest, "csrf_token": CSRF_PLACE}
        values["shows_all"] = shows_all
        results.rendered[key] = render_to_string(f"skills/results/view_{view}.html", values)
    return SafeString(results.rendered[key].replace(CSRF_PLACE, get_token(context["request"])))


@register.simple_tag
def level_cells(have: int | None) -> SafeString:
    """Return the cells of a level (0 to 5): as a bar, and as a number; words if the user is not sure."""
    return _cells("level", translation.get_language() or "", have=have)


@register.simple_tag
def gap_cells(have: int, need: int, gap: int) -> SafeString:
    """Return the cells of a level beside the level needed: as a bar, with the gap if there is one, and as numbers."""
    return _cells("gap", translation.get_language() or "", have=have, need=need, gap=gap)


@register.simple_tag
def standing_cells(have: int, usual: int, need: int | None, has_needs: bool) -> SafeString:  # noqa: FBT001
    """Return the cells of a level beside the usual one and, in a table that `has_needs`, the level needed if it is."""
    language = translation.get_language() or ""
    return _cells("standing", language, have=have, usual=usual, need=need, has_needs=has_needs)


@lru_cache(maxsize=2048)
def _cells(kind: str, _language: str, **values: int | None) -> SafeString:
    ends = {f"{name}_percent": PER_LEVEL * value for name, value in values.items() if isinstance(value, int)}
    have = values["have"]
    phrase = "" if have is None else Level(have).phrase
    return SafeString(render_to_string(f"skills/results/_{kind}_cells.html", {**values, **ends, "phrase": phrase}))


@register.simple_tag
@cache
def dots(number: int) -> SafeString:
    """Return three dots, so many of them filled; the word beside them says the same."""
    return SafeString(render_to_string("skills/results/_dots.html", {"dots": number}))


@register.simple_tag
def near(row: OccupationRow | LikedRow) -> SafeString:
    """Return what the user can do and would like of an occupation or a field."""
    closeness, filled = (row.closeness, row.dots) if isinstance(row, OccupationRow) else ("", 0)
    return _near(str(closeness), filled, str(row.would_like), row.would_like_dots, translation.get_language() or "")


@lru_cache(maxsize=256)
def _near(closeness: str, filled: int, would_like: str, would_like_dots: int, _language: str) -> SafeString:
    values = {"closeness": closeness, "dots": filled, "would_like": would_like, "would_like_dots": would_like_dots}
    return SafeString(render_to_string("skills/results/_near.html", values))


@register.simple_tag
def level_change(change: LevelChange) -> SafeString:
    """Return a skill whose level changed as a list item."""
    words = _("<b>%(name)s</b> from %(before)s to %(after)s.") % {
        "name": escape(change.name),
        "before": change.before,
        "after": change.after,
    }
    return format_html(
        "<li>{} <span>{}</span></li>", icon("arrow-up" if change.is_up else "arrow-down"), SafeString(words)
    )


@register.simple_tag
def new_goal_link(row: LevelRow | GapRow, results: Results) -> SafeString:
    """Return the link from a skill to a new goal; nothing at the highest level, where no goal could raise it."""
    if (row.level if isinstance(row, LevelRow) else row.have) == max(Level):
        return SafeString("")
    address, label, words = _new_goal(translation.get_language() or "")
    query = f"?skill={row.skill_id}{results.occupation_query}"
    link = '<a class="cp-gap-link" href="{}{}" aria-label="{}">{}</a>'
    return format_html(link, address, query, label % {"name": row.name}, words)


@lru_cache(maxsize=16)
def _new_goal(_language: str) -> tuple[str, str, str]:
    """Return what is the same in each link to a new goal: its address, its label and its words."""
    return reverse("goals:new"), _("Make this a goal: %(name)s"), _("Make this a goal")
