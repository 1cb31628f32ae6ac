"""The rows of "what does it take?" on the page of a step."""

import json
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

from careerplan.core.edit_conflicts import (
    CHOICE,
    CLASHED,
    THEIRS,
    Difference,
    Meanwhile,
    in_words,
    posted_text,
    stored_text,
    value_of,
)
from careerplan.core.forms import BaseForm, LineField, NumberField
from careerplan.core.http import parse_id
from careerplan.goals.forms.base import NUMBER_WIDGET
from careerplan.goals.models import Resource

PREFIX = "resources"
COUNT = f"{PREFIX}-TOTAL_FORMS"
COLUMNS = ("kind", "description", "cost", "state")
SPARE = 2  # empty rows where nothing is written down yet; one more where something is
MOST = 30


class ResourceRow(BaseForm):
    """One thing a step needs. A row in which nothing was typed is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # What the row held when the page was made: two tabs are told apart by it (careerplan/core/edit_conflicts.py).
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
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
        label=gettext_lazy("How far"), choices=Resource.State, required=False, initial=Resource.State.NEEDED
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "description", "state"):  # a row is optional as a whole
            self.fields[name].label = self.base_fields[name].label

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in a row that was begun; a row that goes need not be right."""
        cleaned = super().clean() or {}
        if cleaned.get("remove"):
            self.errors.clear()
        elif self._begun(cleaned):
            if not cleaned.get("description") and "description" not in self.errors:
                self.add_error("description", _("Say what it takes, or remove the row."))
            if not cleaned.get("kind") and "kind" not in self.errors:
                self.add_error("kind", _("Choose what kind of thing it is."))
        return cleaned

    def _begun(self, cleaned: Mapping[str, Any]) -> bool:
        known = cleaned.get("id") is not None or cleaned.get("cost") is not None
        return known or bool(self.errors or cleaned.get("description") or cleaned.get("kind"))

    def resource(self) -> dict[str, Any] | None:
        """The fields of the row, with `id` and `remove`, as `write_resources` takes them; None for an empty row."""
        data = self.cleaned_data
        if data.get("remove"):
            return {"id": data.get("id"), "remove": True}
        if not data.get("description"):
            return None
        return {name: data[name] for name in ("id", *COLUMNS)} | {"state": data["state"] or Resource.State.NEEDED}


class BaseResourceRows(forms.BaseFormSet):  # type: ignore[type-arg]  # not a generic at run time
    """All rows of a step."""

    def complaints(self) -> list[SafeString]:
        """What is wrong, each with the field it leads to, for the summary of errors."""
        found = [format_html("{}", error) for error in self.non_form_errors()]
        for row in self.forms:
            for name, errors in row.errors.items():
                if name in row.fields:
                    label = row.fields[name].plain_label
                    found += [format_html('<a href="#{}">{}</a> {}', row[name].auto_id, label, text) for text in errors]
        return found

    def say_nothing(self) -> None:
        """Show the rows as they were typed, unjudged: somebody only asked for one more."""
        for row in self.forms:
            row._errors = ErrorDict()  # an empty one: not looked at
        self._errors: list[Any] = []
        self._non_form_errors = self.error_class()

    def resources(self) -> list[dict[str, Any]]:
        """The rows that were filled in, as `write_resources` takes them."""
        return [fields for row in self.forms if (fields := row.resource())]


ResourceRows = cast(
    "type[BaseResourceRows]",
    forms.formset_factory(
        ResourceRow, formset=BaseResourceRows, extra=0, max_num=MOST, absolute_max=MOST + 10, validate_max=True
    ),
)


def rows_of(resources: Iterable[Resource], data: QueryDict | None) -> BaseResourceRows:
    """The rows showing resources, with spare ones; or what was posted, where rows were."""
    if data is not None and COUNT in data:
        return ResourceRows(data, prefix=PREFIX)
    there = [{"id": row.pk, "seen": json.dumps(texts_of(row)), **texts_of(row)} for row in resources]
    rows = ResourceRows(initial=there, prefix=PREFIX)
    rows.extra = 1 if there else SPARE
    return rows


def add_row(data: QueryDict) -> None:
    """One row more in what was posted."""
    data[COUNT] = str(min(MOST, (parse_id(data.get(COUNT, "")) or 0) + 1))


def texts_of(resource: Resource) -> dict[str, str]:
    """A resource as the browser would send it."""
    return {name: stored_text(ResourceRow.base_fields[name], getattr(resource, name)) for name in COLUMNS}


def meet_rows(data: QueryDict, resources: Iterable[Resource]) -> Meanwhile:
    """Hold posted rows against the resources as they are now, three ways, as MergingForm.meet does for a row.

    What was not touched here takes what is there now, and goes where it was removed elsewhere. What was removed
    elsewhere and changed here stays as it was typed.
    """
    found, there = Meanwhile(), {resource.pk: resource for resource in resources}
    for index in range(min(MOST, parse_id(data.get(COUNT, "")) or 0)):
        prefix = f"{PREFIX}-{index}-"
        key = parse_id(data.get(f"{prefix}id", ""))
        if key is None:
            continue
        seen = _seen(data.get(f"{prefix}seen", ""))
        if key not in there:
            if seen == {name: _mine(data, prefix, name) for name in COLUMNS}:
                data[f"{prefix}remove"] = "on"
            continue
        _meet_row(data, prefix, seen, there[key], found)
    return found


def _meet_row(data: QueryDict, prefix: str, seen: dict[str, str], resource: Resource, found: Meanwhile) -> None:
    now = texts_of(resource)
    for name in COLUMNS:
        if data.get(CHOICE) == THEIRS and f"{prefix}{name}" in data.getlist(CLASHED):
            data[f"{prefix}{name}"] = now[name]
        asked, was, mine = ResourceRow.base_fields[name], seen.get(name), _mine(data, prefix, name)
        if now[name] == was or value_of(asked, now[name]) == value_of(asked, mine):
            continue
        untouched = was is not None and value_of(asked, was) == value_of(asked, mine)
        (found.taken if untouched else found.clashes).append(
            Difference(
                name=f"{prefix}{name}",
                label=f"{resource.description}: {asked.label}",
                was=in_words(asked, was) if was is not None else "",
                now=in_words(asked, now[name]),
                mine=in_words(asked, mine),
            )
        )
        if untouched:
            data[f"{prefix}{name}"] = now[name]
    data[f"{prefix}seen"] = json.dumps(now)


def _mine(data: QueryDict, prefix: str, name: str) -> str:
    return posted_text(ResourceRow.base_fields[name], data, f"{prefix}{name}")


def _seen(text: str) -> dict[str, str]:
    """What a page says it showed; nothing where it says something else."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return {name: str(seen[name]) for name in COLUMNS if name in seen} if isinstance(seen, dict) else {}
