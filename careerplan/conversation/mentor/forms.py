"""Forms of mentors: what they suggest."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.conversation.services.suggestions import Proposed
from careerplan.core.forms import BaseForm, DateInput, LineField
from careerplan.goals.models.goal import TITLE_LENGTH

GOAL = "goal"


class SuggestionForm(BaseForm):
    """A new step, perhaps with a day, or another day for a step that is there, or for the goal."""

    what = forms.ChoiceField(label=_("What do you suggest?"), required=False)
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
        first = [("", _("A new step")), (GOAL, _("Another due date for the goal"))]
        what.choices = [*first, *moves]  # type: ignore[attr-defined]
        what.widget.attrs["dir"] = "auto"
        self.unmark_optional("what", "title")

    def clean(self) -> dict[str, Any]:
        """Require words for a new step, and a day for what moves."""
        cleaned = super().clean() or {}
        what, day = cleaned.get("what"), cleaned.get("due_on")
        if (
            not what
            and "what" not in self.errors
            and not (cleaned.get("title") or "").strip()
            and "title" not in self.errors
        ):
            self.add_error("title", _("Enter the step that you suggest."))
        if what and day is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose the day that you suggest."))
        if what == GOAL and day and (day < self.today or day == self.goal_due_on):
            self.add_error("due_on", _("Choose another day than the due date of the goal, from today on."))
        elif what != GOAL and day and not self.today <= day <= self.goal_due_on:
            self.add_error("due_on", _("Choose a day from today to the due date of the goal."))
        return cleaned

    def proposed(self) -> Proposed:
        """Return what is suggested."""
        data = self.cleaned_data
        what = data["what"]
        title = "" if what else data["title"].strip()
        step = int(what) if what not in {"", GOAL} else None
        return Proposed(goal=self.goal, title=title, step=step, due_on=data["due_on"])
