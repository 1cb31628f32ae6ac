"""The results in words: the sentence that counts, why an occupation fits, whether the education is enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel, Occupation
from careerplan.skills.models import Education, Level
from careerplan.skills.queries.compare import Comparison, GapRow
from careerplan.skills.queries.matches import Match
from careerplan.skills.words import in_sentence, listed, with_article

MATTER_MOST = 3


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One occupation that fits, with the reason in words."""

    match: Match
    why: str
    is_target: bool


def occupation_words(occupation: Occupation) -> str:
    """An occupation inside a sentence: "a health services manager"; a release's own title in quotes."""
    if occupation.is_starter:
        return with_article(occupation.title)
    return _("the occupation “%(title)s”") % {"title": occupation.title}


def headline(comparison: Comparison | None, levels: Sequence[int]) -> str:
    """The sentence that counts: how much of the need is met; without a need, what the person is skilled in."""
    if comparison and comparison.compared:
        return _met_of_needed(comparison)
    if not levels:
        return _("You were not sure about any skill yet")
    able = sum(level >= Level.SKILLED for level in levels)
    text = ngettext(
        "You are skilled or better in %(able)s of the %(all)s skill you rated",
        "You are skilled or better in %(able)s of the %(all)s skills you rated",
        len(levels),
    )
    return text % {"able": able, "all": len(levels)}


def _met_of_needed(comparison: Comparison) -> str:
    words = {
        "met": len(comparison.met),
        "all": comparison.compared,
        "who": occupation_words(comparison.occupation),
    }
    if comparison.unrated:
        text = ngettext(
            "You meet %(met)s of the %(all)s rated skill %(who)s needs",
            "You meet %(met)s of the %(all)s rated skills %(who)s needs",
            comparison.compared,
        )
    else:
        text = ngettext(
            "You meet %(met)s of the %(all)s skill %(who)s needs",
            "You meet %(met)s of the %(all)s skills %(who)s needs",
            comparison.compared,
        )
    return text % words


def gaps_lead(comparison: Comparison) -> str:
    """Which gaps matter most, and which of them are goals already."""
    most = comparison.gaps[:MATTER_MOST]
    if not most:
        return _("No gap is left among the skills you rated.")
    names = listed([row.name for row in most])
    counts = {1: _("One gap is left: %s."), 2: _("Two gaps are left: %s."), 3: _("Three gaps are left: %s.")}
    lead = _("Three gaps matter most: %s.") if len(comparison.gaps) > MATTER_MOST else counts[len(most)]
    goals = sum(row.goal is not None for row in most)
    if not goals:
        tail = _("None of them is a goal yet.") if len(most) > 1 else _("It is not a goal yet.")
    elif goals == len(most):
        tail = _("It is a goal already.") if goals == 1 else _("All of them are goals already.")
    else:
        tail = _("One of them is a goal already.") if goals == 1 else _("Two of them are goals already.")
    return f"{lead % names} {tail}"


def ratings_lead(learn: list[str], strengths: list[str], own: Collection[str] = ()) -> str:
    """Without gaps, what matters: what they want to learn, and what they can build on. `own` keep their capitals."""
    sentences = []
    if learn:
        sentences.append(_("You want to learn %(skills)s.") % {"skills": listed(learn, as_written=own)})
    if strengths:
        text = ngettext("Your strength is %(skills)s.", "Your strengths are %(skills)s.", len(strengths))
        sentences.append(text % {"skills": listed(strengths, as_written=own)})
    return " ".join(sentences) or _("You chose nothing to learn yet. Any skill below can become a goal.")


def why_it_fits(match: Match, rows: Sequence[GapRow], education: str) -> str:
    """The reason in words, from rows in the order of `gap_rows` and the person's level of education."""
    above = sorted((row for row in rows if row.surplus), key=lambda row: (-row.surplus, row.name))[:2]
    gaps = [row.name for row in rows if row.gap]
    sentences = []
    if above and match.met:
        names = listed([row.name for row in above])
        text = ngettext("%(skills)s is above what is asked.", "%(skills)s are above what is asked.", len(above))
        sentences.append(text % {"skills": names[:1].upper() + names[1:]})
    if gaps:
        text = ngettext("Gap: %(skills)s.", "Gaps: %(skills)s.", len(gaps))
        sentences.append(text % {"skills": listed(gaps)})
    else:
        text = ngettext("The %(n)s skill compared is met.", "All %(n)s skills compared are met.", match.common)
        sentences.append(text % {"n": match.common})
    if usual := match.education_above(education):
        sentences.append(_("Usually asked: %(level)s.") % {"level": in_sentence(usual)})
    return " ".join(sentences)


def too_little_rated(comparison: Comparison) -> str:
    """Why an occupation has no place among those that fit: it has no figure."""
    return _(
        "%(title)s is not among them: you have rated %(rated)s of the %(needed)s skills it needs, "
        "which is too little for a match."
    ) % {
        "title": comparison.occupation.title,
        "rated": comparison.compared,
        "needed": comparison.compared + len(comparison.unrated),
    }


def education_verdict(education: Education | None, occupation: Occupation | None) -> str:
    """Whether the education is enough: the level beside what is usually asked, and the person's own verdict.

    Without a level, or without a figure for the occupation, their own verdict alone.
    """
    if education is None:
        return ""
    usual = occupation.typical_education if occupation else ""
    if not usual or not education.level:
        return {
            "yes": _("You say that it is enough."),
            "no": _("You say that something is missing."),
            "unsure": _("You are not sure whether it is enough."),
        }.get(education.enough, "")
    reaches = _reaches(education, usual)
    return {
        (True, "yes"): _("Enough: your level is what is usually asked, or more."),
        (True, "no"): _("Your level is what is usually asked, or more. You say that something is missing."),
        (False, "yes"): _("Your level is below what is usually asked. You say that it is enough."),
        (False, "no"): _("Your level is below what is usually asked, and you say that something is missing."),
    }.get(
        (reaches, education.enough),
        _("Your level is what is usually asked, or more.")
        if reaches
        else _("Your level is below what is usually asked."),
    )


def lacking(education: Education | None, occupation: Occupation | None) -> str:
    """What is missing in the education, where the person says that something is: in their words, else the level
    that is usually asked. Blank where nothing is.
    """
    if education is None or education.enough != Education.Enough.NO:
        return ""
    usual = occupation.typical_education if occupation else ""
    if education.said_missing or not usual or not education.level or _reaches(education, usual):
        return education.said_missing
    return str(EducationLevel(usual).label)


def _reaches(education: Education, usual: str) -> bool:
    return EducationLevel(education.level).rank >= EducationLevel(usual).rank
