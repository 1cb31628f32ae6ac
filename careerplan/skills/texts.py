"""Texts of the assessment: its questions, whose words the time estimate counts, and lists of skills."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import EducationLevel
from careerplan.core.sentences import join_list
from careerplan.skills.fit import ShareMet, SkillsMet

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

CAREER_STAGE = _("Where are you in your working life?")
CURRENT_ROLE = _("What do you do now?")
CURRENT_OCCUPATION = _("Is one of these the occupation you mean?")
CURRENT_ROLE_HELP = _("Your job and employer, or your course.")

TARGET_ROLE = _("What job would you like to have?")
TARGET_ROLE_HELP = _("A job title or an occupation, in your own words.")
TARGET_UNDECIDED = _("I do not know yet")
TARGET_OCCUPATION = _("Is one of these the occupation you mean?")
VISION = _("What would you like work to be like?")
VISION_HELP = _("A few sentences. Only you see them.")
MORE_ABOUT_TARGET = _("Describe the work you want and set a date, if you like")
HORIZON = _("When do you want to be there?")
HORIZON_DATE = _("Target date")

EDUCATION_LEVEL = _("Your highest level of education")
EDUCATION_FIELD = _("Subject")
EDUCATION_FIELD_HELP = _("Such as nursing, carpentry or history.")
CREDENTIALS = _("Certificates, licences and courses")
ENOUGH = _("Is your education enough for the job you want?")
MISSING = _("What is missing from your education?")

NOT_SURE = _("Not sure")
NOT_SURE_EXAMPLE = _("We leave this skill out of the comparison. You can rate it later.")

EVIDENCE = _("Your example")
OWN_SKILL = _("Name of the skill")
OWN_LEVEL = _("Your level today")


PROPER_NAMES = ("English",)


def in_sentence(name: str) -> str:
    """Return a name for the middle of a sentence: "Managing money" becomes "managing money"; "HTML" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() and not name.startswith(PROPER_NAMES) else name


def education_text(level: str, subject: str) -> str:
    """Return a level of education with its subject: "Bachelor, Nursing"."""
    label = str(EducationLevel(level).label) if level else ""
    return _("%(level)s, %(subject)s") % {"level": label, "subject": subject} if label and subject else label or subject


def list_names(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list after a colon: "a, b", or "a, b, c and 2 more"."""
    shown, rest = join_list(names[:most]), len(names) - most
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", rest) % {"names": shown, "n": rest}


def levels_met(met: int, compared: int, *, has_unrated: bool) -> str:
    """Return in how many of the compared (rated) needed skills the user has the level needed, as a heading."""
    if has_unrated:
        text = ngettext(
            "You have the level needed for %(met)s of the %(all)s needed skill you rated",
            "You have the level needed for %(met)s of the %(all)s needed skills you rated",
            compared,
        )
    else:
        text = ngettext(
            "You have the level needed for %(met)s of %(all)s skill",
            "You have the level needed for %(met)s of %(all)s skills",
            compared,
        )
    return text % {"met": met, "all": compared}


def skills_met(share: ShareMet | None) -> str:
    """Return how many skills are met, in words and numbers: "Most skills: 6 of 8"; blank if it is too little to say."""
    if share is None or share.skills_met is None:
        return ""
    text = {
        SkillsMet.ALL: gettext("All skills: %(met)s of %(needed)s"),
        SkillsMet.MOST: gettext("Most skills: %(met)s of %(needed)s"),
        SkillsMet.SOME: gettext("Some skills: %(met)s of %(needed)s"),
        SkillsMet.NONE: gettext("No skills yet: %(met)s of %(needed)s"),
    }[share.skills_met]
    return text % _numbers(share)


def skills_met_sentence(share: ShareMet | None) -> str:
    """Return the same as a sentence; blank if it is too little to say."""
    if share is None or share.skills_met is None:
        return ""
    text = {
        SkillsMet.ALL: gettext("You have the level needed in every skill: %(met)s of %(needed)s."),
        SkillsMet.MOST: gettext("You have the level needed in most skills: %(met)s of %(needed)s."),
        SkillsMet.SOME: gettext("You have the level needed in some skills: %(met)s of %(needed)s."),
        SkillsMet.NONE: gettext("You do not have the level needed in any skill yet: %(met)s of %(needed)s."),
    }[share.skills_met]
    return text % _numbers(share)


def _numbers(share: ShareMet) -> dict[str, int]:
    # What is not rated cannot be met, and cannot change the word.
    return {"met": share.met, "needed": share.needed}
