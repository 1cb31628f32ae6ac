"""The overall score of an opportunity."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.opportunities.scoring import average_percent, overall_score, to_percent, weighted_percent

scores = st.integers(1, 5)
parts = st.lists(st.none() | st.integers(0, 100), max_size=4)


@pytest.mark.parametrize(("score", "part"), [(1, 0), (2, 25), (3, 50), (4, 75), (5, 100)])
def test_score_in_percent(score, part):
    assert to_percent(score) == part


def test_criteria_are_weighted():
    assert weighted_percent([(5, 3), (1, 1)]) == 75
    assert weighted_percent([]) is None
    assert average_percent([]) is None
    assert average_percent([1, 5]) == 50


def test_overall_score_needs_two_parts():
    assert overall_score(80, None, None, None) is None
    assert overall_score() is None
    score = overall_score(80, None, Decimal(50), None)
    assert (score.percent, score.parts) == (65, 2)


@given(parts)
def test_overall_score_is_between_its_parts_in_steps_of_5(values):
    score = overall_score(*values)
    known = [value for value in values if value is not None]
    assert (score is None) == (len(known) < 2)
    if score:
        assert score.percent % 5 == 0
        assert min(known) - 2.5 <= score.percent <= max(known) + 2.5


@given(st.lists(st.tuples(scores, scores), min_size=1), scores)
def test_higher_score_never_lowers_the_average(rows, weight):
    (score, of), *rest = rows
    assert weighted_percent([(min(5, score + 1), of), *rest]) >= weighted_percent(rows)
    assert weighted_percent([(score, weight)]) == to_percent(score)
