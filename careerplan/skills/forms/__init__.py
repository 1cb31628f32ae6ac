"""The forms of the wizard's pages, one a kind of page."""

from careerplan.skills.forms.base import WizardForm
from careerplan.skills.forms.direction import WhereToForm, WhereYouAreForm
from careerplan.skills.forms.education import EducationForm
from careerplan.skills.forms.learn import LearnForm
from careerplan.skills.forms.ratings import RatingsForm
from careerplan.skills.forms.strengths import StrengthsForm
from careerplan.skills.pages import Kind

FORMS: dict[Kind, type[WizardForm]] = {
    Kind.WHERE_YOU_ARE: WhereYouAreForm,
    Kind.WHERE_TO: WhereToForm,
    Kind.EDUCATION: EducationForm,
    Kind.RATINGS: RatingsForm,
    Kind.STRENGTHS: StrengthsForm,
    Kind.LEARN: LearnForm,
    Kind.CHECK: WizardForm,
}

__all__ = ["FORMS", "WizardForm"]
