"""Forms of the pages behind the links in an email. They show nothing typed earlier: someone else may have the email."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, LongTextField
from careerplan.core.http import parse_id
from careerplan.goals.forms.changes import ReasonFields
from careerplan.goals.forms.closing import EndingForm
from careerplan.goals.forms.steps import StepForm
from careerplan.goals.models import Goal
from careerplan.goals.services.steps import blocker_text
from careerplan.reminders.email_actions.links import ActionTarget
from careerplan.reminders.email_actions.queries import ActionRequest, smallest_step_by, smallest_step_until

LONGEST_DETAILS = 4000  # characters, as in the form of a step


class WeekForm(ReasonFields):
    """The reason for moving a date by a week, and which open steps of a goal move too."""

    data: QueryDict  # what a browser sent
    change_note = None  # type: ignore[assignment]  # so Django leaves a field out
    to = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def moved_steps(self) -> frozenset[int]:
        """Return the ids that are ticked; ids of other goals move nothing."""
        return frozenset(pk for text in self.data.getlist("move_steps") if (pk := parse_id(text)) is not None)


class ReachedForm(EndingForm):
    """How a goal ended: reached or partly, with the final number where it has a target."""

    learned = None  # type: ignore[assignment]
    outcome = forms.ChoiceField(
        label=gettext_lazy("How far did you get?"),
        choices=[(state.value, state.label) for state in (Goal.State.REACHED, Goal.State.PARTLY)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose reached or partly reached.")},
    )
    field_order = ("outcome",)

    @classmethod
    def for_goal(cls, goal: Goal, data: Any) -> "ReachedForm":
        """Return the form without earlier answers, and without a default outcome where a target decides it."""
        form = cls(data, initial={} if goal.measure_kind == Goal.MeasureKind.NUMBER else {"outcome": "reached"})
        form.ask_for_figure(goal)
        form.unmark_optional("outcome")
        return form


class LetGoForm(BaseForm):
    """Optional notes about a goal that is let go."""

    closing_note = LongTextField(label=gettext_lazy("Why are you letting go?"), max_length=4000, required=False)
    learned = LongTextField(label=gettext_lazy("What did you learn?"), max_length=4000, required=False)


class StuckForm(StepForm):
    """The obstacle, and a smaller step."""

    effort_hours = None  # type: ignore[assignment]
    form_key = None  # type: ignore[assignment]  # the link has one
    blocker = LongTextField(
        label=gettext_lazy("What is in the way?"),
        max_length=500,
        error_messages={"required": gettext_lazy("Describe your obstacle in a few words.")},
    )
    field_order = ("blocker", "step_title", "step_due_on")

    def __init__(self, data: Any, *, action: ActionRequest) -> None:
        super().__init__(
            data,
            goal_due_on=action.goal.due_on,
            today=action.today,
            initial={"step_due_on": smallest_step_by(action)},
        )
        self.action = action
        labels = {"step_title": _("What smaller step can you take first?"), "step_due_on": _("When will you do it?")}
        for name, label in labels.items():
            self.fields[name].label = label
        day = self.fields["step_due_on"]
        day.required, day.help_text = True, ""  # the answer to what is late is a step with a day
        day.error_messages["required"] = _("Choose the date by which you will finish this step.")
        if action.target is ActionTarget.STEPLESS:
            del self.fields["blocker"]

    def clean_blocker(self) -> str:
        """Reject text that does not fit into the details of the step."""
        blocker: str = self.cleaned_data["blocker"]
        details = self.action.step.details if self.action.step else ""
        if len(blocker_text(blocker, self.action.today)) + 1 + len(details) > LONGEST_DETAILS:
            raise forms.ValidationError(
                _("The details of this step are too long. Sign in and shorten them first."), code="details_full"
            )
        return blocker

    def clean_step_due_on(self) -> date:
        """Reject a day after the step that it comes before; `clean` checks the due date of the goal."""
        due_on: date = self.cleaned_data["step_due_on"]
        until = smallest_step_until(self.action)
        if until < min(due_on, self.action.goal.due_on):
            words = _(
                "This step comes before “%(title)s”, due %(day)s. Choose an earlier date, or move that step first."
            )
            raise forms.ValidationError(
                words % {"title": self.action.title, "day": date_format(until, "j M Y")}, code="after_next_step"
            )
        return due_on

    def step_changes(self) -> dict[str, Any]:
        """Return the fields of the new step."""
        return {"title": self.cleaned_data["step_title"], "due_on": self.cleaned_data["step_due_on"]}
