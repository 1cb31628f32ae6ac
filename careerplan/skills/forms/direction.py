"""Where you are, and where you want to be."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import search_occupations
from careerplan.core.forms import DateInput, LineField, LongTextField
from careerplan.plans.models import CareerStage, Horizon
from careerplan.skills import questions as q
from careerplan.skills.forms.base import WizardForm, radio
from careerplan.skills.models import Assessment
from careerplan.skills.services import save_direction
from careerplan.skills.wizard import Wizard

HITS = 6
MOST_YEARS = 80
SOME_YEARS = {"5": 5, "10": 10}
HORIZONS = [
    ("5", gettext_lazy("In five years")),
    ("10", gettext_lazy("In ten years")),
    ("retirement", gettext_lazy("At retirement")),
    ("date", gettext_lazy("By another date")),
    ("", gettext_lazy("I cannot say yet")),
]


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def horizon_days(assessment: Assessment) -> dict[str, date]:
    """The day that each number of years means: the same on every visit."""
    started_on = localdate(assessment.started_at)
    return {key: years_later(started_on, years) for key, years in SOME_YEARS.items()}


class WhereYouAreForm(WizardForm):
    """Career stage and current role."""

    career_stage = radio(q.CAREER_STAGE, CareerStage.choices, required=gettext_lazy("Choose what comes closest."))
    current_role = LineField(label=q.CURRENT_ROLE, help_text=q.CURRENT_ROLE_HELP, max_length=200, required=False)

    def stored(self) -> dict[str, Any]:
        """From the assessment."""
        draft = self.answers.assessment
        return {"career_stage": draft.career_stage, "current_role": draft.current_role}

    def save(self) -> None:
        """Write what is valid."""
        save_direction(assessment=self.answers.assessment, changes={**self.cleaned_data}, now=self.now)  # type: ignore[typeddict-item]


class WhereToForm(WizardForm):
    """Target role in own words and, if one comes close, from the catalogue; vision; horizon."""

    target_role = LineField(label=q.TARGET_ROLE, help_text=q.TARGET_ROLE_HELP, max_length=200, required=False)
    target_undecided = forms.BooleanField(label=q.TARGET_UNDECIDED, required=False)
    target_occupation = forms.ModelChoiceField(
        Occupation.objects.current(),
        label=q.TARGET_OCCUPATION,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the occupations, or keep your own words.")},
    )
    vision = LongTextField(label=q.VISION, help_text=q.VISION_HELP, max_length=4000, required=False)
    horizon = radio(q.HORIZON, HORIZONS)
    horizon_on = forms.DateField(
        label=q.HORIZON_DATE,
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )

    def __init__(self, data: QueryDict | None = None, *, wizard: Wizard, **kwargs: Any) -> None:
        super().__init__(self._as_stored(data, wizard), wizard=wizard, **kwargs)
        chosen = self.initial.get("target_occupation")
        offered: forms.ModelChoiceField[Occupation] = self.fields["target_occupation"]  # type: ignore[assignment]
        offered.queryset = Occupation.objects.current_or(chosen and chosen.pk)
        # Not a second "(optional)": the role's label says what to do instead.
        self.fields["target_role"].label = q.TARGET_ROLE
        self.fields["target_role"].widget.attrs |= {
            "autocomplete": "off",
            "data-occupations": reverse("skills:occupations"),
        }
        self.fields["horizon_on"].label = q.HORIZON_DATE

    @staticmethod
    def _as_stored(data: QueryDict | None, wizard: Wizard) -> QueryDict | None:
        """A date that is five or ten years off is stored as these, so it is the same answer."""
        if data is None or data.get("horizon") != "date":
            return data
        for key, day in horizon_days(wizard.answers.assessment).items():
            if data.get("horizon_on") == day.isoformat():
                data = data.copy()
                data["horizon"], data["horizon_on"] = key, ""
        return data

    def stored(self) -> dict[str, Any]:
        """From the assessment; a date that is five or ten years off is shown as such."""
        draft = self.answers.assessment
        fields = ("target_role", "target_undecided", "target_occupation", "vision", "horizon", "horizon_on")
        stored = {field: getattr(draft, field) for field in fields}
        for key, day in horizon_days(draft).items():
            if draft.horizon_on == day:
                stored |= {"horizon": key, "horizon_on": None}
        return stored

    def clean_horizon_on(self) -> date | None:
        """A day that is still to come, within a lifetime."""
        day: date | None = self.cleaned_data["horizon_on"]
        today = localdate(self.now)
        if day is not None and not today < day <= years_later(today, MOST_YEARS):
            raise forms.ValidationError(_("Choose a day that is still to come, within the next 80 years."))
        return day

    def clean(self) -> dict[str, Any]:
        """A target or "I do not know yet", not both; a date where one is announced."""
        cleaned = super().clean()
        has_target = bool(cleaned.get("target_role") or cleaned.get("target_occupation"))
        undecided = cleaned.get("target_undecided")
        if self.complete and has_target and undecided:
            message = _("You named a target and ticked this as well. Untick it, or clear the target.")
            self.add_error("target_undecided", message)
        elif self.complete and not (has_target or undecided or "target_role" in self.errors):
            self.add_error("target_role", _("Name a role, or tick “I do not know yet”."))
        elif self.complete and not self.is_offered and not undecided:
            cleaned["target_occupation"] = self._named(cleaned.get("target_role", ""))
        no_date = cleaned.get("horizon") == "date" and not cleaned.get("horizon_on")
        if self.complete and no_date and "horizon_on" not in self.errors:
            self.add_error("horizon_on", _("Choose the day, or another answer to “By when?”."))
        return cleaned

    def save(self) -> None:
        """Write what is valid; a date and its kind go together."""
        data = self.cleaned_data
        fields = ("target_role", "target_occupation", "vision")
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

    @property
    def is_offered(self) -> bool:
        """Whether the person saw occupations to choose from: then "none of these" is their answer."""
        return "target_occupation" in self.data

    @staticmethod
    def _named(role: str) -> Occupation | None:
        """The one occupation that is called exactly so: who typed its name without choosing it means it."""
        named = list(Occupation.objects.current().filter(title__iexact=role)[:2]) if role else []
        return named[0] if len(named) == 1 else None

    @property
    def is_looking_up(self) -> bool:
        """Whether the person asked for occupations that are like their words."""
        return self.go == "find" or "found" in self.data

    @cached_property
    def chosen_occupation(self) -> str:
        """The id of the occupation that is chosen, as text."""
        value = self["target_occupation"].value()
        return str(value.pk if isinstance(value, Occupation) else value or "")

    @property
    def is_chosen_alone(self) -> bool:
        """Whether there is nothing to choose from: the one occupation that is shown is chosen already."""
        return [is_chosen for *_names, is_chosen in self.occupations] == [True]

    @property
    def occupation_question(self) -> q.Text:
        """What is asked about the occupations that are shown; of one that is chosen it is said, not asked."""
        if self.is_chosen_alone:
            return self.chosen_words
        return q.TARGET_THIS_OCCUPATION if len(self.occupations) == 1 else q.TARGET_OCCUPATION

    chosen_words, chosen_help = q.TARGET_CHOSEN, q.TARGET_CHOSEN_HELP

    @cached_property
    def occupations(self) -> list[tuple[str, str, bool]]:
        """Occupations to choose from: (id, title, chosen). The chosen or named one first, then what was found."""
        chosen = self.initial.get("target_occupation")
        named = chosen or self._named(str(self.initial.get("target_role") or ""))
        titles = {str(named.pk): named.title} if named else {}
        if self.is_looking_up:
            text = str(self["target_role"].value() or "").replace("\0", "")
            titles |= {str(hit.pk): hit.title for hit in search_occupations(text, HITS)}
        return [(pk, title, pk == self.chosen_occupation) for pk, title in titles.items()]
