"""Forms of mentors: what they suggest."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.conversation.services.suggestions import Proposed
from careerplan.core.forms import BaseForm, DateInput, LineField
from careerplan.goals.models.goal import TITLE_LENGTH


class SuggestionForm(BaseForm):
    """A new step, perhaps with a day, or another day for a step that is there."""

    what = forms.TypedChoiceField(label=_("What do you suggest?"), required=False, coerce=int, empty_value=None)
    title = LineField(label=_("Step"), required=False, max_length=TITLE_LENGTH)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput())
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, goal: int, goal_due_on: date, today: date, steps: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.goal, self.goal_due_on, self.today = goal, goal_due_on, today
        what = self.fields["what"]
        moves = [(pk, _("Another day for: %(title)s") % {"title": title}) for pk, title in steps]
        what.choices = [("", _("A new step")), *moves]  # type: ignore[attr-defined]
        what.widget.attrs["dir"] = "auto"
        self.unmark_optional("what", "title")
        if not steps:
            del self.fields["what"]

    def clean(self) -> dict[str, Any]:
        """Require words for a new step, and a day for one that moves."""
        cleaned = super().clean() or {}
        step, day = cleaned.get("what"), cleaned.get("due_on")
        if step is None and not (cleaned.get("title") or "").strip() and "title" not in self.errors:
            self.add_error("title", _("Enter the step that you suggest."))
        if step is not None and day is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose the day that you suggest."))
        if day and not self.today <= day <= self.goal_due_on:
            self.add_error("due_on", _("Choose a day from today to the due date of the goal."))
        return cleaned

    def proposed(self) -> Proposed:
        """Return what is suggested."""
        data = self.cleaned_data
        step = data.get("what")
        return Proposed(goal=self.goal, title="" if step else data["title"].strip(), step=step, due_on=data["due_on"])
