"""The one rough figure: what goes into it, and what does not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.opportunities.weighing import average, overall, per_cent, weighted

scores = st.integers(1, 5)
parts = st.lists(st.none() | st.integers(0, 100), max_size=4)


@pytest.mark.parametrize(("score", "part"), [(1, 0), (2, 25), (3, 50), (4, 75), (5, 100)])
def test_scores_run_from_nothing_to_everything(score, part):
    assert per_cent(score) == part


def test_criteria_count_by_weight():
    assert weighted([(5, 3), (1, 1)]) == 75
    assert weighted([]) is None
    assert average([]) is None
    assert average([1, 5]) == 50


def test_a_part_that_is_not_answered_is_left_out_and_one_alone_is_no_figure():
    assert overall(80, None, None, None) is None
    assert overall() is None
    figure = overall(80, None, Decimal(50), None)
    assert (figure.about, figure.parts) == (65, 2)


@given(parts)
def test_the_figure_lies_between_its_parts_in_steps_of_five(values):
    figure = overall(*values)
    known = [value for value in values if value is not None]
    assert (figure is None) == (len(known) < 2)
    if figure:
        assert figure.about % 5 == 0
        assert min(known) - 2.5 <= figure.about <= max(known) + 2.5


@given(st.lists(st.tuples(scores, scores), min_size=1), scores)
def test_a_better_score_never_makes_it_worse(rows, weight):
    (score, of), *rest = rows
    assert weighted([(min(5, score + 1), of), *rest]) >= weighted(rows)
    assert weighted([(score, weight)]) == per_cent(score)
