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


class OwnerCommentForm(CommentForm):
    """A comment; with several people who see the goal, to one of them."""

    to = forms.TypedChoiceField(label=gettext_lazy("Write to"), coerce=int)

    def __init__(self, *args: Any, people: tuple[Person, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["to"].choices = [(one.id, one.first_name) for one in people]  # type: ignore[attr-defined]
        if len(people) == 1:
            del self.fields["to"]
            self.fields["text"].label = _("Write to %(name)s") % {"name": people[0].first_name}

    def mentorship(self) -> int:
        """Return the id of the mentorship of the person to whom it goes."""
        chosen: int = self.cleaned_data["to"] if "to" in self.fields else self.people[0].id
        return chosen


class FinishForm(BaseForm):
    """Whether the step that a comment is about is done with it."""

    finishes = forms.BooleanField(required=False)

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finishes"].label = _("Also mark this step as done: %(title)s") % {"title": title}


class NewDayForm(ConfirmPastDates):
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
