"""Edit conflicts: the same form open in two tabs or on two devices (docs/adr/0012).

A form posts the values that its page showed. For each field we compare three values: shown, stored now, and typed. An
untouched field takes the stored value. A field that was changed in both places is a conflict, and the user chooses. So
nothing is overwritten silently, and nothing typed is lost.

The shown values come back from the browser, where anyone can change them. They only decide whether we ask: someone who
forges them overwrites their own rows without a question.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import wraps
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.forms import BaseForm, python_value
from careerplan.core.numbers import format_number
from careerplan.core.sentences import join_list

SHOWN_LENGTH = 60  # characters; of a longer value the page carries a hash
CHOICE_PREFIX = "choice-"  # name of the radio buttons that settle a conflict
MINE, OTHER = "mine", "other"
UNACKNOWLEDGED = "unacknowledged"  # earlier posts of the same page whose responses were lost (static/js/autosave.js)
UNACKNOWLEDGED_MAX = 20
ATTEMPTS = 4  # how often a form is rebuilt while its row keeps changing


class StaleObjectError(Exception):
    """The row has changed since the form was validated. The view builds the form again with what was typed."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with two values, as people read them. `was` is blank if the shown value is unknown.

    `token` identifies the other value, so that a choice does not apply to a third one.
    """

    name: str
    label: str
    was: str
    other: str
    mine: str
    token: str

    @property
    def choice_name(self) -> str:
        return f"{CHOICE_PREFIX}{self.name}"

    @property
    def mine_value(self) -> str:
        """Return the value of the button that keeps what was typed."""
        return f"{MINE}-{self.token}"

    @property
    def other_value(self) -> str:
        """Return the value of the button that takes what is stored."""
        return f"{OTHER}-{self.token}"


class ConflictForm(BaseForm):
    """A form that detects edit conflicts. Call `check_conflicts` after creating it; a conflict makes it invalid."""

    data: QueryDict  # what a browser sent

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.replaced: dict[str, str] = {}  # posted values that are now stored, by input name
        self.auto_merged: dict[str, str] = {}  # labels of untouched fields that took a stored value

    def check_conflicts(self, stored: Mapping[str, Any]) -> None:
        """Compare the posted values with those stored now, by field name."""
        texts = {name: field_text(self.fields[name], value) for name, value in stored.items() if name in self.fields}
        self.initial = {**self.initial, "shown": urlencode({name: _compact(text) for name, text in texts.items()})}
        if not self.is_bound or self.skip_check:
            return
        # Copy a plain dict, which tests and links in emails pass, into a QueryDict.
        self.data = self.data.copy()
        shown = self._shown_values()
        for name, text in texts.items():
            self._check_field(name, text, shown.get(name))
        self.refresh_shown(stored)

    def refresh_shown(self, stored: Mapping[str, Any]) -> None:
        """Update the shown values to those stored now, except for open conflicts."""
        still_open = {conflict.name for conflict in self.conflicts}
        shown = self._shown_values()
        for name, value in stored.items():
            if name in self.fields and self.add_prefix(name) not in still_open:
                shown[name] = _compact(field_text(self.fields[name], value))
        self.data = self.data.copy()
        self.data[self.add_prefix("shown")] = urlencode(shown)

    def is_untouched(self, names: Iterable[str]) -> bool:
        """Return whether these fields were posted with the values that the page showed."""
        shown = self._shown_values()
        texts = {name: posted_text(self.fields[name], self.data, self.add_prefix(name)) for name in names}
        return all(shown.get(name) == _compact(text) for name, text in texts.items())

    def _shown_values(self) -> dict[str, str]:
        return dict(parse_qsl(self.data.get(self.add_prefix("shown"), ""), keep_blank_values=True))

    def _check_field(self, name: str, other: str, shown: str | None) -> None:
        """Compare one field: keep it, replace the posted value, or add a conflict."""
        field, html_name = self.fields[name], self.add_prefix(name)
        mine = posted_text(field, self.data, html_name)
        if mine == other or shown == _compact(other) or other in self._unacknowledged(name):
            return
        was_on_page = shown is not None or html_name in self.data
        if was_on_page and shown is None and not other:
            return  # nothing would be overwritten
        choice = self.data.get(f"{CHOICE_PREFIX}{html_name}", "")
        untouched = not was_on_page or shown == _compact(mine)
        if untouched or choice == f"{OTHER}-{_digest(other)}":
            set_text(self.data, field, html_name, other)
            self.replaced[html_name] = other
            if untouched and was_on_page:
                self.auto_merged[html_name] = self.conflict_label(name)
            return
        if choice == f"{MINE}-{_digest(other)}":
            return
        was = display_text(field, shown) if shown is not None and not shown.startswith("#") else ""
        words = {"was": was, "other": display_text(field, other), "mine": display_text(field, mine)}
        self.conflicts.append(Conflict(html_name, self.conflict_label(name), token=_digest(other), **words))

    def _unacknowledged(self, name: str) -> list[str]:
        """Return the values that this page sent before without getting a response."""
        sent = self.data.getlist(UNACKNOWLEDGED)[-UNACKNOWLEDGED_MAX:]
        return [posted_text(self.fields[name], QueryDict(body), self.add_prefix(name)) for body in sent]

    def clean(self) -> dict[str, Any]:
        """Remove the shown values from the cleaned data, which goes to a service."""
        cleaned = super().clean() or {}
        cleaned.pop("shown", None)
        return cleaned

    def conflict_label(self, name: str) -> str:
        """Name of a field in the list of conflicts."""
        return str(self.fields[name].label)

    @property
    def skip_check(self) -> bool:
        """Return whether another question has to be answered first."""
        return False

    def is_valid(self) -> bool:
        """Return whether every field is valid and no conflict is open."""
        return super().is_valid() and not self.conflicts


def retry_when_stale(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: run the view again when a service raises StaleObjectError, so that the form is built again."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
        for _attempt in range(ATTEMPTS - 1):
            with suppress(StaleObjectError):
                return view(*args, **kwargs)
        return view(*args, **kwargs)

    return wrapped


def report_auto_merged(request: HttpRequest, form: ConflictForm) -> None:
    """Add a message that names the fields that took a value from another tab."""
    if form.auto_merged:
        text = _("Also updated from another tab: %(labels)s.")
        messages.success(request, text % {"labels": join_list(map(str, form.auto_merged.values()))})


def field_text(field: forms.Field, value: Any) -> str:
    """Return a value as text: 12 for Decimal("12.00"), an ISO date, "on" for a ticked box, ids separated by commas."""
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    value = field.prepare_value(value)
    if isinstance(value, list | tuple | set):
        return ",".join(sorted(map(str, value)))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def posted_text(field: forms.Field, data: Any, html_name: str) -> str:
    """Return the posted value in the same form; what the field cannot parse stays as typed."""
    value = field.widget.value_from_datadict(data, {}, html_name)
    if isinstance(field, forms.ModelChoiceField):  # reading it would cost a query
        return "" if value is None else str(value)
    try:
        return field_text(field, field.to_python(value))
    except forms.ValidationError:
        return field_text(forms.CharField(), value)


def set_text(data: QueryDict, field: forms.Field, html_name: str, text: str) -> None:
    """Write a value into posted data as a browser would send it."""
    if isinstance(field, forms.MultipleChoiceField):
        data.setlist(html_name, text.split(",") if text else [])
    elif isinstance(field, forms.BooleanField) and not text:
        data.pop(html_name, None)  # an unticked box is not sent
    else:
        data[html_name] = text


def display_text(field: forms.Field, text: str) -> str:
    """Return a value for people to read: the label of a choice, and dates and numbers in local format."""
    if not text:
        return _("Not set")
    if isinstance(field, forms.BooleanField):
        return _("Yes")
    if isinstance(field, forms.ModelChoiceField | forms.DateField | forms.DecimalField):
        value = python_value(field, text)
        if isinstance(value, Decimal):
            return format_number(value)
        return date_format(value, "j M Y") if isinstance(value, date) else str(value)
    choices = {str(value): str(label) for value, label in getattr(field, "choices", [])}
    if isinstance(field, forms.MultipleChoiceField):
        return join_list(choices.get(part, part) for part in text.split(","))
    label = choices.get(text, text)
    return f"{text} {label}" if text.isdecimal() and label != text else label


def _compact(text: str) -> str:
    """Return a short text as it is; a hash of a long one, or of one that looks like a hash."""
    return text if len(text) <= SHOWN_LENGTH and not text.startswith("#") else f"#{_digest(text)}"


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


CONFLICT = "conflict"  # code of the error of a field whose version is not chosen yet


class AutosaveForm(ConflictForm):
    """A form whose valid fields are saved one by one; a field with an open conflict is not valid."""

    def clean(self) -> dict[str, Any]:
        """Leave fields with an open conflict out of the cleaned data."""
        cleaned = super().clean() or {}
        for conflict in self.conflicts:
            name = conflict.name.removeprefix(f"{self.prefix}-") if self.prefix else conflict.name
            if name in self.cleaned_data:
                text = _("This changed in another tab. Choose which version to keep.")
                self.add_error(name, ValidationError(text, code=CONFLICT))
        return cleaned

    @property
    def problem(self) -> str:
        """The first error as a sentence; blank where there is none, or nothing but conflicts."""
        errors = [error for found in self.errors.as_data().values() for error in found if error.code != CONFLICT]
        return _("Not saved: %(reason)s") % {"reason": errors[0].messages[0]} if errors else ""


def autosave_response(request: HttpRequest, form: AutosaveForm, saved: str) -> JsonResponse:
    """Return the response to an autosave; `saved` is the HTML with the time."""
    conflicts = render_to_string("components/_edit_conflicts.html", {"form": form}, request) if form.conflicts else ""
    return JsonResponse(
        {
            "saved": saved,
            "conflicts": conflicts,
            "problem": form.problem,
            "shown": form["shown"].value(),
            "values": form.replaced,
        }
    )
