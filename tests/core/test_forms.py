"""Text as it is kept, and what a form says about values that cannot be."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField, NumberField
from careerplan.core.text import clean_text


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "a\nb", "\x1b[31m", "\x85", "\ud800"])
def test_a_line_has_no_control_characters(text):
    with pytest.raises(ValidationError) as caught:
        clean_text(text)
    assert caught.value.code == "control_characters"


def test_long_text_keeps_its_lines_with_one_kind_of_end():
    assert LongTextField().clean("a\r\nb\rc\td") == "a\nb\nc\td"


@pytest.mark.parametrize("text", ["Ruth Adeyemi", "Speak up 🎤", "Ünïcödé", "日本語", "שלום", "👩🏽‍⚕️"])
def test_every_script_and_emoji_is_accepted(text):
    assert LineField().clean(text) == text


def test_letters_with_marks_are_composed():
    assert clean_text("e\u0301") == "\u00e9"


def test_too_long_text_names_the_limit():
    with pytest.raises(ValidationError, match="at most 200 characters"):
        LineField(max_length=200).clean("x" * 100_000)


class Sample(BaseForm):
    line = LineField(max_length=5)
    cost = NumberField(max_digits=4, decimal_places=1, max_value=9, error_messages={"invalid": "Own words."})
    hours = NumberField(max_digits=4, decimal_places=1, min_value=0)
    day = forms.DateField(widget=DateInput())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("line", "x" * 6, "Use at most 5 characters. You entered 6."),
        ("cost", "x", "Own words."),
        ("cost", "10", "Enter 9 or less."),
        ("hours", "x", "Enter a number, such as 35 or 3.5."),
        ("hours", "-1", "Enter 0 or more."),
        ("hours", "1.25", "Digits allowed after the decimal point: 1."),
        ("hours", "1234", "Enter a number with at most 3 digits before the decimal point."),
        ("day", "31 Feb", "Enter a date, such as 12 Mar 2027."),
        ("day", "1899-12-31", "Enter a date from 1900 to 2199."),
        ("day", "2200-01-01", "Enter a date from 1900 to 2199."),
        ("day", "2199-12-31", ""),
    ],
)
def test_a_form_speaks_in_our_words(name, value, said):
    form = Sample({"line": "a", "cost": "1", "hours": "1", "day": "2027-01-01", name: value})
    assert " ".join(error for errors in form.errors.values() for error in errors) == said


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    try:
        once = clean_text(text, multiline=True)
    except ValidationError:
        return
    assert clean_text(once, multiline=True) == once
