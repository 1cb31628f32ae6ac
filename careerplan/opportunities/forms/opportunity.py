"""Forms of an opportunity: add, edit, decide, and look back on the decision."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.goals.forms.base import ConfirmPastDates
from careerplan.goals.models import Goal
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.models.opportunity import LINK_LENGTH, TITLE_LENGTH, WORDS_LENGTH
from careerplan.opportunities.services import FirstStep

SHORT_FIELDS = ("title", "organisation", "link", "closes_on")
WRONG_LINK = gettext_lazy("Enter a web address that starts with https:// or http://, or leave it empty.")
WRONG_DATE = gettext_lazy("Enter a date, such as 30 Sep 2031.")


class LinkField(LineField):
    """A web address; https:// is added if the scheme is missing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LINK_LENGTH, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)
        self.validators.append(URLValidator(schemes=["http", "https"], message=WRONG_LINK))

    def to_python(self, value: Any) -> str:
        """Add the scheme if it is missing."""
        text = super().to_python(value)
        return f"https://{text}" if text and ":" not in text.split("/", 1)[0] else text


class OpportunityForm(ConfirmPastDates):
    """Fields of an opportunity. A closing date in the past needs a confirmation, because it is often a typing error."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Enter a title, such as the name of the job.")},
    )
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=TITLE_LENGTH, required=False)
    link = LinkField(label=gettext_lazy("Link"), required=False)
    closes_on = forms.DateField(
        label=gettext_lazy("Closing date"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": WRONG_DATE},
    )
    days_that_may_be_past: tuple[str, ...] = ("closes_on",)


class AddOpportunityForm(OpportunityForm):
    """The short form for a new opportunity."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_form_key(self) -> Any:
        """Make a key if the browser sent none."""
        return self.cleaned_data["form_key"] or uuid4()

    def changes(self) -> dict[str, Any]:
        """Fields of the new opportunity."""
        return {name: self.cleaned_data[name] for name in SHORT_FIELDS}


class EditOpportunityForm(ConflictForm, OpportunityForm):
    """All fields of an opportunity."""

    summary = LineField(
        label=gettext_lazy("Summary"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Such as: permanent, band 6, from May."),
    )

    def __init__(self, *args: Any, opportunity: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opportunity = opportunity

    @classmethod
    def of(cls, opportunity: Opportunity, data: QueryDict | None, *, today: date) -> "EditOpportunityForm":
        """Return the form of an opportunity, bound to `data` if it was posted."""
        form = cls(data, opportunity=opportunity, initial=cls.field_values(opportunity), today=today)
        form.check_conflicts(cls.field_values(opportunity))
        return form

    @staticmethod
    def field_values(opportunity: Opportunity) -> dict[str, Any]:
        """Return the fields of an opportunity, or of an event of its history."""
        return {name: getattr(opportunity, name) for name in (*SHORT_FIELDS, "summary")}

    def changes(self) -> dict[str, Any]:
        """Fields to save."""
        return {name: self.cleaned_data[name] for name in (*SHORT_FIELDS, "summary")}


class DecisionForm(BaseForm):
    """The reason of a decision."""

    reason = LongTextField(
        label=gettext_lazy("Why?"),
        max_length=WORDS_LENGTH,
        help_text=gettext_lazy("A few words. In 90 days we'll ask you whether it was right."),
        error_messages={"required": gettext_lazy("Enter a reason. A few words are enough.")},
    )


class PursueForm(DecisionForm, ConfirmPastDates):
    """The reason, and the first step to add to a goal."""

    step_title = LineField(label=gettext_lazy("What will you do first?"), max_length=TITLE_LENGTH, required=False)
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": WRONG_DATE},
    )
    step_goal = forms.ModelChoiceField(
        Goal.objects.none(), label=gettext_lazy("Goal for this step"), required=False, empty_label=None
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    days_that_may_be_past: tuple[str, ...] = ("step_due_on",)

    def __init__(self, data: Any, *, goals: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["step_goal"].queryset = goals  # type: ignore[attr-defined]
        self.unmark_optional("step_goal")  # required with a step

    def clean(self) -> dict[str, Any]:
        """Require a goal for the step."""
        cleaned = super().clean()
        if cleaned.get("step_title") and not cleaned.get("step_goal") and "step_goal" not in self.errors:
            self.add_error("step_goal", _("Choose a goal for the step, or clear the step."))
        return cleaned

    def first_step(self) -> FirstStep | None:
        """Return the step to add; None if none was entered."""
        data = self.cleaned_data
        if not data["step_title"]:
            return None
        step = {"title": data["step_title"], "due_on": data["step_due_on"]}
        return FirstStep(goal=data["step_goal"], step=step, form_key=data["form_key"] or uuid4())


class OutcomeReviewForm(BaseForm):
    """Form for whether the decision was right, 90 days later."""

    outcome_review = forms.ChoiceField(
        label=gettext_lazy("Was the decision right?"),
        choices=Opportunity.OutcomeReview,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes, partly or no.")},
    )
    note = LongTextField(label=gettext_lazy("How does it look now?"), max_length=WORDS_LENGTH, required=False)
