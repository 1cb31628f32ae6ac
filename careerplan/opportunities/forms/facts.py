"""What an opportunity is: noted in short, changed in full."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import MergingForm
from careerplan.core.forms import DateInput, LineField
from careerplan.goals.forms.base import AsksAboutPast
from careerplan.opportunities.models import LINK_LENGTH, TITLE_LENGTH, Opportunity
from careerplan.opportunities.services import OpportunityData

WRONG_LINK = gettext_lazy("Enter a web address that begins with https:// or http://, or leave it empty.")


class LinkField(LineField):
    """A web address; "www.example.org/post" is taken for https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LINK_LENGTH, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)
        self.validators.append(URLValidator(schemes=["http", "https"], message=WRONG_LINK))

    def to_python(self, value: Any) -> str:
        """The address with its scheme."""
        text = super().to_python(value)
        return f"https://{text}" if text and ":" not in text.split("/", 1)[0] else text


class FactsForm(AsksAboutPast):
    """What an opportunity is. A closing date in the past is asked about: people write down what is over, too."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Give it a title, such as the name of the post.")},
    )
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=TITLE_LENGTH, required=False)
    link = LinkField(label=gettext_lazy("Link"), required=False)
    closes_on = forms.DateField(
        label=gettext_lazy("Closes"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )
    days_that_may_be_past: tuple[str, ...] = ("closes_on",)


class NoteForm(FactsForm):
    """The short form: a title is enough."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_form_key(self) -> Any:
        """A form that lost its key still saves."""
        return self.cleaned_data["form_key"] or uuid4()

    def answers(self) -> OpportunityData:
        """What was entered, for the service."""
        data = self.cleaned_data
        return OpportunityData(**{name: data[name] for name in ("title", "organisation", "link", "closes_on")})


class EditForm(MergingForm, FactsForm):
    """What is known of an opportunity that is there."""

    summary = LineField(
        label=gettext_lazy("What it is"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("In one line, such as: permanent, band 6, from May."),
    )

    def __init__(self, *args: Any, opportunity: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opportunity = opportunity

    @classmethod
    def of(cls, opportunity: Opportunity, data: QueryDict | None, *, today: date) -> "EditForm":
        """The form showing an opportunity, with what was posted."""
        form = cls(data, opportunity=opportunity, initial=cls.says(opportunity), today=today)
        form.meet(opportunity, cls.says)
        return form

    @staticmethod
    def says(row: Any) -> dict[str, Any]:
        """What an opportunity, or an event of it, answers to the fields of this form."""
        return {name: getattr(row, name) for name in ("title", "organisation", "link", "closes_on", "summary")}

    def answers(self) -> OpportunityData:
        """What was entered, for the service."""
        data = self.cleaned_data
        return OpportunityData(**{name: data[name] for name in OpportunityData(title="").columns()})
