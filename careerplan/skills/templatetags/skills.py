"""Template tags of skills: levels as bars. A page shows dozens, so each is rendered once for a language."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from careerplan.skills.models import Level

register = template.Library()

PER_LEVEL = 20  # per cent of the scale


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
