"""The posterior over occupations: what must hold for every table and all answers."""

from dataclasses import replace

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


def not_first_by_own_figures(table):
    """Rows of occupations that another one precedes when the answers are their own figures."""
    items, flat = np.arange(ITEMS), prior(len(table.figures))
    found = []
    for row, figures in enumerate(table.figures):
        shares = posterior(table, AnswerVector(items, figures), flat)
        # Two occupations may stand in for each other and share all figures.
        if shares[row] < shares.max():
            found.append(row)
    return found


def test_answers_that_are_the_figures_of_an_occupation_put_it_first(shipped):
    assert [shipped.titles[row] for row in not_first_by_own_figures(shipped.table)] == []


def test_answers_that_are_the_figures_of_any_rated_occupation_put_it_first(released):
    assert len(released.codes) > 800
    assert [released.codes[row] for row in not_first_by_own_figures(released.table)] == []


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


@given(LEVELS, st.floats(0, 7))
def test_the_figures_of_unanswered_items_change_nothing(shipped, levels, figure):
    table, figures = shipped.table, shipped.table.figures.copy()
    figures[:, [item for item in range(ITEMS) if item not in levels]] = figure
    assert (shares_of(replace(table, figures=figures), levels) == shares_of(table, levels)).all()


@given(st.dictionaries(st.integers(0, 67), st.integers(0, 5), min_size=1), st.floats(-2, 2))
def test_a_constant_for_all_answers_moves_the_odds_as_the_model_of_bias_says(shipped, levels, constant):
    """Somebody lenient and somebody strict with the same profile get nearly the same order.

    With M the covariance of the answers without a personal level, and t its standard deviation, adding c to every
    answer moves the log odds of two occupations by c * 1'M^-1(f - g) / (1 + t^2 1'M^-1 1), f and g being their
    figures. Without a personal level it would be the numerator alone. So it changes the order of no two occupations
    whose log odds are further apart than that.
    """
    table, flat = shipped.table, prior(len(shipped.titles))
    answers = AnswerVector.of(table, levels)
    moved = AnswerVector(answers.items, answers.values + constant)
    before, after = (np.log(posterior(table, one, flat)) for one in (answers, moved))

    level, others = table.tendencies[answers.items, 0], table.tendencies[answers.items, 1:]
    without_level = np.diag(table.noise[answers.items]) + others @ others.T
    sums = np.linalg.solve(without_level, np.ones(len(level)))
    damping = 1 + level.max() ** 2 * sums.sum()
    change = constant * (table.figures[:, answers.items] @ sums) / damping
    assert (after - before) - (after - before)[0] == pytest.approx(change - change[0], abs=1e-6)

    apart, least = np.subtract.outer(before, before), np.abs(np.subtract.outer(change, change))
    assert (np.subtract.outer(after, after)[apart > least + 1e-6] > 0).all()


def test_a_full_assessment_keeps_little_of_a_personal_level(shipped):
    """What the constant would move without a personal level, it moves by less than a sixth."""
    table, items = shipped.table, np.flatnonzero(shipped.table.is_ability)
    others = table.tendencies[items, 1:]
    sums = np.linalg.solve(np.diag(table.noise[items]) + others @ others.T, np.ones(len(items)))
    assert 1 + table.tendencies[items, 0].max() ** 2 * sums.sum() > 6


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
        weights = contributions(shipped.table, AnswerVector(items, shipped.table.figures[row]), [row])
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
    assert not weigh(shipped.table, answers, prior(len(shipped.titles)), shares_of(shipped.table, levels)).is_enough


@given(st.integers(0, 67), st.integers(0, 5), st.integers(0, 5))
def test_one_different_answer_is_not_enough(shipped, item, level, usual):
    levels = dict.fromkeys(range(68), usual) | {item: level}
    answers = AnswerVector.of(shipped.table, levels)
    assert not weigh(shipped.table, answers, prior(len(shipped.titles)), shares_of(shipped.table, levels)).is_enough


def test_who_answers_as_their_occupation_needs_is_shown_a_list(shipped):
    """Consistent answers must not count as answers without looking."""
    enough = 0
    for figures in shipped.table.figures:
        levels = {item: level_of(figures[item], shipped.table.kinds[item]) for item in range(68)}
        answers = AnswerVector.of(shipped.table, levels)
        enough += weigh(shipped.table, answers, prior(len(shipped.titles)), shares_of(shipped.table, levels)).is_enough
    assert enough >= 0.95 * len(shipped.titles)


def test_answers_that_fit_the_known_occupation_are_more_evidence_and_those_that_contradict_it_less(shipped):
    """The ratio is a Bayes factor: each occupation counts by what is believed of it before."""
    table, count = shipped.table, len(shipped.titles)
    nurse, welder = shipped.row("Registered nurse"), shipped.row("Welder")
    levels = {item: level_of(table.figures[nurse, item], table.kinds[item]) for item in range(68)}
    answers = AnswerVector.of(table, levels)

    def ratio(before):
        return weigh(table, answers, before, posterior(table, answers, before)).log10_ratio

    assert ratio(prior(count, nurse)) > ratio(prior(count)) > ratio(prior(count, welder))


def test_five_answers_are_not_enough(shipped):
    levels = {item: item % 6 for item in range(5)}
    answers = AnswerVector.of(shipped.table, levels)
    assert not weigh(shipped.table, answers, prior(len(shipped.titles)), shares_of(shipped.table, levels)).is_enough
