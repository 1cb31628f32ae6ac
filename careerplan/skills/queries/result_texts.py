"""The sentences of the results page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.fields import occupation_path, training_words
from careerplan.catalogue.models import EducationLevel, Occupation
from careerplan.core.sentences import join_sentences
from careerplan.skills.models import Education
from careerplan.skills.queries.comparison import Comparison, GapRow
from careerplan.skills.queries.match_rows import OccupationMatch
from careerplan.skills.queries.occupation_table import OccupationFacts
from careerplan.skills.texts import list_names

MATTER_MOST = 3
GAPS_NAMED, LEAST_TIED = 2, 3
MOSTLY = 0.7


@dataclass(frozen=True, slots=True)
class NeedsCompared:
    """The gaps of an occupation, in the order of `gap_rows`, and how many of the `needed` skills are `rated`."""

    gaps: Sequence[GapRow]
    rated: int
    needed: int


@dataclass(frozen=True, slots=True)
class OccupationRow:
    """An occupation that the answers are close to, with its texts; `path`: the address of its public page.

    `closeness` to what the user can do and `would_like` are words, each with 1 to 3 dots; blank where the answers do
    not say. `people` are those in it, `largest_gap` is the name of a skill, blank without a gap. `training` is said
    first, of an occupation that takes more than the user has.
    """

    pk: int
    path: str
    title: str
    people: str
    largest_gap: str
    gaps: str
    education: str
    is_target: bool
    training: str
    closeness: str = ""
    dots: int = 0
    would_like: str = ""
    would_like_dots: int = 0
    reason: str = ""

    @property
    def query(self) -> str:
        """Return the query string that compares the results with this occupation; blank for the target."""
        return "" if self.is_target else f"?occupation={self.pk}"


def gap_sentences(comparison: Comparison, unrated: int) -> list[str]:
    """Name the gaps that matter most, say which of them are goals already, and how many skills are `unrated`."""
    most = comparison.gaps[:MATTER_MOST]
    if not most:
        return [_("You have the level needed in every skill you rated.")]
    if len(comparison.gaps) > MATTER_MOST:
        text = ngettext(
            "The gap that matters most: %(skills)s.", "The %(n)s gaps that matter most: %(skills)s.", len(most)
        )
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
    return [
        text % {"skills": list_names([row.name for row in most]), "n": len(most)},
        goal_text % {"n": goals},
        *_unrated_sentence(unrated),
    ]


def _unrated_sentence(count: int) -> list[str]:
    """Say how many needed skills are not rated, if any: they may become gaps."""
    text = ngettext("%(n)s needed skill is not rated yet.", "%(n)s needed skills are not rated yet.", count)
    return [text % {"n": count}] if count else []


def rating_sentences(learn: Sequence[str], strengths: Sequence[str]) -> list[str]:
    """Name what the user wants to learn and their strengths, if there are no gaps to name."""
    sentences = []
    if learn:
        sentences.append(_("You want to learn: %(skills)s.") % {"skills": list_names(learn)})
    if strengths:
        text = ngettext("Your strength: %(skills)s.", "Your strengths: %(skills)s.", len(strengths))
        sentences.append(text % {"skills": list_names(strengths)})
    return sentences or [_("You have not chosen any skills to learn yet. You can make any skill a goal.")]


def occupation_row(
    match: OccupationMatch, reasons: Sequence[str], compared: NeedsCompared, education: str, *, is_target: bool
) -> OccupationRow:
    """Return an occupation with its texts.

    `reasons` are skills that the user has and it needs, `education` is the user's level.
    """
    missing = [row.name for row in compared.gaps]
    reasons = [name for name in reasons if name not in missing]
    return replace(
        named_row(match.facts, compared, education, is_target=is_target, takes_training=match.takes_training),
        closeness=match.closeness.label,
        dots=int(match.closeness),
        would_like=match.interest_fit.label if match.interest_fit else "",
        would_like_dots=int(match.interest_fit or 0),
        reason=_("In common: %(skills)s.") % {"skills": list_names(reasons)} if reasons else "",
    )


def named_row(
    facts: OccupationFacts, compared: NeedsCompared, education: str, *, is_target: bool, takes_training: bool
) -> OccupationRow:
    """Return an occupation with its gaps and its usual education, whether the answers are close to it or not."""
    return OccupationRow(
        pk=facts.pk,
        path=occupation_path(facts.code, facts.title),
        title=facts.title,
        people=facts.people,
        largest_gap=next((row.name for row in compared.gaps), ""),
        gaps=_gaps_text(compared),
        education=join_sentences(_usual_education(facts.education, education), _years(facts, takes_training)),
        is_target=is_target,
        training=training_words(facts.job_zone) if takes_training else "",
    )


def _gaps_text(compared: NeedsCompared) -> str:
    """Name the largest gaps. Where there are none, say of how many skills, if some that are needed are not rated."""
    largest = [row.name for row in compared.gaps[:GAPS_NAMED]]
    if largest:
        return ngettext("Gap: %(skills)s.", "Gaps: %(skills)s.", len(largest)) % {"skills": list_names(largest)}
    rated, unrated = compared.rated, compared.needed - compared.rated
    if not unrated:
        return ""
    if not rated:
        return _("You have not rated any of the skills needed.")
    text = ngettext(
        "No gap in the %(n)s needed skill you rated. %(unrated)s not rated yet.",
        "No gap in the %(n)s needed skills you rated. %(unrated)s not rated yet.",
        rated,
    )
    return text % {"n": rated, "unrated": unrated}


def _usual_education(usual: str, own: str) -> str:
    if not usual:
        return ""
    words = {"level": EducationLevel(usual).label}
    if own and EducationLevel(own).rank >= EducationLevel(usual).rank:
        return _("Usual education: %(level)s. You have it.") % words
    return _("Usual education: %(level)s.") % words


def _years(facts: OccupationFacts, takes_training: bool) -> str:  # noqa: FBT001
    """Return how much training an occupation takes; blank where that is said before anything else."""
    words = "" if takes_training else training_words(facts.job_zone)
    return _("%(training)s.") % {"training": words} if words else ""


def tie_sentence(undecided: int) -> str:
    """Say how many occupations are as close as the first; blank if it is ahead of all others."""
    if undecided < LEAST_TIED:
        return ""
    text = ngettext(
        "Your answers cannot tell %(n)s occupation apart from the first one.",
        "Your answers cannot tell the first %(n)s occupations apart.",
        undecided,
    )
    return text % {"n": undecided}


def too_little(levels: Sequence[int], missing: int) -> str:
    """Say why no occupations are shown: the answers are too few by `missing`, or do not tell occupations apart."""
    if missing:
        text = ngettext(
            "Rate %(n)s more skill to compare yourself with occupations.",
            "Rate %(n)s more skills to compare yourself with occupations.",
            missing,
        )
        return text % {"n": missing}
    most, count = Counter(levels).most_common(1)[0]
    if count >= MOSTLY * len(levels):
        return _(
            "You chose level %(level)s for %(count)s of %(all)s skills. "
            "Many occupations are equally close, so we show none."
        ) % {"level": most, "count": count, "all": len(levels)}
    text = ngettext(
        "Your %(n)s answer is equally close to many occupations, so we show none.",
        "Your %(n)s answers are equally close to many occupations, so we show none.",
        len(levels),
    )
    return text % {"n": len(levels)}


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


@dataclass(frozen=True, slots=True)
class MissingEducation:
    """What is missing: in the user's words, or the usual level of education. One of the two is blank."""

    words: str = ""
    level: str = ""


def missing_education(education: Education | None, occupation: Occupation | None) -> MissingEducation | None:
    """Return what is missing for an occupation, if the user says so; None if not, or if they do not say what."""
    if education is None or education.enough != Education.Enough.NO:
        return None
    usual = occupation.typical_education if occupation else ""
    if education.stated_missing:
        return MissingEducation(words=education.stated_missing)
    if not usual or not education.level or _reaches(education, usual):
        return None
    return MissingEducation(level=usual)


def _reaches(education: Education, usual: str) -> bool:
    return EducationLevel(education.level).rank >= EducationLevel(usual).rank
