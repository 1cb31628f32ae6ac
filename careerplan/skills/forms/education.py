"""Education and training."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import EducationLevel
from careerplan.core.forms import LineField, LongTextField
from careerplan.skills import questions as q
from careerplan.skills.forms.base import CHOOSE_ONE, WizardForm, radio
from careerplan.skills.models import LONG_TEXT_LENGTH, Education
from careerplan.skills.services import save_education


class EducationForm(WizardForm):
    """What the person has, whether it is enough, and what is missing."""

    level = forms.ChoiceField(
        label=q.EDUCATION_LEVEL,
        choices=[("", gettext_lazy("Choose one")), *EducationLevel.choices],
        error_messages={
            "required": gettext_lazy("Choose the highest level you finished."),
            "invalid_choice": CHOOSE_ONE,
        },
    )
    field = LineField(label=q.EDUCATION_FIELD, help_text=q.EDUCATION_FIELD_HELP, max_length=200, required=False)
    credentials = LongTextField(label=q.CREDENTIALS, max_length=LONG_TEXT_LENGTH, required=False)
    enough = radio(
        q.ENOUGH, Education.Enough.choices, required=gettext_lazy("Choose one; “I am not sure” is an answer too.")
    )
    missing = LongTextField(label=q.MISSING, max_length=LONG_TEXT_LENGTH, required=False)

    def stored(self) -> dict[str, Any]:
        """From the education of this assessment."""
        education = self.answers.education
        if education is None:
            return {}
        return {name: getattr(education, name) for name in self.base_fields}

    @property
    def usual(self) -> str:
        """What the target usually asks for, in words; blank where it is not known."""
        target = self.answers.assessment.target_occupation
        if target is None or not target.typical_education:
            return ""
        names = {"occupation": target.title, "level": target.get_typical_education_display()}
        return _("Usual for %(occupation)s: %(level)s.") % names

    @property
    def short_by(self) -> str:
        """A question for who has less than is usual; blank for everybody else."""
        target, education = self.answers.assessment.target_occupation, self.answers.education
        if target is None or not target.typical_education or education is None or not education.level:
            return ""
        if EducationLevel(education.level).rank >= EducationLevel(target.typical_education).rank:
            return ""
        return _("That is more than you have. Experience or a course can make up for it; say what is missing.")

    def save(self) -> None:
        """Write what is valid."""
        save_education(assessment=self.answers.assessment, changes={**self.cleaned_data}, now=self.now)  # type: ignore[typeddict-item]
