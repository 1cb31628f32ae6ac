"""Two tabs on one row: the form of a row carries the row's `version`, and a save is held against what is there now.

Three ways meet: the row as the form showed it (its event of that version, careerplan/core/history.py), the row as it
is now, and what was typed. A field that was not touched here takes what is there now; one that was answered
differently in both is a clash, and the person chooses. Nothing is overwritten silently, nothing typed is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from careerplan.core.forms import BaseForm
from careerplan.core.text import normalize_nfc

CHOICE, MINE, THEIRS = "meanwhile", "mine", "theirs"  # the buttons of components/_meanwhile.html
CLASHED = "clashed"  # the names of the fields that the choice is about

Answers = Mapping[str, Any]  # values by the names of the form's fields


class StaleObjectError(Exception):
    """The row is no longer what the form was made from. The form is to be made again, with what was typed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that was changed elsewhere, in words: what it was, what is there now, what was typed here.

    `was` is blank where it is not known any more.
    """

    name: str
    label: str
    was: str
    now: str
    mine: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened elsewhere: the fields to choose about, and those that took what is there now."""

    clashes: list[Difference] = field(default_factory=list)
    taken: list[Difference] = field(default_factory=list)

    @property
    def taken_labels(self) -> str:
        """The names of the fields that were changed elsewhere and kept, for a sentence."""
        return ", ".join(difference.label for difference in self.taken)


class MergingForm(BaseForm):
    """A form of one row. After making it, call `meet`; it is not valid while there is something to choose."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile = Meanwhile()

    def meet(self, row: Any, says: Callable[[Any], Answers], *, new: Any = None) -> None:
        """Hold what was posted against the row as it is now.

        `says` gives the answers of a row, or of an event of it, by the names of this form's fields. `new`: the row as
        a form shows it that is not there yet, at version 0. Costs no query unless the row was changed meanwhile; then
        one.
        """
        self.initial["version"] = row.version
        if not self.is_bound or self.waits:
            return
        data, now = cast("QueryDict", self.data).copy(), says(row)
        if data.get(CHOICE) == THEIRS:
            for name in set(data.getlist(CLASHED)) & set(now) & set(self.fields):
                data[name] = stored_text(self.fields[name], now[name])
        if data.get("version") != str(row.version) and row is not new:
            shown = new if data.get("version") == "0" else event_at(row, data.get("version", ""))
            self.meanwhile = merge(self, data, base=says(shown) if shown else None, now=now)
            data["version"] = str(row.version)
        self.data = data

    @property
    def waits(self) -> bool:
        """Whether nothing is to be compared yet: something else is to be settled first."""
        return False

    def is_valid(self) -> bool:
        """Whether all is well, and there is nothing to choose."""
        return super().is_valid() and not self.meanwhile.clashes


def event_at(row: models.Model, version: str) -> Any:
    """The row as it was at a version; None where no history was kept of it."""
    if not version.isascii() or not version.isdecimal() or len(version) > 9:
        return None
    return row.events.filter(version=version).order_by("-pgh_id").first()  # type: ignore[attr-defined]


def merge(form: forms.Form, data: QueryDict, *, base: Answers | None, now: Answers) -> Meanwhile:
    """Compare field by field; untouched fields of `data` take what is there now. Without a base none is untouched."""
    found = Meanwhile()
    for name, value in now.items():
        asked = form.fields[name]
        texts = {
            "was": stored_text(asked, base[name]) if base else "",
            "now": stored_text(asked, value),
            "mine": posted_text(asked, data, name),
        }
        was, there, mine = (value_of(asked, texts[which]) for which in ("was", "now", "mine"))
        if there == mine or (base and there == was):
            continue
        label = str(getattr(asked, "plain_label", asked.label))
        words = {which: in_words(asked, text) for which, text in texts.items()}
        if base is None:
            words["was"] = ""
        untouched = base is not None and mine == was
        (found.taken if untouched else found.clashes).append(Difference(name=name, label=label, **words))
        if untouched:
            data[name] = texts["now"]
            if not texts["now"]:
                data.pop(name)  # a box that is not ticked is not sent
    return found


def value_of(asked: forms.Field, text: str) -> Any:
    """An answer as it compares: 12 is 12.00. What the field cannot read stands for itself."""
    try:
        return asked.to_python(text)
    except forms.ValidationError:
        return text


def stored_text(asked: forms.Field, value: Any) -> str:
    """An answer as the browser would send it."""
    if isinstance(asked, forms.BooleanField):
        return "on" if value else ""
    value = asked.prepare_value(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def posted_text(asked: forms.Field, data: QueryDict, name: str) -> str:
    """What the browser sent, as it would be stored."""
    value = asked.widget.value_from_datadict(data, {}, name)
    if isinstance(asked, forms.BooleanField):
        return "on" if value else ""
    text = normalize_nfc(str(value or ""))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def in_words(asked: forms.Field, text: str) -> str:
    """An answer as people read it."""
    if not text:
        return _("Not set")
    if isinstance(asked, forms.ModelChoiceField | forms.DateField | forms.DecimalField):
        value = value_of(asked, text)
        if isinstance(value, Decimal):
            return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)
        return date_format(value, "j M Y") if isinstance(value, date) else str(value)
    choices = {str(value): label for value, label in getattr(asked, "choices", [])}
    label = choices.get(text)
    return text if label is None else f"{text} {label}" if text.isdecimal() else str(label)
