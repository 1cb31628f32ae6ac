"""The words of the wizard's questions. Forms show them; the wizard counts them to say how long a page takes."""

from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

CAREER_STAGE = _("Where are you in your working life?")
CURRENT_ROLE = _("What do you do now?")
CURRENT_ROLE_HELP = _("Your post and where, or what you are studying.")

TARGET_ROLE = _("What would you like to be?")
TARGET_ROLE_HELP = _("A post or an occupation, in your own words.")
TARGET_UNDECIDED = _("I do not know yet")
TARGET_OCCUPATION = _("Does one of these occupations come close?")
VISION = _("What does your working life look like then?")
VISION_HELP = _("A few sentences for yourself.")
HORIZON = _("By when?")
HORIZON_DATE = _("Which day?")

EDUCATION_LEVEL = _("Your highest level")
EDUCATION_FIELD = _("In what?")
EDUCATION_FIELD_HELP = _("Such as nursing, carpentry or history.")
CREDENTIALS = _("Certificates, licences and courses")
ENOUGH = _("Is it enough for where you want to be?")
MISSING = _("What is missing?")

NOT_SURE = _("Not sure")
NOT_SURE_EXAMPLE = _("That is fine. We leave this skill out of the comparison, and you can rate it later.")

EVIDENCE = _("What shows it?")
OWN_SKILL = _("Its name")
OWN_LEVEL = _("Your level today")
