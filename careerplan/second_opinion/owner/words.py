"""Headings of the owner's pages about a second opinion."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.second_opinion.differences import higher_text
from careerplan.second_opinion.owner.queries import OpinionResults
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.texts import in_sentence, levels_met, list_names


def difference_title(found: OpinionResults) -> str:
    """Return on how many skills both differ, or that they agree."""
    name, count = found.opinion.mentorship.first_name, len(found.differences)
    if not found.count - len(found.not_judged):
        return _("%(name)s could not judge these skills") % {"name": name}
    if not count and found.not_rated:
        return _("You have not rated all of these skills")
    if not count:
        agreed = len(found.agreed)
        text = ngettext("You and %(name)s agree on %(n)s skill", "You and %(name)s agree on all %(n)s skills", agreed)
        return text % {"name": name, "n": agreed}
    text = ngettext(
        "You and %(name)s differ on %(n)s of %(all)s skill",
        "You and %(name)s differ on %(n)s of %(all)s skills",
        found.count,
    )
    return text % {"name": name, "n": count, "all": found.count}


def difference_lead(found: OpinionResults) -> str:
    """Return the most important difference in a sentence; without one, what could not be judged."""
    name = found.opinion.mentorship.first_name
    if found.differences:
        first = found.differences[0]
        return _("%(skill)s: %(sentence)s") % {"skill": first.name, "sentence": higher_text(first, name)}
    if found.not_rated:
        skills = list_names([in_sentence(one) for one in found.not_rated], most=8)
        return _("You have not rated: %(skills)s. Your results do not change.") % {"skills": skills}
    if found.not_judged:
        skills = list_names([in_sentence(one) for one in found.not_judged], most=8)
        return _("%(name)s could not judge: %(skills)s. Your results do not change.") % {"name": name, "skills": skills}
    return _("Your results do not change.")


def results_title(found: OpinionResults, *, is_alone: bool) -> str:
    """Return how many of the needed skills are met, with or without the chosen levels."""
    comparison = found.alone if is_alone else found.combined
    if comparison is None:
        return _("Your levels after the second opinion")
    return _met(comparison)


def _met(comparison: Comparison) -> str:
    return levels_met(len(comparison.met), comparison.compared, has_unrated=bool(comparison.unrated))


def results_lead(found: OpinionResults, *, is_alone: bool) -> str:
    """Return which ratings these results use, and what the other ones give."""
    name = found.opinion.mentorship.first_name
    if found.combined is None or found.alone is None:
        return _("You have no target role to compare with.")
    if is_alone:
        values = {"name": name, "n": len(found.combined.met)}
        return _("With your ratings alone. With %(name)s’s view it is %(n)s.") % values
    if len(found.alone.met) == len(found.combined.met):
        return _("With %(name)s’s view, and as many with your ratings alone.") % {"name": name}
    return _("With %(name)s’s view. It was %(n)s with your ratings alone.") % {"name": name, "n": len(found.alone.met)}
