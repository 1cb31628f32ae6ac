"""Template tags of second opinions."""

from django import template

from careerplan.second_opinion.differences import OpinionDifference, effect_text

register = template.Library()


@register.simple_tag
def effect(one: OpinionDifference, name: str, has_target: bool) -> str:  # noqa: FBT001  (as templates call it)
    """Return what the mentor's level would change."""
    return effect_text(one, name, has_target=has_target)
