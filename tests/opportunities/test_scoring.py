"""The overall score of an opportunity."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.opportunities.scoring import average_score, overall_score, share_score, weighted_score

scores = st.integers(1, 5)
parts = st.lists(st.none() | st.decimals(1, 5, places=2), max_size=4)


@pytest.mark.parametrize(("share", "score"), [(0, 1), (25, 2), (50, 3), (75, 4), (100, 5)])
def test_share_as_a_score(share, score):
    assert share_score(share) == score


def test_criteria_are_weighted():
    assert weighted_score([(5, 3), (1, 1)]) == 4
    assert weighted_score([]) is None
    assert average_score([]) is None
    assert average_score([1, 5]) == 3


def test_overall_score_needs_two_parts():
    assert overall_score(4, None, None, None) is None
    assert overall_score() is None
    found = overall_score(4, None, Decimal(3), None)
    assert (found.score, found.parts) == (4, 2)


@given(parts)
def test_overall_score_is_between_its_parts(values):
    found = overall_score(*values)
    known = [value for value in values if value is not None]
    assert (found is None) == (len(known) < 2)
    if found:
        assert min(known) - Decimal("0.5") <= found.score <= max(known) + Decimal("0.5")


@given(st.lists(st.tuples(scores, scores), min_size=1), scores)
def test_higher_score_never_lowers_the_average(rows, weight):
    (score, of), *rest = rows
    assert weighted_score([(min(5, score + 1), of), *rest]) >= weighted_score(rows)
    assert weighted_score([(score, weight)]) == score
