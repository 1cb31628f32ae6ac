"""Two tabs on one row: untouched fields take what is there, touched ones clash, nothing is lost."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from careerplan.core.edit_conflicts import Meanwhile, MergingForm, merge


class Example(MergingForm):
    title = forms.CharField(required=False)
    hours = forms.DecimalField(label="Hours", required=False)
    due_on = forms.DateField(required=False)
    again = forms.BooleanField(required=False)


def says(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("title", "hours", "due_on", "again")}


@dataclass
class Events:
    """The history of a row as the database keeps it, by version."""

    rows: dict[str, Any] = field(default_factory=dict)

    def filter(self, version: str) -> "Events":
        return Events({"only": self.rows.get(version)})

    def order_by(self, _name: str) -> "Events":
        return self

    def first(self) -> Any:
        return self.rows.get("only")


@dataclass
class Row:
    title: str = "Read"
    hours: Decimal | None = Decimal("12.00")
    due_on: Any = None
    again: bool = False
    version: int = 1
    events: Events = field(default_factory=Events)


def form_of(now: Row, base: Row | None, **typed: str) -> Example:
    now.events = Events({str(base.version): base} if base else {})
    form = Example(QueryDict("&".join(f"{name}={value}" for name, value in typed.items())))
    form.meet(now, says)
    return form


WAS = {"title": "Read", "hours": "12", "version": "1"}


def test_the_same_version_is_saved_as_typed():
    form = form_of(Row(), None, **WAS | {"title": "Mine"})
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.meanwhile) == ("Mine", Meanwhile())


def test_an_untouched_field_takes_what_is_there_now():
    form = form_of(Row(hours=Decimal(3), version=2), Row(), **WAS | {"title": "Mine"})
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.cleaned_data["hours"]) == ("Mine", 3)
    assert [(taken.label, taken.was, taken.now) for taken in form.meanwhile.taken] == [("Hours", "12", "3")]


def test_a_field_changed_in_both_is_a_choice_and_nothing_is_lost():
    form = form_of(Row(title="Theirs", version=2), Row(), **WAS | {"title": "Mine"})
    assert not form.is_valid()
    (clash,) = form.meanwhile.clashes
    assert (clash.was, clash.now, clash.mine) == ("Read", "Theirs", "Mine")
    assert (form["title"].value(), form["version"].value()) == ("Mine", "2")


def test_the_same_change_in_both_is_no_clash():
    assert form_of(Row(title="Same", version=2), Row(), **WAS | {"title": "Same"}).is_valid()


def test_a_box_unticked_elsewhere_is_taken():
    form = form_of(Row(again=False, version=2), Row(again=True), **WAS, again="on")
    assert form.is_valid()
    assert form.cleaned_data["again"] is False


@pytest.mark.parametrize(("button", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_the_choice_is_kept(button, title):
    typed = WAS | {"title": "Mine", "version": "2", "meanwhile": button, "clashed": "title"}
    form = form_of(Row(title="Theirs", version=2), Row(), **typed)
    assert form.is_valid()
    assert form.cleaned_data["title"] == title


def test_a_third_change_after_the_choice_is_told_again():
    typed = WAS | {"title": "Mine", "version": "2", "meanwhile": "mine", "clashed": "title"}
    form = form_of(Row(title="Third", version=3), Row(title="Theirs", version=2), **typed)
    assert [clash.now for clash in form.meanwhile.clashes] == ["Third"]


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999999", "²"])
def test_without_a_known_version_every_difference_is_a_choice(version):
    form = form_of(Row(title="Theirs", version=2), None, **WAS | {"version": version})
    assert [(clash.was, clash.now, clash.mine) for clash in form.meanwhile.clashes] == [("", "Theirs", "Read")]


def test_what_cannot_be_read_is_kept_as_typed():
    form = Example(QueryDict("hours=many&title=Read"))
    found = merge(form, QueryDict("hours=many&title=Read", mutable=True), base=says(Row()), now=says(Row(hours=None)))
    assert [(clash.now, clash.mine) for clash in found.clashes] == [("Not set", "many")]
