"""Forms of the first three pages: where you are, where you want to be, education and training."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import EducationLevel, Occupation
from careerplan.core.forms import DateInput, LineField, LongTextField
from careerplan.plans.models import CareerStage, Horizon
from careerplan.skills import texts
from careerplan.skills.forms.base import CHOOSE_ONE, WizardForm, radio
from careerplan.skills.forms.occupation import RoleForm
from careerplan.skills.models import LONG_TEXT_LENGTH, Assessment, Education
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.wizard.wizard import Wizard

CHOOSE_OCCUPATION = gettext_lazy("Choose one of the occupations, or keep your own words.")
MOST_YEARS = 80
SOME_YEARS = {"1": 1, "3": 3, "5": 5, "10": 10}
HORIZONS = [
    ("1", gettext_lazy("In 1 year")),
    ("3", gettext_lazy("In 2 to 3 years")),
    ("5", gettext_lazy("In 5 years")),
    ("10", gettext_lazy("In 10 years")),
    ("retirement", gettext_lazy("At retirement")),
    ("date", gettext_lazy("On another date")),
    ("", gettext_lazy("I do not know yet")),
]


def years_later(day: date, years: int) -> date:
    """Return the same date a number of years later; 29 February becomes 28."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def horizon_days(assessment: Assessment) -> dict[str, date]:
    """Return the date for each number of years: the same on every visit."""
    started_on = localdate(assessment.started_at)
    return {key: years_later(started_on, years) for key, years in SOME_YEARS.items()}


class WhereYouAreForm(RoleForm):
    """Form for career stage and current role."""

    words_field, occupation_field, unlisted_field = "current_role", "current_occupation", "current_unlisted"

    current_role = LineField(
        label=texts.CURRENT_ROLE, help_text=texts.CURRENT_ROLE_HELP, max_length=200, required=False
    )
    current_occupation = forms.ModelChoiceField(
        Occupation.objects.current(),
        label=texts.CURRENT_OCCUPATION,
        required=False,
        error_messages={"invalid_choice": CHOOSE_OCCUPATION},
    )
    career_stage = radio(
        texts.CAREER_STAGE, CareerStage.choices, required=gettext_lazy("Choose the answer that fits best.")
    )

    def stored(self) -> dict[str, Any]:
        """Return values of the assessment."""
        draft = self.answers.assessment
        return {name: getattr(draft, name) for name in ("career_stage", self.words_field, self.occupation_field)}

    def clean(self) -> dict[str, Any]:
        """Tie the role to an occupation."""
        cleaned = super().clean()
        self.tie(cleaned)
        return cleaned

    def save(self) -> None:
        """Save valid answers."""
        save_direction(assessment=self.answers.assessment, changes={**self.cleaned_data}, now=self.now)  # type: ignore[typeddict-item]


class WhereToForm(RoleForm):
    """Form for the target role in own words and, if one matches, from the catalogue; vision; time."""

    unlisted_field = "target_unlisted"
    target_role = LineField(label=texts.TARGET_ROLE, help_text=texts.TARGET_ROLE_HELP, max_length=200, required=False)
    target_undecided = forms.BooleanField(label=texts.TARGET_UNDECIDED, required=False)
    target_occupation = forms.ModelChoiceField(
        Occupation.objects.current(),
        label=texts.TARGET_OCCUPATION,
        required=False,
        error_messages={"invalid_choice": CHOOSE_OCCUPATION},
    )
    vision = LongTextField(label=texts.VISION, help_text=texts.VISION_HELP, max_length=4000, required=False)
    horizon = radio(texts.HORIZON, HORIZONS)
    horizon_on = forms.DateField(
        label=texts.HORIZON_DATE,
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )

    def __init__(self, data: QueryDict | None = None, *, wizard: Wizard, **kwargs: Any) -> None:
        super().__init__(self._as_stored(data, wizard), wizard=wizard, **kwargs)
        self.unmark_optional("target_role", "horizon_on")  # the other answers say what to do instead

    @staticmethod
    def _as_stored(data: QueryDict | None, wizard: Wizard) -> QueryDict | None:
        """Return a date that is one of these numbers of years away as that choice, so that it is the same answer."""
        if data is None or data.get("horizon") != "date":
            return data
        for key, day in horizon_days(wizard.answers.assessment).items():
            if data.get("horizon_on") == day.isoformat():
                data = data.copy()
                data["horizon"], data["horizon_on"] = key, ""
        return data

    def stored(self) -> dict[str, Any]:
        """Return values of the assessment; a date that one of the choices stands for is shown as that choice."""
        draft = self.answers.assessment
        fields = ("target_role", "target_undecided", "target_occupation", "vision", "horizon", "horizon_on")
        stored = {field: getattr(draft, field) for field in fields}
        for key, day in horizon_days(draft).items():
            if draft.horizon_on == day:
                stored |= {"horizon": key, "horizon_on": None}
        return stored

    more_label = texts.MORE_ABOUT_TARGET

    @property
    def has_more(self) -> bool:
        """Return whether the vision or the date has an answer or an error, so that they are not folded."""
        optional = [self[name] for name in ("vision", "horizon", "horizon_on")]
        return any(field.errors or field.value() for field in optional)

    def clean_horizon_on(self) -> date | None:
        """Refuse a date that is past or more than a lifetime away."""
        day: date | None = self.cleaned_data["horizon_on"]
        today = localdate(self.now)
        if day is not None and not today < day <= years_later(today, MOST_YEARS):
            raise forms.ValidationError(_("Enter a date in the next 80 years."), code="out_of_range")
        return day

    def clean(self) -> dict[str, Any]:
        """Tie the target to an occupation; an empty one means "I do not know yet". Require a date for "On another
        date".
        """
        cleaned = super().clean()
        has_target = bool(cleaned.get("target_role") or cleaned.get("target_occupation"))
        if has_target and self.initial.get("target_undecided"):
            cleaned["target_undecided"] = False  # that was before, and may be because the field was left empty
        undecided = cleaned.get("target_undecided")
        if self.complete and has_target and undecided:
            message = _("You entered a target role and ticked this box. Untick it, or clear the target role.")
            self.add_error("target_undecided", forms.ValidationError(message, code="target_and_undecided"))
        elif self.complete and not (has_target or {"target_role", "target_occupation"} & set(self.errors)):
            cleaned |= {"target_undecided": True, "target_unlisted": False}
        else:
            self.tie(cleaned)
        no_date = cleaned.get("horizon") == "date" and not cleaned.get("horizon_on")
        if self.complete and no_date and "horizon_on" not in self.errors:
            message = _("Enter the date, or choose another answer.")
            self.add_error("horizon_on", forms.ValidationError(message, code="required"))
        return cleaned

    def save(self) -> None:
        """Save valid answers; a date and its kind are saved together."""
        data = self.cleaned_data
        fields = ("target_role", "target_occupation", "target_unlisted", "vision")
        changes: dict[str, Any] = {field: data[field] for field in fields if field in data}
        draft = self.answers.assessment
        role = changes.get("target_role", draft.target_role)
        occupation = changes.get("target_occupation", draft.target_occupation)
        changes["target_undecided"] = bool(data.get("target_undecided")) and not role and occupation is None
        if "horizon" in data and "horizon_on" in data:
            changes |= self._horizon(data["horizon"], data["horizon_on"])
        save_direction(assessment=draft, changes=changes, now=self.now)  # type: ignore[arg-type]

    def _horizon(self, choice: str, day: date | None) -> dict[str, Any]:
        if choice in SOME_YEARS:
            choice, day = "date", horizon_days(self.answers.assessment)[choice]
        if choice == "date" and day is not None:
            return {"horizon": Horizon.DATE, "horizon_on": day}
        return {"horizon": Horizon.RETIREMENT if choice == "retirement" else "", "horizon_on": None}


class EducationForm(WizardForm):
    """Form for the level of education, whether it is enough, and what is missing."""

    level = forms.ChoiceField(
        label=texts.EDUCATION_LEVEL,
        choices=[("", gettext_lazy("Choose one")), *EducationLevel.choices],
        error_messages={
            "required": gettext_lazy("Choose the highest level you finished."),
            "invalid_choice": CHOOSE_ONE,
        },
    )
    field = LineField(label=texts.EDUCATION_FIELD, help_text=texts.EDUCATION_FIELD_HELP, max_length=200, required=False)
    credentials = LongTextField(label=texts.CREDENTIALS, max_length=LONG_TEXT_LENGTH, required=False)
    enough = radio(
        texts.ENOUGH,
        Education.Enough.choices,
        required=gettext_lazy("Choose one answer, or “I am not sure”."),
    )
    missing = LongTextField(label=texts.MISSING, max_length=LONG_TEXT_LENGTH, required=False)

    @property
    def asks_about_target(self) -> bool:
        """Return whether there is a target for which it may be enough."""
        return not self.answers.assessment.target_undecided

    def add_fields(self) -> None:
        """Leave out the questions about a target if there is none."""
        if not self.asks_about_target:
            del self.fields["enough"], self.fields["missing"]

    def stored(self) -> dict[str, Any]:
        """Return the education in the assessment."""
        education = self.answers.education
        if education is None:
            return {}
        return {name: getattr(education, name) for name in self.base_fields if name != "shown"}

    @property
    def usual(self) -> str:
        """Return the usual education for the target role, in words; blank if unknown."""
        target = self.answers.assessment.target_occupation
        if target is None or not target.typical_education:
            return ""
        names = {"occupation": target.title, "level": target.get_typical_education_display()}
        return _("Usual level for %(occupation)s: %(level)s.") % names

    @property
    def short_by(self) -> str:
        """Return a question for someone below the usual level; blank for others."""
        target, education = self.answers.assessment.target_occupation, self.answers.education
        if target is None or not target.typical_education or education is None or not education.level:
            return ""
        if EducationLevel(education.level).rank >= EducationLevel(target.typical_education).rank:
            return ""
        return _("This is above your level. Experience or a course can make up for it. Tell us what is missing.")

    def save(self) -> None:
        """Save valid answers."""
        save_education(assessment=self.answers.assessment, changes={**self.cleaned_data}, now=self.now)  # type: ignore[typeddict-item]
