"""The sentences of the results page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel, Occupation
from careerplan.skills.models import Education, Level
from careerplan.skills.queries.comparison import Comparison, GapRow, OccupationMatch
from careerplan.skills.texts import list_names

MATTER_MOST = 3


@dataclass(frozen=True, slots=True)
class OccupationMatchRow:
    """An occupation that fits, with the reasons in sentences."""

    match: OccupationMatch
    reasons: list[str]
    is_target: bool

    @property
    def query(self) -> str:
        """Return the query string that compares the results with this occupation; blank for the target."""
        return "" if self.is_target else f"?occupation={self.match.occupation_id}"


def headline(comparison: Comparison | None, levels: Sequence[int]) -> str:
    """The most important sentence: how many needed skills are met, or without a target how many are rated skilled."""
    if comparison and comparison.compared:
        values = {"met": len(comparison.met), "all": comparison.compared}
        if comparison.unrated:
            text = ngettext(
                "You have the level needed for %(met)s of the %(all)s needed skill you rated",
                "You have the level needed for %(met)s of the %(all)s needed skills you rated",
                comparison.compared,
            )
        else:
            text = ngettext(
                "You have the level needed for %(met)s of %(all)s skill",
                "You have the level needed for %(met)s of %(all)s skills",
                comparison.compared,
            )
        return text % values
    if not levels:
        return _("You have not given any skill a level yet")
    able = sum(level >= Level.SKILLED for level in levels)
    text = ngettext(
        "You are skilled or better in %(able)s of the %(all)s skill you rated",
        "You are skilled or better in %(able)s of the %(all)s skills you rated",
        len(levels),
    )
    return text % {"able": able, "all": len(levels)}


def gap_sentences(comparison: Comparison) -> list[str]:
    """Name the gaps that matter most, and say which of them are goals already."""
    most = comparison.gaps[:MATTER_MOST]
    if not most:
        return [_("You have the level needed in every skill you rated.")]
    if len(comparison.gaps) > MATTER_MOST:
        text = ngettext("Your biggest gap: %(skills)s.", "Your %(n)s biggest gaps: %(skills)s.", len(most))
    else:
        text = ngettext("You have %(n)s gap: %(skills)s.", "You have %(n)s gaps: %(skills)s.", len(most))
    goals = sum(row.goal is not None for row in most)
    if not goals:
        goal_text = ngettext("You have no goal for this gap yet.", "You have no goals for these gaps yet.", len(most))
    elif goals == len(most):
        goal_text = ngettext("You have a goal for this gap.", "You have goals for all of these gaps.", goals)
    else:
        goal_text = ngettext(
            "You have a goal for %(n)s of these gaps.", "You have goals for %(n)s of these gaps.", goals
        )
    return [text % {"skills": list_names([row.name for row in most]), "n": len(most)}, goal_text % {"n": goals}]


def rating_sentences(learn: Sequence[str], strengths: Sequence[str]) -> list[str]:
    """Name what the user wants to learn and their strengths, if there are no gaps to name."""
    sentences = []
    if learn:
        sentences.append(_("You want to learn: %(skills)s.") % {"skills": list_names(learn)})
    if strengths:
        text = ngettext("Your strength: %(skills)s.", "Your strengths: %(skills)s.", len(strengths))
        sentences.append(text % {"skills": list_names(strengths)})
    return sentences or [_("You have not chosen any skills to learn yet. You can make any skill a goal.")]


def match_reasons(match: OccupationMatch, rows: Sequence[GapRow], education: str) -> list[str]:
    """Say why an occupation fits, from rows in the order of `gap_rows` and the user's level of education."""
    above = sorted((row for row in rows if row.surplus), key=lambda row: (-row.surplus, row.name))[:2]
    gaps = [row.name for row in rows if row.gap]
    sentences = []
    if above and match.met:
        sentences.append(_("Above the level needed: %(skills)s.") % {"skills": list_names([row.name for row in above])})
    if gaps:
        text = ngettext("Gap: %(skills)s.", "Gaps: %(skills)s.", len(gaps))
        sentences.append(text % {"skills": list_names(gaps)})
    else:
        text = ngettext(
            "You have the level needed in the %(n)s skill compared.",
            "You have the level needed in each of the %(n)s skills compared.",
            match.compared,
        )
        sentences.append(text % {"n": match.compared})
    if usual := match.education_above(education):
        sentences.append(_("Usual education: %(level)s.") % {"level": usual})
    return sentences


def target_not_ranked(comparison: Comparison) -> str:
    """Say how many skills of the target role are rated, if these are not enough for a match."""
    needed = comparison.compared + len(comparison.unrated)
    text = ngettext(
        "You have rated %(rated)s of the %(needed)s skill needed for %(title)s. Rate more of them to see your match.",
        "You have rated %(rated)s of the %(needed)s skills needed for %(title)s. Rate more of them to see your match.",
        needed,
    )
    return text % {"title": comparison.occupation.title, "rated": comparison.compared, "needed": needed}


def education_summary(education: Education | None, occupation: Occupation | None) -> str:
    """Compare the level of education with the usual one and with the user's own view.

    Without a level, or without a usual level for the occupation, only their own view is said.
    """
    if education is None:
        return ""
    usual = occupation.typical_education if occupation else ""
    if not usual or not education.level:
        return {
            "yes": _("You said that your education is enough."),
            "no": _("You said that your education is not enough yet."),
            "unsure": _("You are not sure whether your education is enough."),
        }.get(education.enough, "")
    reaches = _reaches(education, usual)
    return {
        (True, "no"): _("You have the usual level of education. You said that it is not enough yet."),
        (False, "yes"): _("You are below the usual level of education. You said that your education is enough."),
        (False, "no"): _("You are below the usual level of education. You said that it is not enough yet."),
    }.get(
        (reaches, education.enough),
        _("You have the usual level of education.") if reaches else _("You are below the usual level of education."),
    )


def missing_education(education: Education | None, occupation: Occupation | None) -> str:
    """Return what is missing, if the user says so: in their words, else the usual level, else blank."""
    if education is None or education.enough != Education.Enough.NO:
        return ""
    usual = occupation.typical_education if occupation else ""
    if education.stated_missing or not usual or not education.level or _reaches(education, usual):
        return education.stated_missing
    return str(EducationLevel(usual).label)


def _reaches(education: Education, usual: str) -> bool:
    return EducationLevel(education.level).rank >= EducationLevel(usual).rank
