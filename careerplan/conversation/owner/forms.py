"""Forms of the owner: a comment to one of the people, and the answers to suggestions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.conversation.forms import CommentForm
from careerplan.conversation.models.suggestion import LINE_LENGTH
from careerplan.conversation.owner.queries import Person
from careerplan.core.forms import BaseForm, DateInput, LineField
from careerplan.goals.forms.base import ConfirmPastDates

GONE = gettext_lazy("The person you wrote to no longer sees this. Choose a person.")


class OwnerCommentForm(CommentForm):
    """A comment to one of the people who see the goal now.

    Who it goes to is always sent, hidden where it is one: words for somebody who has gone must not reach another.
    """

    to = forms.TypedChoiceField(
        label=gettext_lazy("Write to"),
        coerce=int,
        error_messages={"invalid_choice": GONE, "required": GONE},
    )

    def __init__(self, *args: Any, people: tuple[Person, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        to, choices = self.fields["to"], [(one.id, one.first_name) for one in people]
        if not people:
            to.error_messages = dict.fromkeys(to.error_messages, _("Nobody sees this now. Nothing was sent."))
        is_gone = self.is_bound and self.data.get("to") not in {str(one.id) for one in people}
        to.choices = [("", _("Choose a person")), *choices] if is_gone else choices  # type: ignore[attr-defined]
        if len(people) == 1 and not is_gone:
            to.widget, to.initial = forms.HiddenInput(), people[0].id
            self.fields["text"].label = _("Write to %(name)s") % {"name": people[0].first_name}

    def mentorship(self) -> int:
        """Return the id of the mentorship of the person to whom it goes."""
        chosen: int = self.cleaned_data["to"]
        return chosen


class FinishForm(BaseForm):
    """Whether the step that a comment is about is done with it."""

    finishes = forms.BooleanField(required=False)

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finishes"].label = _("Also mark this step as done: %(title)s") % {"title": title}


class SuggestedDayForm(ConfirmPastDates):
    """The day to which a step moves."""

    due_on = forms.DateField(label=gettext_lazy("When will you do it?"), widget=DateInput())
    days_that_may_be_past = ("due_on",)

    def __init__(self, *args: Any, goal_due_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal_due_on = goal_due_on

    def clean(self) -> dict[str, Any]:
        """Refuse a day after the goal's."""
        cleaned = super().clean()
        day = cleaned.get("due_on")
        if day and day > self.goal_due_on:
            self.add_error("due_on", _("Choose a day up to the due date of the goal."))
        return cleaned


class DeclineSuggestionForm(BaseForm):
    """A line to the mentor, or none."""

    line = LineField(label=gettext_lazy("A line to them"), required=False, max_length=LINE_LENGTH)
