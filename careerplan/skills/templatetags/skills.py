"""Template tags of skills: views of the results, and levels as bars. A page shows dozens of these, so each is rendered
once for a language.
"""

from functools import lru_cache

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from careerplan.core.templatetags.careerplan import CSRF_PLACE
from careerplan.skills.models import Level
from careerplan.skills.queries.results import Results

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
def level_chart(have: int) -> SafeString:
    """Return a level (0 to 5) as a bar."""
    return _level_chart(have, translation.get_language() or "")


@lru_cache(maxsize=256)
def _level_chart(have: int, language: str) -> SafeString:
    values = {"have_percent": PER_LEVEL * have, "level": Level(have).phrase}
    return SafeString(render_to_string("skills/results/_level_chart.html", values))


@register.simple_tag
def gap_chart(have: int, need: int, gap: int) -> SafeString:
    """Return a level as a bar beside the level needed, with the gap between them if there is one."""
    return _gap_chart(have, need, translation.get_language() or "", has_gap=bool(gap))


@lru_cache(maxsize=1024)
def _gap_chart(have: int, need: int, language: str, *, has_gap: bool) -> SafeString:
    values = {"have": have, "need": need, "has_gap": has_gap}
    values |= {"have_percent": PER_LEVEL * have, "need_percent": PER_LEVEL * need}
    return SafeString(render_to_string("skills/results/_gap_chart.html", values))


@register.simple_tag
def standing_chart(have: int, usual: int, need: int | None) -> SafeString:
    """Return a level as a bar, with marks for the usual level and, if there is one, the level needed."""
    return _standing_chart(have, usual, need, translation.get_language() or "")


@lru_cache(maxsize=1024)
def _standing_chart(have: int, usual: int, need: int | None, language: str) -> SafeString:
    values = {"have": have, "usual": usual, "need": need}
    values |= {
        "have_percent": PER_LEVEL * have,
        "usual_percent": PER_LEVEL * usual,
        "need_percent": PER_LEVEL * (need or 0),
    }
    return SafeString(render_to_string("skills/results/_standing_chart.html", values))
