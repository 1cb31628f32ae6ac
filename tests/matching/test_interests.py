"""Interests: scores from answers, and profiles compared by their shape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.matching.interests import LEAST_SCORES, correlate, score_of

PROFILES = np.array([[7.0, 5, 1, 2, 3, 4], [1, 2, 7, 6, 4, 1], [4, 4, 4, 4, 4, 4]])
ANSWERS = st.lists(st.integers(1, 5), min_size=1, max_size=5)


@pytest.mark.parametrize(("answers", "score"), [([1], 1), ([3], 4), ([5, 5], 7), ([4, 5], 6.25), ([1, 5, 3], 4)])
def test_a_score_is_the_mean_of_the_answers_on_the_scale_of_1_to_7(answers, score):
    assert score_of(answers) == score


@given(ANSWERS, st.randoms())
def test_the_order_of_answers_changes_nothing(answers, chance):
    turned = list(answers)
    chance.shuffle(turned)
    assert score_of(turned) == score_of(answers)


def test_somebody_who_likes_what_an_occupation_is_about_correlates_with_it_alone():
    found = correlate(PROFILES, dict(enumerate(PROFILES[0])))
    assert found[0] == pytest.approx(1)
    assert found[1] < 0
    assert found[2] == 0  # a flat profile says nothing


@given(st.lists(st.floats(1, 5), min_size=6, max_size=6, unique=True), st.floats(0, 2))
def test_liking_everything_more_changes_nothing(scores, more):
    plain = correlate(PROFILES, dict(enumerate(scores)))
    raised = correlate(PROFILES, {number: score + more for number, score in enumerate(scores)})
    assert raised == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("scores", [{}, dict.fromkeys(range(6), 4.0), {n: float(n) for n in range(LEAST_SCORES - 1)}])
def test_too_few_scores_or_all_the_same_say_nothing(scores):
    assert correlate(PROFILES, scores) is None
