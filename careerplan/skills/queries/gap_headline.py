"""The headline of the view of gaps."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.texts import in_sentence, levels_met

LEAST_FEWER = 2
LEAST_CLUSTER = 3


def gap_headline(
    comparison: Comparison | None,
    levels: Sequence[int],
    *,
    groups: Mapping[int, str],
    people: str = "",
    usual_gaps: int | None = None,
) -> Headline:
    """Return the first of these that is true: fewer gaps than most people in the current occupation would have, most
    gaps in one group of skills, no gap above one level; else how many needed skills are met. Without a comparison, how
    many are rated skilled.

    `groups` are names by skill id, `usual_gaps` how many gaps `people` usually have in the same skills.
    """
    if comparison is None or not comparison.compared:
        return Headline(_rated_headline(levels))
    surprising = _surprising(comparison, groups, people, usual_gaps)
    if surprising:
        return Headline(surprising, _met_sentence(comparison))
    return Headline(levels_met(len(comparison.met), comparison.compared, has_unrated=bool(comparison.unrated)))


def _surprising(comparison: Comparison, groups: Mapping[int, str], people: str, usual_gaps: int | None) -> str:
    """Return what is not to be expected of the gaps; blank if nothing."""
    count = len(comparison.gaps)
    if people and usual_gaps is not None and count and usual_gaps - count >= LEAST_FEWER:
        text = ngettext(
            "Most %(people)s have %(usual)s gaps to this role, you have %(n)s",
            "Most %(people)s have %(usual)s gaps to this role, you have %(n)s",
            count,
        )
        return text % {"people": people, "usual": usual_gaps, "n": count}
    name, inside = _largest_group(comparison, groups)
    if inside >= LEAST_CLUSTER and inside * 2 > count:
        values = {"n": inside, "all": count, "group": in_sentence(name)}
        if inside == count:
            return _("All %(n)s of your gaps are in one area: %(group)s") % values
        return _("%(n)s of your %(all)s gaps are in one area: %(group)s") % values
    if count >= LEAST_CLUSTER and all(row.gap == 1 for row in comparison.gaps):
        return _("None of your %(n)s gaps is larger than 1 level") % {"n": count}
    return ""


def _met_sentence(comparison: Comparison) -> str:
    """Return how many of the needed and rated skills are met, for below a headline that says something else."""
    text = ngettext(
        "You already have the level needed in %(met)s of %(all)s.",
        "You already have the level needed in %(met)s of %(all)s.",
        len(comparison.met),
    )
    return text % {"met": len(comparison.met), "all": comparison.compared}


def _rated_headline(levels: Sequence[int]) -> str:
    if not levels:
        return _("You have not given any skill a level yet")
    able = sum(level >= Level.SKILLED for level in levels)
    text = ngettext(
        "You are skilled or better in %(able)s of the %(all)s skill you rated",
        "You are skilled or better in %(able)s of the %(all)s skills you rated",
        len(levels),
    )
    return text % {"able": able, "all": len(levels)}


def _largest_group(comparison: Comparison, groups: Mapping[int, str]) -> tuple[str, int]:
    """Return the group of skills with most gaps, and how many; of equals the one with the larger gap first."""
    counts = Counter(groups[row.skill_id] for row in comparison.gaps if row.skill_id in groups)
    return counts.most_common(1)[0] if counts else ("", 0)
