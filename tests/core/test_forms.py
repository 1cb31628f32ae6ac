"""Text as it is kept."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.forms import LineField, LongTextField
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


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    try:
        once = clean_text(text, multiline=True)
    except ValidationError:
        return
    assert clean_text(once, multiline=True) == once
