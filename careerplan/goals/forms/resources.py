"""Form rows of what a step needs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm, field_text
from careerplan.core.forms import LineField, NumberField
from careerplan.core.http import parse_id
from careerplan.goals.forms.base import NUMBER_WIDGET
from careerplan.goals.models import Resource

PREFIX = "resources"
COUNT = f"{PREFIX}-TOTAL_FORMS"
COLUMNS = ("kind", "description", "cost", "state")
SPARE = 2  # empty rows if there are none yet; otherwise one spare row
MOST = 30


class ResourceRow(ConflictForm):
    """A resource of a step. An empty row does not count."""

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
