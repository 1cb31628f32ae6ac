"""Edit conflicts: untouched fields take the stored value, touched ones are asked about, nothing is lost."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import QueryDict

from careerplan.core.edit_conflicts import ConflictForm, display_text, field_text, posted_text
from careerplan.core.forms import LongTextField, NumberField

LONG = "word " * 500 + "end"


class Example(ConflictForm):
    title = forms.CharField(required=False)
    notes = LongTextField(required=False)
    hours = NumberField(label="Hours", required=False)
    due_on = forms.DateField(required=False)
    again = forms.BooleanField(required=False)
    days = forms.MultipleChoiceField(choices=[("mon", "Monday"), ("tue", "Tuesday")], required=False)


BEFORE: dict[str, Any] = {
    "title": "Read",
    "notes": LONG,
    "hours": Decimal("12.00"),
    "due_on": date(2027, 3, 1),
    "again": True,
    "days": ["mon"],
}


def page(stored: dict[str, Any]) -> dict[str, Any]:
    """What a browser would send back of a page that shows these values."""
    form = Example(initial=stored)
    form.check_conflicts(stored)
    sent = {name: form[name].value() for name in ("shown", *stored) if form[name].value() not in (False, None)}
    return sent | {"hours": "12", "due_on": "2027-03-01"}


def send(stored: dict[str, Any], typed: dict[str, Any], prefix: str | None = None) -> Example:
    form = Example(QueryDict(urlencode(typed, doseq=True)), prefix=prefix)
    form.check_conflicts(stored)
    return form


def test_form_without_other_changes_is_saved():
    form = send(BEFORE, page(BEFORE) | {"title": "Mine", "hours": "12,5"})
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.cleaned_data["hours"]) == ("Mine", Decimal("12.5"))
    assert (form.conflicts, form.auto_merged) == ([], {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Other"),
        ("notes", "Short"),
        ("hours", Decimal(3)),
        ("due_on", date(2027, 4, 1)),
        ("due_on", None),
        ("again", False),
        ("days", ["mon", "tue"]),
        ("days", []),
    ],
)
def test_an_untouched_field_takes_the_stored_value(name, value):
    form = send(BEFORE | {name: value}, page(BEFORE))
    assert form.is_valid()
    assert form.cleaned_data[name] == value
    assert list(form.auto_merged) == [name]


def test_field_changed_in_both_tabs_is_a_conflict():
    form = send(BEFORE | {"title": "Other"}, page(BEFORE) | {"title": "Mine"})
    assert not form.is_valid()
    (conflict,) = form.conflicts
    assert (conflict.name, conflict.was, conflict.other, conflict.mine) == ("title", "Read", "Other", "Mine")
    assert form["title"].value() == "Mine"


def test_conflict_stays_until_it_is_answered():
    stored, typed = BEFORE | {"title": "Other", "hours": None}, page(BEFORE) | {"title": "Mine"}
    again = send(stored, dict(send(stored, typed).data.lists()))
    assert [conflict.other for conflict in again.conflicts] == ["Other"]
    assert again["hours"].value() == ""


@pytest.mark.parametrize(("choice", "title"), [("mine_value", "Mine"), ("other_value", "Other")])
def test_chosen_version_is_saved(choice, title):
    stored, typed = BEFORE | {"title": "Other"}, page(BEFORE) | {"title": "Mine"}
    (conflict,) = send(stored, typed).conflicts
    form = send(stored, typed | {conflict.choice_name: getattr(conflict, choice)})
    assert form.is_valid()
    assert form.cleaned_data["title"] == title


@pytest.mark.parametrize("choice", ["mine_value", "other_value"])
def test_choice_applies_to_its_value_only(choice):
    typed = page(BEFORE) | {"title": "Mine"}
    (conflict,) = send(BEFORE | {"title": "Other"}, typed).conflicts
    form = send(BEFORE | {"title": "Third"}, typed | {conflict.choice_name: getattr(conflict, choice)})
    assert [conflict.other for conflict in form.conflicts] == ["Third"]


def test_same_change_in_both_tabs_is_no_conflict():
    form = send(BEFORE | {"title": "Same", "hours": Decimal("3.0")}, page(BEFORE) | {"title": "Same", "hours": "3"})
    assert (form.is_valid(), form.auto_merged) == (True, {})


def test_long_values_are_sent_as_a_hash():
    typed = page(BEFORE) | {"notes": f"{LONG} mine"}
    assert len(typed["shown"]) < 200
    (conflict,) = send(BEFORE | {"notes": f"{LONG} other"}, typed).conflicts
    assert conflict.was == ""


@pytest.mark.parametrize("shown", ["", "x", "title", "title=%ff", "\0", "=" * 5000, "title=#", "hours=1&hours=2"])
def test_forged_or_missing_shown_values_are_conflicts(shown):
    form = send(BEFORE, page(BEFORE) | {"shown": shown, "title": "Mine"})
    assert [(conflict.other, conflict.mine) for conflict in form.conflicts] == [("Read", "Mine")]


def test_a_field_that_was_not_on_the_page_keeps_its_value():
    form = send(BEFORE, {"shown": "", "title": "Read"})
    assert form.is_valid()
    assert form.cleaned_data["hours"] == 12
    assert form.auto_merged == {}


def test_invalid_input_stays_as_typed():
    (conflict,) = send(BEFORE | {"hours": None}, page(BEFORE) | {"hours": "many"}).conflicts
    assert conflict.mine == "many"


def test_earlier_post_of_the_same_page_is_no_conflict():
    typed = page(BEFORE) | {"title": "Mine at last", "unacknowledged": urlencode({"title": "Mine"})}
    assert send(BEFORE | {"title": "Mine"}, typed).is_valid()


def test_rows_of_a_formset_have_names_of_their_own():
    typed = {f"row-1-{name}": value for name, value in page(BEFORE).items()} | {"row-1-title": "Mine"}
    (conflict,) = send(BEFORE | {"title": "Other"}, typed, prefix="row-1").conflicts
    assert (conflict.name, conflict.choice_name) == ("row-1-title", "choice-row-1-title")


def test_values_read_back_as_what_is_stored():
    data = QueryDict(urlencode(page(BEFORE), doseq=True))
    for name, field in Example.base_fields.items():
        if name in BEFORE:
            text = field_text(field, BEFORE[name])
            assert posted_text(field, data, name).strip() == text.strip()
            assert display_text(field, text)
