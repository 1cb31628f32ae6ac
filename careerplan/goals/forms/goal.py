"""The forms of a goal: each answer is checked, and what was typed stays."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.forms import DateInput, LineField, LongTextField
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, AsksAboutPast, NumberField
from careerplan.goals.forms.step import StepForm
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.services import GoalData, Measure


class GoalForm(AsksAboutPast):
    """A goal with its measure and its dates."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), choices=Goal.Area, widget=forms.RadioSelect)
    title = LineField(
        label=gettext_lazy("What do you want to reach?"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Say what will be different once you are there.")},
    )
    measure_kind = forms.ChoiceField(
        label=gettext_lazy("How will you measure it?"), choices=Goal.MeasureKind, widget=forms.RadioSelect
    )
    unit = LineField(label=gettext_lazy("What is counted"), max_length=60, required=False)
    start_value = NumberField(
        label=gettext_lazy("Today"), required=False, widget=forms.TextInput(attrs=NUMBER_WIDGET), **NUMBER_LIMITS
    )
    target_value = NumberField(
        label=gettext_lazy("Target"), required=False, widget=forms.TextInput(attrs=NUMBER_WIDGET), **NUMBER_LIMITS
    )
    done_when = LineField(label=gettext_lazy("What counts as done?"), max_length=300, required=False)
    starts_on = forms.DateField(label=gettext_lazy("Start"), widget=DateInput())
    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        widget=DateInput(),
        help_text=gettext_lazy("You can move it later."),
        error_messages={"required": gettext_lazy("Choose the day by which you want to have reached it.")},
    )
    why = LongTextField(label=gettext_lazy("Why does it matter to you?"), max_length=4000, required=False)
    days_that_may_be_past: tuple[str, ...] = ("due_on",)

    MEASURE_PARTS = ("unit", "start_value", "target_value", "done_when")
    ANSWERS = ("area", "title", "why", "starts_on", "due_on")

    def __init__(self, *args: Any, last_open_step: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_open_step = last_open_step
        for name in self.MEASURE_PARTS:  # asked for by the choice above them, so not "optional"
            self.fields[name].label = self.base_fields[name].label

    @classmethod
    def of_goal(cls, goal: Goal, data: Any, *, today: date, last_open_step: date | None) -> "GoalForm":
        """The form showing a goal."""
        initial = {name: getattr(goal, name) for name in (*cls.ANSWERS, "measure_kind", *cls.MEASURE_PARTS)}
        for name in ("start_value", "target_value"):
            if initial[name] is not None:
                initial[name] = f"{initial[name].normalize():f}"
        return cls(data, today=today, last_open_step=last_open_step, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Check what depends on several answers: the measure, and the order of dates."""
        cleaned = super().clean()
        if cleaned.get("measure_kind") == Goal.MeasureKind.NUMBER:
            self._clean_number(cleaned)
        elif cleaned.get("measure_kind") == Goal.MeasureKind.YES_NO:
            self._clean_yes_no(cleaned)
        self._clean_dates(cleaned)
        return cleaned

    def _clean_number(self, cleaned: dict[str, Any]) -> None:
        wanted = {
            "unit": _("Say what is counted, such as shifts, people or euros."),
            "start_value": _("Enter the figure of today; 0 is fine."),
            "target_value": _("Enter the figure you want to reach."),
        }
        for name, message in wanted.items():
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, message)
        start, target = cleaned.get("start_value"), cleaned.get("target_value")
        if start is not None and start == target:
            self.add_error("target_value", _("The target is the same as today's figure. Enter a different one."))
        cleaned["done_when"] = ""

    def _clean_yes_no(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("done_when") and "done_when" not in self.errors:
            self.add_error("done_when", _("Say what you will have in hand or will have seen when it is done."))
        # A figure that was typed before the choice was changed does not count, wrong or not.
        for name in ("unit", "start_value", "target_value"):
            self.errors.pop(name, None)
        cleaned.update(unit="", start_value=None, target_value=None)

    def _clean_dates(self, cleaned: dict[str, Any]) -> None:
        start, due, step = cleaned.get("starts_on"), cleaned.get("due_on"), self.last_open_step
        if start and due and due < start:
            message = _("The due date, %(due)s, is before the start, %(start)s. Choose a later day.")
            days = {"due": date_format(due, "j M Y"), "start": date_format(start, "j M Y")}
            self.add_error("due_on", message % days)
        elif due and step and due < step:
            message = _("An open step is due on %(step)s. Choose that day or a later one, or move the step first.")
            self.add_error("due_on", message % {"step": date_format(step, "j M Y")})

    def answers(self) -> GoalData:
        """What was entered, for the services."""
        data = self.cleaned_data
        parts = {name: data[name] for name in self.MEASURE_PARTS}
        measure = Measure(kind=Goal.MeasureKind(data["measure_kind"]), **parts)
        return GoalData(measure=measure, **{name: data[name] for name in self.ANSWERS})


class NewGoalForm(GoalForm, StepForm):
    """A new goal with its measure, its dates and its first step, on one page."""

    skill = forms.ModelChoiceField(Skill.objects.none(), required=False, widget=forms.HiddenInput)
    days_that_may_be_past: tuple[str, ...] = ("due_on", "step_due_on")

    def __init__(
        self, *args: Any, user: User, today: date, initial: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        first = {
            "area": Goal.Area.PROFESSIONAL,
            "measure_kind": Goal.MeasureKind.NUMBER,
            "start_value": 0,
            "starts_on": today,
        }
        super().__init__(*args, today=today, initial={**first, **(initial or {})}, **kwargs)
        self.fields["skill"].queryset = Skill.objects.visible_to(user)  # type: ignore[attr-defined]
