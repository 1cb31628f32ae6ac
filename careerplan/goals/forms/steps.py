"""Forms of a step: short beside a new goal, and complete on its own page with what the step needs."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm, field_text
from careerplan.core.forms import DateInput, LineField, LongTextField, NumberField
from careerplan.core.http import parse_id
from careerplan.goals.forms.base import NUMBER_WIDGET, ActiveGoalForm, ConfirmPastDates, ConfirmWorkload
from careerplan.goals.models import ActionStep, Goal, Resource
from careerplan.goals.models.goal import TITLE_LENGTH


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
        step_due, goal_due = cleaned.get("step_due_on"), self.goal_due_on or cleaned.get("due_on")
        if step_due and goal_due and step_due > goal_due:
            message = _(
                "%(step)s is after the goal's due date, %(goal)s. Choose an earlier day or move the goal's date."
            )
            days = {"step": date_format(step_due, "j M Y"), "goal": date_format(goal_due, "j M Y")}
            self.add_error("step_due_on", message % days)
        self.check_workload(cleaned.get("effort_hours"), step_due)
        return cleaned

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        data = self.cleaned_data
        return {"title": data["step_title"], "due_on": data["step_due_on"], "effort_hours": data["effort_hours"]}


ADD_ROW = "another_row"  # name of the button that adds a row


class FullStepForm(ActiveGoalForm, ConflictForm, StepForm):
    """Form of a step with its details, kind and resources."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of step"),
        choices=[("", gettext_lazy("Choose")), *ActionStep.Kind.choices],
        required=False,
        help_text=gettext_lazy("Shows you later which kinds of step were worth it."),
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
        return super().step_changes() | {name: self.cleaned_data[name] for name in ("details", "kind")}

    def entered_resources(self) -> list[dict[str, Any]]:
        """Return what the step needs, for `write_resources`; nothing if the rows were not sent."""
        return self.resources.resources() if self.resources.is_bound else []


def answers_of(step: ActionStep) -> Mapping[str, Any]:
    """Return values of a step by field name."""
    return {
        "step_title": step.title,
        "step_due_on": step.due_on,
        "effort_hours": None if step.effort_hours is None else f"{step.effort_hours.normalize():f}",
        "kind": step.kind,
        "details": step.details,
    }


PREFIX = "resources"
COUNT = f"{PREFIX}-TOTAL_FORMS"
COLUMNS = ("kind", "description", "cost", "state")
SPARE = 2  # empty rows if there are none yet; otherwise one spare row
MOST = 30


class ResourceRow(ConflictForm):
    """A resource of a step. An empty row is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose")), *Resource.Kind.choices], required=False
    )
    description = LineField(label=gettext_lazy("What"), max_length=200, required=False)
    cost = NumberField(
        label=gettext_lazy("Cost"),
        required=False,
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs=NUMBER_WIDGET),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=Resource.State,
        required=False,
        initial=Resource.State.NEEDED,
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("kind", "description", "state")  # a row is optional as a whole

    def clean(self) -> dict[str, Any]:
        """Require what is missing in a started row; a row to be removed may have errors."""
        cleaned = super().clean() or {}
        if cleaned.get("remove"):
            self.errors.clear()
        elif self._begun(cleaned):
            if not cleaned.get("description") and "description" not in self.errors:
                self.add_error("description", _("Describe what you need, or remove the row."))
            if not cleaned.get("kind") and "kind" not in self.errors:
                self.add_error("kind", _("Choose a kind."))
        return cleaned

    def check_resource(self, resources: Mapping[int, Resource]) -> None:
        """Check for edit conflicts with the resource of this row, if it has one.

        A row that was removed elsewhere and not touched here is removed; one that was changed here is saved as a new
        one.
        """
        key = parse_id(str(self["id"].value() or ""))
        if key is not None and key in resources:
            self.stored = resources[key]
            self.check_conflicts({name: getattr(self.stored, name) for name in COLUMNS})
        elif key is not None and self.is_untouched(COLUMNS):
            self.data = self.data.copy()
            self.data[self.add_prefix("remove")] = "on"

    def conflict_label(self, name: str) -> str:
        return _("%(resource)s: %(field)s") % {"resource": self.stored, "field": super().conflict_label(name)}

    def _begun(self, cleaned: Mapping[str, Any]) -> bool:
        known = cleaned.get("id") is not None or cleaned.get("cost") is not None
        return known or bool(self.errors or cleaned.get("description") or cleaned.get("kind"))

    def resource(self) -> dict[str, Any] | None:
        """Return the fields of the row with `id` and `remove`, for `write_resources`; None for an empty row."""
        data = self.cleaned_data
        if data.get("remove"):
            return {"id": data.get("id"), "remove": True}
        if not data.get("description"):
            return None
        return {name: data[name] for name in ("id", *COLUMNS)} | {"state": data["state"] or Resource.State.NEEDED}


class BaseResourceRows(forms.BaseFormSet):  # type: ignore[type-arg]  # not a generic at run time
    """All rows of a step."""

    def complaints(self) -> list[SafeString]:
        """Return the errors with the fields they belong to, for the error summary."""
        found = [format_html("{}", error) for error in self.non_form_errors()]
        for row in self.forms:
            for name, errors in row.errors.items():
                if name in row.fields:
                    label = row.fields[name].label
                    found += [format_html('<a href="#{}">{}</a> {}', row[name].auto_id, label, text) for text in errors]
        return found

    def say_nothing(self) -> None:
        """Show the rows as typed without errors, because the user only asked for another row."""
        for row in self.forms:
            row._errors = ErrorDict()  # an empty row is not checked
        self._errors: list[Any] = []
        self._non_form_errors = self.error_class()

    def resources(self) -> list[dict[str, Any]]:
        """Return the rows that were filled in, for `write_resources`."""
        return [fields for row in self.forms if (fields := row.resource())]


ResourceRows = cast(
    "type[BaseResourceRows]",
    forms.formset_factory(
        ResourceRow, formset=BaseResourceRows, extra=0, max_num=MOST, absolute_max=MOST + 10, validate_max=True
    ),
)


def rows_of(resources: Iterable[Resource], data: QueryDict | None) -> BaseResourceRows:
    """Return the formset for resources with spare rows, or for posted rows."""
    if data is not None and COUNT in data:
        return ResourceRows(data, prefix=PREFIX)
    there = [
        {"id": row.pk, **{name: field_text(ResourceRow.base_fields[name], getattr(row, name)) for name in COLUMNS}}
        for row in resources
    ]
    rows = ResourceRows(initial=there, prefix=PREFIX)
    rows.extra = 1 if there else SPARE
    return rows


def add_row(data: QueryDict) -> None:
    """Add a row to posted data."""
    data[COUNT] = str(min(MOST, (parse_id(data.get(COUNT, "")) or 0) + 1))
