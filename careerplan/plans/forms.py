"""Form of the plan, and occupation search for any form."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.no_title import answer_without_title
from careerplan.catalogue.queries import occupation_by_id, occupation_named, search_occupations
from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField, NumberField
from careerplan.core.text import printable
from careerplan.plans.models import HOURS_IN_A_WEEK, PRIORITIES_MAX, CareerStage, Horizon, Plan

HITS = 6
PRIORITY = "priority_"
# Fields of a plan with one field of the same name in the form; each priority has its own field.
PLAN_FIELDS = (
    *("title", "career_stage", "current_role", "target_role", "target_occupation", "vision", "horizon", "horizon_on"),
    *("hours_a_week", "currency"),
)
# The most common currencies; a different one in a plan is kept.
CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "GHS", "HKD", "INR", "JPY", "KES", "MXN"),
    *("NGN", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "TRY", "USD", "ZAR"),
)


class LooksUpOccupations(BaseForm):
    """A form with a role in own words and an occupation from the catalogue.

    `go` is the button that was pressed: "find" searches without JavaScript. Where occupations are shown to choose
    from, `asked` is sent along: the words for which they were shown.
    """

    go: str = ""
    words_field, occupation_field = "target_role", "target_occupation"
    is_asking = False
    """Whether the answer waits for a choice among the nearest occupations."""

    @property
    def words(self) -> forms.BoundField:
        """Return the field with the role in own words."""
        return self[self.words_field]

    @property
    def occupation(self) -> forms.BoundField:
        """Return the field that holds the chosen occupation of the catalogue."""
        return self[self.occupation_field]

    @property
    def asked_words(self) -> str:
        """Return the words for which occupations are shown."""
        return printable(str(self.words.value() or "")).strip()

    @property
    def is_offered(self) -> bool:
        """Return whether occupations were shown to choose from, so that "none of these" is an answer."""
        return self.occupation_field in self.data

    def has_chosen(self, words: str, stored: Occupation | None) -> bool:
        """Return whether the user chose among occupations for these words, or chose a different one than `stored`."""
        is_new = self.data.get(self.occupation_field, "") != (str(stored.pk) if stored else "")
        return self.is_offered and (is_new or self.data.get("asked", "").strip() == words)

    def ask_for_nearest(self, words: str) -> None:
        """Ask for the nearest occupation, if the words are near to one. Once asked, a choice is required."""
        self.is_asking = bool(search_occupations(words, HITS))
        if self.is_asking and self.data.get("asked", "").strip() == words:
            message = _("Choose the nearest occupation, or keep your own words.")
            self.add_error(self.occupation_field, forms.ValidationError(message, code="choose_occupation"))

    def is_valid(self) -> bool:
        """Return whether every answer is valid and none waits for a choice."""
        return super().is_valid() and not self.is_asking

    @property
    def is_looking_up(self) -> bool:
        """Return whether the user searched for occupations, or is asked for the nearest one."""
        return self.go == "find" or "found" in self.data or self.is_asking

    @cached_property
    def chosen_occupation(self) -> str:
        """Return the id of the chosen occupation as text."""
        value = self.occupation.value()
        return str(value.pk if isinstance(value, Occupation) else value or "")

    @cached_property
    def named_occupation(self) -> Occupation | None:
        """Return the occupation that the words of the page name. At most one query."""
        return occupation_named(str(self.initial.get(self.words_field) or ""))

    is_near = False
    """Whether the occupations found are only near to the words; known once they are looked up."""

    chosen_words, chosen_help = gettext_lazy("Compare with"), gettext_lazy("Type to choose a different one.")

    @property
    def is_chosen_alone(self) -> bool:
        """Return whether the only occupation shown is chosen already."""
        return [is_chosen for *_names, is_chosen in self.occupations] == [True]

    @property
    def no_title_answer(self) -> str:
        """Return what to say if the words are not an occupation, such as "student"; blank for others."""
        return answer_without_title(self.asked_words)

    @property
    def occupation_question(self) -> str:
        """Return the question above the occupations, or the statement if one is chosen."""
        if self.is_asking:
            return _("Which occupation is nearest?")
        if self.is_chosen_alone:
            return str(self.chosen_words)
        if self.is_near:
            return _("Nothing is quite like it. Is one of the nearest your occupation?")
        if len(self.occupations) == 1:
            return _("Is this your occupation?")
        return _("Is one of these your occupation?")

    @cached_property
    def occupations(self) -> list[tuple[str, str, bool]]:
        """Return occupations to choose from: (id, title, chosen). The chosen or exact one first, then search
        results.
        """
        chosen = self.initial.get(self.occupation_field)
        named = chosen or self.named_occupation
        titles = {str(named.pk): named.title} if named else {}
        if self.is_looking_up:
            hits = search_occupations(self.asked_words, HITS)
            self.is_near = not titles and bool(hits) and hits[0].is_near
            titles |= {str(hit.pk): hit.title for hit in hits}
        return [(pk, title, pk == self.chosen_occupation) for pk, title in titles.items()]


class PlanForm(LooksUpOccupations, ConflictForm):
    """Form for the user's direction, priorities and weekly hours.

    Buttons that only arrange the form ("find", "up-2", "down-2") return it with what was typed, unvalidated.
    """

    title = LineField(
        label=gettext_lazy("Title of the plan"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the plan a name, such as the role you want.")},
    )
    career_stage = forms.ChoiceField(
        label=gettext_lazy("Where are you in your working life?"),
        choices=[("", gettext_lazy("Not set")), *CareerStage.choices],
        required=False,
    )
    current_role = LineField(label=gettext_lazy("What do you do now?"), max_length=200, required=False)
    target_role = LineField(label=gettext_lazy("What would you like to be?"), max_length=200, required=False)
    target_occupation = forms.ModelChoiceField(
        Occupation.objects.current(),
        label=gettext_lazy("Is one of these your occupation?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the occupations, or keep your own words.")},
    )
    vision = LongTextField(label=gettext_lazy("What would you like work to be like?"), max_length=4000, required=False)
    horizon = forms.ChoiceField(
        label=gettext_lazy("When do you want to be there?"),
        choices=[*Horizon.choices, ("", gettext_lazy("I cannot say yet"))],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
    )
    horizon_on = forms.DateField(
        label=gettext_lazy("Target date"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )
    hours_a_week = NumberField(
        label=gettext_lazy("Hours a week"),
        help_text=gettext_lazy("We warn you when a week needs more."),
        required=False,
        max_digits=4,
        decimal_places=1,
        max_value=HOURS_IN_A_WEEK,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "cp-num cp-input-num"}),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("For the costs of your steps."),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, go: str = "", **kwargs: Any) -> None:
        self.go = go
        super().__init__(data, **kwargs)
        for place in range(1, PRIORITIES_MAX + 1):
            label = _("Priority %(place)s") % {"place": place}
            self.fields[f"{PRIORITY}{place}"] = LineField(label=label, max_length=120, required=False)
        self.unmark_optional("horizon", "horizon_on", "career_stage")  # their answers say what to do instead
        codes = sorted({*CURRENCIES, *filter(None, [self.initial.get("currency")])})
        self.fields["currency"].choices = [("", _("None")), *((code, code) for code in codes)]  # type: ignore[attr-defined]
        self.fields["target_role"].widget.attrs |= {
            "autocomplete": "off",
            "data-occupations": reverse("skills:occupations"),
        }

    @classmethod
    def of_plan(cls, plan: Plan, data: QueryDict | None) -> "PlanForm":
        """Return the form for a plan, with posted data if any."""
        initial = {**_field_values(plan), "target_occupation": plan.target_occupation}
        hours = initial["hours_a_week"]
        initial["hours_a_week"] = None if hours is None else f"{hours.normalize():f}"
        go = data.get("go", "") if data is not None else ""
        if data is None or go in ("", "save"):
            form = cls(data, initial=initial)
            if plan.pk:
                form.check_conflicts(_field_values(plan))
            return form
        typed: dict[str, Any] = {**data.dict(), **_moved(data, go)}
        typed["target_occupation"] = occupation_by_id(data.get("target_occupation", ""))
        return cls(go=go, initial={**initial, **typed})

    @property
    def priorities(self) -> list[forms.BoundField]:
        """Return the fields of the priorities, in order."""
        return [self[f"{PRIORITY}{place}"] for place in range(1, PRIORITIES_MAX + 1)]

    def clean_hours_a_week(self) -> Any:
        """Require more than 0 hours, or none."""
        hours = self.cleaned_data["hours_a_week"]
        if hours is not None and hours <= 0:
            raise forms.ValidationError(_("Enter more than 0 hours, or leave it empty if you do not know."))
        return hours

    def clean(self) -> dict[str, Any]:
        """Require a date only for "by a date"; tie the role to an occupation."""
        cleaned = super().clean() or {}
        if cleaned.get("horizon") != Horizon.DATE:
            cleaned["horizon_on"] = None
            self.errors.pop("horizon_on", None)
        elif not cleaned.get("horizon_on") and "horizon_on" not in self.errors:
            self.add_error("horizon_on", _("Choose the date, or another answer to “When do you want to be there?”."))
        if "target_role" in cleaned and "target_occupation" in cleaned:
            self._tie(cleaned, cleaned["target_role"])
        return cleaned

    def _tie(self, cleaned: dict[str, Any], role: str) -> None:
        """Set the occupation that a new role names, or ask for the nearest one."""
        is_new = role != self.initial.get("target_role")
        if self.is_offered and (not is_new or self.has_chosen(role, self.initial.get("target_occupation"))):
            return
        cleaned["target_occupation"] = occupation_named(role)
        if role and is_new and cleaned["target_occupation"] is None:
            self.ask_for_nearest(role)

    def changes(self) -> dict[str, Any]:
        """Return the entered fields of the plan, without empty priorities."""
        data = self.cleaned_data
        lines = [data[f"{PRIORITY}{place}"] for place in range(1, PRIORITIES_MAX + 1)]
        return {"priorities": [line for line in lines if line], **{name: data[name] for name in PLAN_FIELDS}}


def _moved(data: QueryDict, go: str) -> dict[str, str]:
    """Swap two priorities if the button asks for it ("up-2", "down-2")."""
    way, _dash, place = go.partition("-")
    if way not in ("up", "down") or place not in map(str, range(1, PRIORITIES_MAX + 1)):
        return {}
    this = int(place)
    other = this - 1 if way == "up" else this + 1
    if not 1 <= other <= PRIORITIES_MAX:
        return {}
    names = f"{PRIORITY}{this}", f"{PRIORITY}{other}"
    return dict(zip(names, (data.get(name, "") for name in reversed(names)), strict=True))


def _field_values(plan: Plan) -> dict[str, Any]:
    """Return values of a plan by field name."""
    lines = [*plan.priorities, *[""] * PRIORITIES_MAX][:PRIORITIES_MAX]
    names = [name for name in PLAN_FIELDS if name != "target_occupation"]
    return {
        **{name: getattr(plan, name) for name in names},
        "target_occupation": plan.target_occupation_id,
        **{f"{PRIORITY}{place}": text for place, text in enumerate(lines, 1)},
    }
