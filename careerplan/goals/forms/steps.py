"""Forms of a step: short beside a new goal, and complete on its own page with what the step needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.dates import end_of_month
from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import DateInput, LineField, LongTextField, NumberField
from careerplan.goals.forms.base import NUMBER_WIDGET, ActiveGoalForm, ConfirmPastDates, ConfirmWorkload
from careerplan.goals.forms.resources import add_row, rows_of
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.queries.workload import StepEffort
from careerplan.goals.repeats import LAST_DAY, MOST, RepeatRule, RepeatUnit


class StepForm(ConfirmWorkload, ConfirmPastDates):
    """Short form of a step: title, due date, hours. FullStepForm has the rest."""

    step_title = LineField(
        label=gettext_lazy("What will you do?"),
        max_length=TITLE_LENGTH,
        error_messages={
            "required": gettext_lazy(
                "Enter what you will do, however small. Start with a verb, such as ask, book or read."
            )
        },
    )
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Leave it empty if you do not know yet. You can set a day later."),
    )
    effort_hours = NumberField(
        label=gettext_lazy("Effort in hours"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
        error_messages={"min_value": gettext_lazy("Enter more than 0 hours, or leave this empty if you do not know.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    days_that_may_be_past: tuple[str, ...] = ("step_due_on",)

    def __init__(self, *args: Any, goal_due_on: date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.goal_due_on = goal_due_on

    def clean(self) -> dict[str, Any]:
        """Refuse a step that is due after its goal."""
        cleaned = super().clean()
        step_due, goal_due = self.first_day(cleaned), self.goal_due_on or cleaned.get("due_on")
        if step_due and goal_due and step_due > goal_due:
            message = _(
                "%(step)s is after the goal's due date, %(goal)s. Choose an earlier day or move the goal's date."
            )
            days = {"step": date_format(step_due, "j M Y"), "goal": date_format(goal_due, "j M Y")}
            self.add_error("step_due_on", message % days)
        self.check_workload(self.effort(cleaned))
        return cleaned

    def first_day(self, cleaned: dict[str, Any]) -> date | None:
        """Return the entered date."""
        due_on: date | None = cleaned.get("step_due_on")
        return due_on

    def effort(self, cleaned: dict[str, Any]) -> StepEffort:
        """Return the entered hours with the date."""
        effort = StepEffort(0, cleaned.get("effort_hours"), cleaned.get("step_due_on"))
        return replace(effort, is_on_day=cleaned.get("is_on_day", False))

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        data = self.cleaned_data
        return {"title": data["step_title"], "due_on": data["step_due_on"], "effort_hours": data["effort_hours"]}


class RepeatFields(StepForm):
    """Whether a step repeats, how, and until when. Its due date is the first day, and says on which day it repeats."""

    CHOICES = (
        ("", gettext_lazy("It does not repeat")),
        ("day", gettext_lazy("Every day")),
        ("week", gettext_lazy("Every week, on the day of the due date")),
        ("two_weeks", gettext_lazy("Every 2 weeks, on the day of the due date")),
        ("month", gettext_lazy("Each month, on the day of the due date")),
        ("month_end", gettext_lazy("Each month, on the last day")),
        ("quarter", gettext_lazy("Every 3 months, on the day of the due date")),
        ("quarter_end", gettext_lazy("Every 3 months, on the last day")),
        ("after", gettext_lazy("Some days after it is done")),
    )

    repeats = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=CHOICES, required=False)
    repeats_days = forms.IntegerField(
        label=gettext_lazy("Days after it is done"),
        required=False,
        min_value=1,
        max_value=MOST["after"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "cp-num cp-input-num"}),
    )
    repeats_until = forms.DateField(
        label=gettext_lazy("Last possible day"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Leave it empty to repeat it until the goal's due date."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("repeats", "repeats_days")

    def clean(self) -> dict[str, Any]:
        """Require what the choice needs, and clear what it does not."""
        cleaned = super().clean()
        kind, due_on, until = cleaned.get("repeats"), self.first_day(cleaned), cleaned.get("repeats_until")
        if kind and due_on is None and "step_due_on" not in self.errors:
            self.add_error("step_due_on", _("Choose the first day of a step that repeats."))
        if kind == "after" and not cleaned.get("repeats_days") and "repeats_days" not in self.errors:
            self.add_error("repeats_days", _("Enter after how many days the step is due again."))
        if kind and until and due_on and until < due_on:
            self.add_error("repeats_until", _("Choose the due date of the step or a later day."))
        if not kind:
            cleaned.update(repeats_days=None, repeats_until=None)
        return cleaned

    def effort(self, cleaned: dict[str, Any]) -> StepEffort:
        """Return the effort of all its times."""
        found, due_on = super().effort(cleaned), self.first_day(cleaned)
        if not cleaned.get("repeats") or due_on is None:
            return found
        until = min(filter(None, (cleaned.get("repeats_until"), self.goal_due_on)), default=None)
        return replace(found, due_on=due_on, repeats=self._rule(cleaned), repeats_from=due_on, until=until)

    def first_day(self, cleaned: dict[str, Any]) -> date | None:
        """Return the entered date, or the last day of its month if it repeats on that."""
        due_on = super().first_day(cleaned)
        return end_of_month(due_on) if due_on and cleaned.get("repeats") in ("month_end", "quarter_end") else due_on

    def _rule(self, cleaned: dict[str, Any]) -> str:
        """Return the rule of the choice as it is stored."""
        day = self.first_day(cleaned)
        if not cleaned.get("repeats") or day is None:
            return ""
        rules = {
            "day": RepeatRule(RepeatUnit.DAILY, 1),
            "week": RepeatRule(RepeatUnit.WEEKLY, 1, day.isoweekday()),
            "two_weeks": RepeatRule(RepeatUnit.WEEKLY, 2, day.isoweekday()),
            "month": RepeatRule(RepeatUnit.MONTHLY, 1, day.day),
            "month_end": RepeatRule(RepeatUnit.MONTHLY, 1, LAST_DAY),
            "quarter": RepeatRule(RepeatUnit.MONTHLY, 3, day.day),
            "quarter_end": RepeatRule(RepeatUnit.MONTHLY, 3, LAST_DAY),
            "after": RepeatRule(RepeatUnit.AFTER, cleaned.get("repeats_days") or 1),
        }
        return str(rules.get(cleaned["repeats"], cleaned["repeats"]))  # or the rule that the step has

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        data = self.cleaned_data
        repeats = {"repeats": self._rule(data), "repeats_until": data["repeats_until"]}
        return super().step_changes() | {"due_on": self.first_day(data)} | repeats


def repeat_answers(rule: RepeatRule | None, until: date | None = None) -> dict[str, Any]:
    """Return the answers that make a rule."""
    ending = "_end" if rule and rule.on == LAST_DAY else ""
    kinds = {
        (RepeatUnit.DAILY, 1): "day",
        (RepeatUnit.WEEKLY, 1): "week",
        (RepeatUnit.WEEKLY, 2): "two_weeks",
        (RepeatUnit.MONTHLY, 1): f"month{ending}",
        (RepeatUnit.MONTHLY, 3): f"quarter{ending}",
    }
    is_after = rule is not None and rule.unit is RepeatUnit.AFTER
    kind = "after" if is_after else kinds.get((rule.unit, rule.every), "") if rule else ""
    return {"repeats": kind, "repeats_days": rule.every if rule and is_after else None, "repeats_until": until}


ADD_ROW = "another_row"  # name of the button that adds a row


class FullStepForm(ActiveGoalForm, ConflictForm, RepeatFields):
    """Form of a step with its details, kind and resources."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of step"),
        choices=[("", gettext_lazy("Choose")), *ActionStep.Kind.choices],
        required=False,
        help_text=gettext_lazy("Shows you later which kinds of step were worth it."),
    )
    is_on_day = forms.BooleanField(
        label=gettext_lazy("It happens on that day"),
        required=False,
        help_text=gettext_lazy("As a course or an interview does. All its hours count in that week."),
    )
    details = LongTextField(label=gettext_lazy("Details"), max_length=4000, required=False)

    def __init__(self, data: QueryDict | None, *, goal: Goal, step: ActionStep | None = None, **kwargs: Any) -> None:
        self.goal, self.seen = goal, step
        there = list(step.resources.all()) if step else []
        self.asks_for_row = data is not None and ADD_ROW in data
        self.answers = data.copy() if data is not None else None
        if self.answers is not None and self.asks_for_row:
            add_row(self.answers)
        self.resources = rows_of(there, self.answers)
        super().__init__(self.answers, initial=answers_of(step) if step else None, goal_due_on=goal.due_on, **kwargs)
        if step:
            self._offer_rule_of(step)
            self.check_conflicts(answers_of(step))
        if not self.skip_check:
            for row in self.resources.forms:
                row.check_resource({resource.pk: resource for resource in there})
                self.conflicts += row.conflicts
                self.auto_merged |= row.auto_merged
        if self.asks_for_row:
            self._errors = ErrorDict()  # not validated yet
            self.resources.say_nothing()

    @classmethod
    def of_goal(cls, goal: Goal, data: QueryDict | None, *, today: date, **kwargs: Any) -> "FullStepForm":
        """Return the form for a new step of a goal."""
        return cls(data, goal=goal, today=today, **kwargs)

    @classmethod
    def of_step(cls, step: ActionStep, data: QueryDict | None, *, today: date, **kwargs: Any) -> "FullStepForm":
        """Return the form for an existing step. One query for its resources."""
        return cls(data, goal=step.goal, step=step, today=today, **kwargs)

    def _offer_rule_of(self, step: ActionStep) -> None:
        """Offer the rule that a step has, where the form has no choice for it: an imported file can bring any."""
        rule, repeats = step.repeat_rule, self.fields["repeats"]
        if isinstance(repeats, forms.ChoiceField) and rule and not repeat_answers(rule)["repeats"]:
            repeats.choices = [*self.CHOICES, (str(rule), rule.text)]

    def is_valid(self) -> bool:
        """Return whether the form is valid, has no conflict and is to be saved."""
        return not self.asks_for_row and super().is_valid()

    def clean(self) -> dict[str, Any]:
        """Report errors in the rows as errors of this form."""
        cleaned = super().clean()
        if self.resources.is_bound and not self.resources.is_valid():
            for complaint in self.resources.complaints():
                self.add_error(None, complaint)
        return cleaned

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        changes = super().step_changes() | {name: self.cleaned_data[name] for name in ("details", "kind", "is_on_day")}
        if self.seen and self._keeps_rule(self.seen):
            changes |= {"repeats": self.seen.repeats, "due_on": self.seen.due_on}
        return changes

    def _keeps_rule(self, step: ActionStep) -> bool:
        """Return whether it repeats as before: a day that was moved once does not change the rule."""
        before = answers_of(step)
        return all(self.cleaned_data[name] == before[name] for name in ("step_due_on", "repeats", "repeats_days"))

    def entered_resources(self) -> list[dict[str, Any]]:
        """Return what the step needs, for `write_resources`; nothing if the rows were not sent."""
        return self.resources.resources() if self.resources.is_bound else []


def answers_of(step: ActionStep) -> Mapping[str, Any]:
    """Return values of a step by field name."""
    rule = step.repeat_rule
    repeats = repeat_answers(rule, step.repeats_until)
    return {
        "step_title": step.title,
        "step_due_on": step.due_on,
        "effort_hours": None if step.effort_hours is None else f"{step.effort_hours.normalize():f}",
        "kind": step.kind,
        "is_on_day": step.is_on_day,
        "details": step.details,
        **repeats,
        "repeats": repeats["repeats"] or str(rule or ""),
    }
