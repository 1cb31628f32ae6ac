"""Forms of a goal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField, NumberField, python_value
from careerplan.core.numbers import is_percentage
from careerplan.core.sentences import join_list
from careerplan.goals.amount import split_amount
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, ConfirmPastDates
from careerplan.goals.forms.steps import StepForm
from careerplan.goals.models import Goal, Resource
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.services.goals import SkillsTicked
from careerplan.goals.title_advice import GoalDraft, TitleAdvice, check_title
from careerplan.skills.models import TaskAnswer

Groups = Sequence[tuple[str, list[tuple[int, str]]]]  # skills by group: id and name


class SkillsField(forms.TypedMultipleChoiceField):
    """Skills that the user may see, by id."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid_choice": gettext_lazy("One of these skills no longer exists. Check the list.")}
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=messages, **kwargs)


class MeasureForm(BaseForm):
    """Title and measure of a goal."""

    title = LineField(
        label=gettext_lazy("What is your goal?"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Describe what will be different when you reach this goal.")},
    )
    measure_kind = forms.ChoiceField(
        label=gettext_lazy("How will you measure it?"), choices=Goal.MeasureKind, widget=forms.RadioSelect
    )
    unit = LineField(label=gettext_lazy("What are you counting?"), max_length=60, required=False)
    start_value = NumberField(
        label=gettext_lazy("Today"), required=False, widget=forms.TextInput(attrs=NUMBER_WIDGET), **NUMBER_LIMITS
    )
    target_value = NumberField(
        label=gettext_lazy("Target"), required=False, widget=forms.TextInput(attrs=NUMBER_WIDGET), **NUMBER_LIMITS
    )
    done_when = LineField(label=gettext_lazy("What counts as done?"), max_length=300, required=False)

    MEASURE_PARTS = ("unit", "start_value", "target_value", "done_when")
    MISSING: dict[str, Any] = {
        "unit": gettext_lazy("Enter what you count, such as shifts, people or euros."),
        "start_value": gettext_lazy("Enter today's number. It can be 0."),
        "target_value": gettext_lazy("Enter the number you want to reach."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional(*self.MEASURE_PARTS)  # the choice beside them says when they are needed

    def clean(self) -> dict[str, Any]:
        """Require the parts of the chosen measure, and clear the others."""
        cleaned = super().clean() or {}
        if cleaned.get("measure_kind") == Goal.MeasureKind.NUMBER:
            self._clean_number(cleaned)
        elif cleaned.get("measure_kind") == Goal.MeasureKind.YES_NO:
            self._clean_yes_no(cleaned)
        return cleaned

    def _clean_number(self, cleaned: dict[str, Any]) -> None:
        for name, message in self.MISSING.items():
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, message)
        start, target = cleaned.get("start_value"), cleaned.get("target_value")
        if start is not None and start == target:
            self.add_error("target_value", _("The target is the same as today's number. Enter a different one."))
        cleaned["done_when"] = ""

    def _clean_yes_no(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("done_when") and "done_when" not in self.errors:
            self.add_error("done_when", _("Describe what you will have when it is done."))
        # A number typed before the choice changed does not count, right or wrong.
        for name in ("unit", "start_value", "target_value"):
            self.errors.pop(name, None)
        cleaned.update(unit="", start_value=None, target_value=None)

    def measure_changes(self) -> dict[str, Any]:
        """Return the entered fields of the measure."""
        return {name: self.cleaned_data[name] for name in ("measure_kind", *self.MEASURE_PARTS)}


class GoalForm(MeasureForm, ConfirmPastDates):
    """Form of a goal with its measure and dates."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), choices=Goal.Area, widget=forms.RadioSelect)
    starts_on = forms.DateField(label=gettext_lazy("Start"), widget=DateInput())
    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        widget=DateInput(),
        help_text=gettext_lazy("You can change this later."),
        error_messages={"required": gettext_lazy("Choose the date by which you want to reach this goal.")},
    )
    why = LongTextField(label=gettext_lazy("Why does it matter to you?"), max_length=4000, required=False)
    stop_on = forms.DateField(label=gettext_lazy("I will stop on"), widget=DateInput(), required=False)
    stop_condition = LineField(
        label=gettext_lazy("Unless"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: my manager has said yes. We will ask you on that date, and you decide."),
    )
    skills = SkillsField(label=gettext_lazy("Skills it builds"), required=False)
    # Ids that the list showed as ticked, so that only changes made here are saved.
    skills_shown = forms.CharField(widget=forms.HiddenInput, required=False)
    days_that_may_be_past: tuple[str, ...] = ("due_on", "stop_on")

    STOP_RULE = ("stop_on", "stop_condition")
    ANSWERS = ("area", "title", "why", "starts_on", "due_on", *STOP_RULE)
    # As on the page, so that the error summary follows it.
    field_order: tuple[str, ...] = ("confirm_past", "area")

    def __init__(self, *args: Any, skill_groups: Groups = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = skill_groups  # type: ignore[attr-defined]
        self.unmark_optional(*self.STOP_RULE)  # the question above them says when they are needed

    @property
    def title_advice(self) -> TitleAdvice:
        """Return advice on the entered title, whether or not the rest is valid."""
        names = ("title", "unit", "start_value", "target_value", "done_when", "due_on")
        kinds: dict[str, Any] = {"start_value": Decimal, "target_value": Decimal, "due_on": date}
        texts = {name: self[name].value() or "" for name in names if name in self.fields}
        texts["target_value"], counted = split_amount(str(texts["target_value"]))
        texts |= {"unit": texts.get("unit") or counted, "start_value": str(self["start_value"].value() or "0")}
        said = {name: python_value(self.fields.get(name, forms.CharField()), text) for name, text in texts.items()}
        known = {name: value for name, value in said.items() if isinstance(value, kinds.get(name, str))}
        by_number = self["measure_kind"].value() == Goal.MeasureKind.NUMBER
        for name in ("done_when",) if by_number else ("unit", "start_value", "target_value"):
            known.pop(name, None)
        return check_title(GoalDraft(**{"title": "", **known}), language=get_language() or "en")

    @property
    def skill_rows(self) -> list[tuple[str, list[tuple[int, str, bool]]]]:
        """Return the skills by group, each with whether it is ticked."""
        ticked = {str(value) for value in self["skills"].value() or ()}
        groups = self.fields["skills"].choices  # type: ignore[attr-defined]
        return [(group, [(pk, name, str(pk) in ticked) for pk, name in skills]) for group, skills in groups]

    @property
    def ticked_names(self) -> str:
        """Return the names of the ticked skills, for the line above the list."""
        return join_list(name for _group, skills in self.skill_rows for _pk, name, is_ticked in skills if is_ticked)

    def skills_ticked(self) -> SkillsTicked | None:
        """Return the ticked skills for the service; None if the form was sent without the list."""
        if "skills_shown" not in self.data:
            return None
        shown = frozenset(int(word) for word in self.cleaned_data["skills_shown"].split() if word.isdecimal())
        return SkillsTicked(shown=shown, ticked=frozenset(self.cleaned_data["skills"]))

    def clean(self) -> dict[str, Any]:
        """Check what depends on several answers: the measure, and the order of dates."""
        cleaned = super().clean()
        self._clean_dates(cleaned)
        self._clean_stop_rule(cleaned)
        return cleaned

    def _clean_dates(self, cleaned: dict[str, Any]) -> None:
        start, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if start and due and due < start:
            message = _("The due date, %(due)s, is before the start, %(start)s. Choose a later day.")
            days = {"due": date_format(due, "j M Y"), "start": date_format(start, "j M Y")}
            self.add_error("due_on", message % days)

    def _clean_stop_rule(self, cleaned: dict[str, Any]) -> None:
        if any(name in self.errors for name in self.STOP_RULE):
            return
        stop, unless, due = cleaned.get("stop_on"), cleaned.get("stop_condition"), cleaned.get("due_on")
        if stop and not unless:
            self.add_error("stop_condition", _("Enter the condition, or clear the date."))
        elif unless and not stop:
            self.add_error("stop_on", _("Choose a date for the stop rule, or clear the condition."))
        elif stop and due and stop > due:
            message = _("%(stop)s is after the goal's due date, %(due)s. Choose an earlier day.")
            days = {"stop": date_format(stop, "j M Y"), "due": date_format(due, "j M Y")}
            self.add_error("stop_on", message % days)

    def changes(self) -> dict[str, Any]:
        """Return the entered fields of the goal."""
        return {name: self.cleaned_data[name] for name in self.ANSWERS} | self.measure_changes()


class AmountField(NumberField):
    """A number with what it counts, such as "12 shifts"; its value is the number."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # of IntegerField, in the stubs
        """Return the number, without the words after it."""
        return super().to_python(split_amount(value)[0] if isinstance(value, str) else value)


class NewGoalForm(GoalForm, StepForm):
    """Form for a new goal with its measure, dates and first step, on one page.

    The target and what it counts are one field here: a new goal takes four.
    """

    unit = None  # type: ignore[assignment]  # so Django leaves a field out
    target_value = AmountField(
        label=gettext_lazy("Target"),
        required=False,
        help_text=gettext_lazy("A number and what you count, such as 12 shifts."),
        error_messages={"invalid": gettext_lazy("Enter a number and what you count.")},
        **NUMBER_LIMITS,
    )
    MISSING: dict[str, Any] = {
        "start_value": MeasureForm.MISSING["start_value"],
        "target_value": gettext_lazy("Enter the number you want to reach and what you count."),
    }

    skill = forms.ModelChoiceField(Skill.objects.none(), required=False, widget=forms.HiddenInput)
    task = forms.ModelChoiceField(TaskAnswer.objects.none(), required=False, widget=forms.HiddenInput)
    resource_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Resource.Kind, required=False, initial=Resource.Kind.TIME_OFF
    )
    resource = LineField(label=gettext_lazy("What do you need?"), max_length=200, required=False)
    days_that_may_be_past: tuple[str, ...] = ("due_on", "stop_on", "step_due_on")
    field_order = (*GoalForm.field_order, *GoalForm.base_fields)  # the goal before its step, as on the page

    def __init__(
        self, *args: Any, user: User, today: date, initial: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        first = {
            "area": Goal.Area.PROFESSIONAL,
            "measure_kind": Goal.MeasureKind.NUMBER,
            "start_value": 0,
            "starts_on": today,
        }
        initial = {**first, **(initial or {})}
        self.known_unit: str = initial.pop("unit", "")  # counts where only a number is entered
        if self.known_unit and "target_value" in initial:
            initial["target_value"] = f"{initial['target_value']} {self.known_unit}"
        skill = initial.get("skill")
        initial.setdefault("skills", [skill] if skill else [])
        super().__init__(*args, today=today, initial=initial, **kwargs)
        if self.known_unit and "target_value" not in initial:
            counted = _("A percentage.") if is_percentage(self.known_unit) else _("A number. We count %(unit)s.")
            self.fields["target_value"].help_text = counted % {"unit": self.known_unit}
        self.fields["skill"].queryset = Skill.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["task"].queryset = TaskAnswer.objects.filter(assessment__user=user)  # type: ignore[attr-defined]

    def _clean_number(self, cleaned: dict[str, Any]) -> None:
        """Take what is counted from the words after the target."""
        super()._clean_number(cleaned)
        unit = split_amount(self["target_value"].value() or "")[1] or self.known_unit
        try:
            cleaned["unit"] = GoalForm.base_fields["unit"].clean(unit)
        except forms.ValidationError as error:
            self.add_error("target_value", error)
        if not unit and "target_value" not in self.errors:
            self.add_error("target_value", self.MISSING["target_value"])

    def origin_skill(self) -> Skill | None:
        """Return the skill whose gap the goal closes, unless it was unticked in the list."""
        skill: Skill | None = self.cleaned_data["skill"]
        ticked = self.skills_ticked()
        return skill if skill and (ticked is None or skill.pk in ticked.ticked) else None

    def origin_task(self) -> str:
        """Return the task that the goal was added to learn; blank if it was not."""
        task: TaskAnswer | None = self.cleaned_data["task"]
        return task.text if task else ""

    def first_resources(self) -> list[dict[str, Any]]:
        """Return what the first step needs: nothing or one resource."""
        kind, description = self.cleaned_data["resource_kind"], self.cleaned_data["resource"]
        return [{"kind": kind or Resource.Kind.OTHER, "description": description}] if description else []
