"""The headline of the view of gaps."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.result_texts import OccupationRow
from careerplan.skills.queries.standing import Standing
from careerplan.skills.texts import in_sentence, levels_met, list_names

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


def untargeted_headline(nearest: OccupationRow | None, standing: Standing | None, *, is_retiring: bool) -> Headline:
    """Return the headline for someone without a target: the largest gap to the nearest occupation; near retirement, or
    without a nearest one, what is below the usual level. Blank if nothing can be compared.
    """
    if nearest is not None and not is_retiring:
        values = {"people": nearest.people, "skill": in_sentence(nearest.largest_gap)}
        if nearest.largest_gap:
            return Headline(_("Your largest gap to %(people)s: %(skill)s") % values)
        return Headline(_("You have no gap to %(people)s in the skills you rated") % values)
    if standing is None:
        return Headline("")
    return Headline(_behind_title(standing), _behind_lead(standing))


def _behind_title(standing: Standing) -> str:
    values = {"n": len(standing.behind), "all": standing.compared, "people": standing.people}
    if standing.people and standing.behind:
        text = ngettext(
            "You are below most %(people)s in %(n)s skill of %(all)s",
            "You are below most %(people)s in %(n)s skills of %(all)s",
            len(standing.behind),
        )
    elif standing.people:
        text = _("You are not below most %(people)s in any skill you rated")
    elif standing.behind:
        text = ngettext(
            "You are below the average of all occupations in %(n)s skill of %(all)s",
            "You are below the average of all occupations in %(n)s skills of %(all)s",
            len(standing.behind),
        )
    else:
        text = _("You are not below the average of all occupations in any skill you rated")
    return text % values


def _behind_lead(standing: Standing) -> str:
    """Name the skills furthest below the usual level; blank if none is."""
    names = list_names([row.name for row in standing.behind])
    return _("Furthest below: %(skills)s.") % {"skills": names} if names else ""


def _surprising(comparison: Comparison, groups: Mapping[int, str], people: str, usual_gaps: int | None) -> str:
    """Return what is not to be expected of the gaps; blank if nothing."""
    count = len(comparison.gaps)
    if people and usual_gaps is not None and count and usual_gaps - count >= LEAST_FEWER:
        text = ngettext(
            "Most %(people)s have %(usual)s gaps to this role, you have %(n)s",
            "Most %(people)s have %(usual)s gaps to this role, you have %(n)s",
            count,
        )
        if comparison.unrated:
            text = ngettext(
                "In the %(all)s needed skill you rated, most %(people)s have %(usual)s gaps, you have %(n)s",
                "In the %(all)s needed skills you rated, most %(people)s have %(usual)s gaps, you have %(n)s",
                comparison.compared,
            )
        return text % {"people": people, "usual": usual_gaps, "n": count, "all": comparison.compared}
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
    if comparison.has_close:
        text = ngettext(
            "Of the %(all)s needed skill you rated, you have the level needed, or are close to it, in %(met)s.",
            "Of the %(all)s needed skills you rated, you have the level needed, or are close to it, in %(met)s.",
            comparison.compared,
        )
    elif comparison.unrated:
        text = ngettext(
            "Of the %(all)s needed skill you rated, you already have the level needed in %(met)s.",
            "Of the %(all)s needed skills you rated, you already have the level needed in %(met)s.",
            comparison.compared,
        )
    else:
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
