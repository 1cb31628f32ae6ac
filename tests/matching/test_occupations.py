"""The posterior over occupations: what must hold for every table and all answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.matching.evidence import weigh
from careerplan.matching.levels import ItemKind, level_of
from careerplan.matching.occupations import AnswerVector, OccupationTable, contributions, posterior, prior
from careerplan.matching.questions import next_questions

ITEMS = 74
LEVELS = st.dictionaries(st.integers(0, 67), st.integers(0, 5), min_size=1)


def shares_of(table, levels):
    return posterior(table, AnswerVector.of(table, levels), prior(len(table.figures)))


def test_answers_that_are_the_figures_of_an_occupation_put_it_first(shipped):
    items = np.arange(ITEMS)
    flat = prior(len(shipped.titles))
    for row, figures in enumerate(shipped.table.figures):
        shares = posterior(shipped.table, AnswerVector(items, figures), flat)
        # Two occupations may stand in for each other and share all figures.
        assert shares[row] == shares.max(), shipped.titles[row]


@given(LEVELS, st.randoms())
def test_the_order_of_answers_changes_nothing(shipped, levels, chance):
    items = list(levels.items())
    chance.shuffle(items)
    assert (shares_of(shipped.table, dict(items)) == shares_of(shipped.table, levels)).all()


@given(LEVELS)
def test_a_posterior_is_a_distribution(shipped, levels):
    shares = shares_of(shipped.table, levels)
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1)


@given(st.dictionaries(st.integers(0, 67), st.integers(0, 5), min_size=20), st.floats(-0.5, 0.5))
def test_a_constant_for_all_answers_changes_little(shipped, levels, constant):
    """Somebody lenient and somebody strict with the same profile get nearly the same odds."""
    table = shipped.table
    answers = AnswerVector.of(table, levels)
    moved = AnswerVector(answers.items, answers.values + constant)
    flat = prior(len(shipped.titles))
    change = np.log(posterior(table, moved, flat)) - np.log(posterior(table, answers, flat))
    # Without the personal level each answer would move the odds by constant * difference / noise by itself.
    figures = table.figures[:, answers.items]
    unbiased = constant * (figures / table.noise[answers.items]).sum(axis=1)
    assert np.ptp(change) <= 0.5 * np.ptp(unbiased) + 1e-6


def test_the_current_occupation_and_its_kin_come_first_before_any_answer():
    shares = prior(10, 3, [4, 5])
    assert shares.sum() == pytest.approx(1)
    assert list(np.argsort(-shares)[:3]) == [3, 4, 5]
    assert prior(10, 3).sum() == pytest.approx(1)


@given(LEVELS)
def test_the_same_answers_give_the_same_page(shipped, levels):
    shares = shares_of(shipped.table, levels)
    page = next_questions(shipped.table, shares, levels)
    assert page == next_questions(shipped.table, shares, dict(reversed(levels.items())))
    assert not set(page) & set(levels)
    assert len(page) == min(5, ITEMS - len(levels))


def test_skipped_questions_are_not_asked_again_and_teach_nothing(shipped):
    shares = prior(len(shipped.titles))
    first = next_questions(shipped.table, shares, [])
    second = next_questions(shipped.table, shares, [], skipped=first)
    assert not set(first) & set(second)
    assert next_questions(shipped.table, shares, [], count=10)[5:] != []
    assert next_questions(shipped.table, shares, range(ITEMS)) == []


def test_only_allowed_questions_are_asked(shipped):
    assert set(next_questions(shipped.table, prior(len(shipped.titles)), [], allowed=[1, 2, 3])) == {1, 2, 3}


def test_answers_that_are_the_figures_of_an_occupation_speak_for_it(shipped):
    items = np.arange(ITEMS)
    for row in range(0, len(shipped.titles), 7):
        weights = contributions(shipped.table, AnswerVector(items, shipped.table.figures[row]), row)
        assert weights.min() >= 0
        assert weights.sum() > 0


def test_a_table_of_equal_figures_ranks_nothing():
    table = OccupationTable.of(np.full((6, 8), 3.0), [ItemKind.SKILL] * 8)
    shares = shares_of(table, dict.fromkeys(range(8), 2))
    assert shares == pytest.approx(np.full(6, 1 / 6))


@pytest.mark.parametrize("level", range(6))
def test_the_same_answer_everywhere_is_not_enough(shipped, level):
    levels = dict.fromkeys(range(68), level)
    answers = AnswerVector.of(shipped.table, levels)
    assert not weigh(shipped.table, answers, shares_of(shipped.table, levels)).is_enough()


@given(st.integers(0, 67), st.integers(0, 5))
def test_one_different_answer_is_not_enough(shipped, item, level):
    levels = dict.fromkeys(range(68), 3) | {item: level}
    answers = AnswerVector.of(shipped.table, levels)
    assert not weigh(shipped.table, answers, shares_of(shipped.table, levels)).is_enough()


def test_who_answers_as_their_occupation_needs_is_shown_a_list(shipped):
    """Consistent answers must not count as answers without looking."""
    enough = 0
    for figures in shipped.table.figures:
        levels = {item: level_of(figures[item], shipped.table.kinds[item]) for item in range(68)}
        answers = AnswerVector.of(shipped.table, levels)
        enough += weigh(shipped.table, answers, shares_of(shipped.table, levels)).is_enough()
    assert enough >= 0.95 * len(shipped.titles)


def test_five_answers_are_not_enough(shipped):
    levels = {item: item % 6 for item in range(5)}
    answers = AnswerVector.of(shipped.table, levels)
    assert not weigh(shipped.table, answers, shares_of(shipped.table, levels)).is_enough()
