"""Whether an obstacle names a moment and a plan an act: 200 sentences, labelled before the rule was written."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.goals.if_then_advice import has_act, has_cue

SENTENCES = Path(__file__).parents[1] / "cases" / "if-then.csv"
RULES = {"obstacle": has_cue, "plan": has_act}


def sentences(half: int) -> list[dict[str, str]]:
    """Every second pair of a good and a bad sentence: the rule was written with half 0 and then held against half 1."""
    with SENTENCES.open(encoding="utf-8") as file:
        return [row for number, row in enumerate(csv.DictReader(file)) if number // 2 % 2 == half]


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("half", [0, 1])
def test_rule_is_right_for_at_least_nine_sentences_in_ten(half, kind):
    rows = [row for row in sentences(half) if row["kind"] == kind]
    wrong = [row["text"] for row in rows if RULES[kind](row["text"]) != (row["is_good"] == "yes")]
    assert len(rows) == 50
    assert len(wrong) <= 5, wrong


@pytest.mark.parametrize(
    "text",
    [
        "Ich verliere den Faden, wenn alle still sind",
        "\u05d4\u05d7\u05d3\u05e8 \u05e9\u05e7\u05d8",
        "Je n'ose pas demander \u00e0 mon chef",
    ],
)
def test_other_languages_are_left_alone(text):
    assert has_cue(text)
    assert has_act(text)


@given(st.text())
def test_any_text_is_read(text):
    assert isinstance(has_cue(text), bool)
    assert isinstance(has_act(text), bool)
