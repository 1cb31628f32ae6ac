"""Texts of the assessment: its questions, whose words the time estimate counts, and lists of skills."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

CAREER_STAGE = _("Where are you in your working life?")
CURRENT_ROLE = _("What do you do now?")
CURRENT_ROLE_HELP = _("Your job and employer, or your course.")

TARGET_ROLE = _("What job would you like to have?")
TARGET_ROLE_HELP = _("A job title or an occupation, in your own words.")
TARGET_UNDECIDED = _("I do not know yet")
TARGET_OCCUPATION = _("Is one of these the occupation you mean?")
VISION = _("What would you like work to be like?")
VISION_HELP = _("A few sentences. Only you see them.")
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


def in_sentence(name: str) -> str:
    """Return a name for the middle of a sentence: "Managing money" becomes "managing money"; "HTML" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def education_text(level: str, subject: str) -> str:
    """Return a level of education with its subject: "Bachelor, Nursing"."""
    label = str(EducationLevel(level).label) if level else ""
    return _("%(level)s, %(subject)s") % {"level": label, "subject": subject} if label and subject else label or subject


def list_names(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list after a colon: "a, b", or "a, b, c and 2 more"."""
    shown, rest = ", ".join(names[:most]), len(names) - most
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", rest) % {"names": shown, "n": rest}
