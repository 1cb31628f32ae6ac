"""Where the target is among the occupations that the answers are closest to, or why it is in none of the lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import Occupation
from careerplan.skills.queries.match_rows import OccupationMatches, TargetMatch
from careerplan.skills.queries.result_texts import OccupationRow

MOST_COUNTED = 20
"""Further down, a place says nothing: hundreds of occupations are about equally far."""


@dataclass(frozen=True, slots=True)
class TargetPlace:
    """The target: `title`, which list it is in or why it is in none (`place`), and its row, None if it is not rated."""

    title: str
    place: str
    row: OccupationRow | None
    is_listed: bool = False


def target_place(
    matches: OccupationMatches, target: Occupation | None, rows: Sequence[OccupationRow]
) -> TargetPlace | None:
    """Return the place of the target; None without one or if there are no lists. `rows` has its row, if it is rated."""
    if target is None or not matches.is_enough:
        return None
    if matches.target is None or not rows:
        return TargetPlace(target.title, _("Our sources have no levels for it, so it is in none of the lists."), None)
    is_listed = any(one.facts.pk == target.pk for one in matches.shown)
    return TargetPlace(target.title, _place(matches, matches.target), rows[0], is_listed)


def _place(matches: OccupationMatches, target: TargetMatch) -> str:
    lists = (
        (matches.like_yours, _("You find it under “Work like yours”.")),
        (matches.step_up, _("You find it under “A step up”.")),
        (matches.other_field, _("You find it under “Another field”.")),
        (matches.longer_training, _("You find it under “Needs much longer training”.")),
    )
    for matched, words in lists:
        if any(one.facts.pk == target.match.facts.pk for one in matched):
            return words
    if matches.current and matches.current.facts.pk == target.match.facts.pk:
        return _("It is your own occupation, so it is in none of the lists.")
    if target.needs_study:
        return _("It is in none of the lists, because it needs much longer training than you have.")
    if target.closer > MOST_COUNTED:
        text = _("It is in none of the lists, because your answers are closer to more than %(n)s other occupations.")
        return text % {"n": MOST_COUNTED}
    text = ngettext(
        "It is in none of the lists, because your answers are closer to %(n)s other occupation.",
        "It is in none of the lists, because your answers are closer to %(n)s other occupations.",
        target.closer,
    )
    return text % {"n": target.closer}
