"""Answers that say nothing about occupations are told so, not ranked: through the functions of the product."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.questions import choose_questions
from tests.skills.ranked import shipped

SHIPPED = shipped()
CATALOGUE = SHIPPED.catalogue
ITEMS = sorted(CATALOGUE.columns)
ITEM, LEVEL = st.sampled_from(ITEMS), st.integers(0, 5)
CURRENT = st.none() | st.sampled_from(sorted(CATALOGUE.rows))
LIKED = st.just({}) | st.fixed_dictionaries({number: st.integers(1, 7) for number in range(6)})
MOST_RANDOM = 0.05
"""Of random answers get a list: 2 of 100, and 3 to 5 of 100 where the current occupation is known (docs/fit.md)."""


def is_told(levels, **known):
    """Whether somebody is told that the answers say too little, and is offered questions instead of a list."""
    found = match_occupations(CATALOGUE, levels, **known)
    if found.is_enough:
        return False
    assert (found.shown, found.current) == ([], None)
    assert len(found.questions) == min(5, len(ITEMS) - len(levels))
    return True


@given(LEVEL, st.integers(1, len(ITEMS)), CURRENT, LIKED, st.randoms(use_true_random=False))
def test_the_same_answer_everywhere(level, count, current, liked, chance):
    levels = dict.fromkeys(chance.sample(ITEMS, count), level)
    assert is_told(levels, current_id=current, interests=liked)


@given(LEVEL, LEVEL, ITEM, CURRENT, LIKED)
def test_one_answer_that_differs(level, other, item, current, liked):
    levels = dict.fromkeys(ITEMS, level) | {item: other}
    assert is_told(levels, current_id=current, interests=liked)


@given(st.dictionaries(ITEM, LEVEL, max_size=11), CURRENT, LIKED)
def test_fewer_than_twelve_answers(levels, current, liked):
    assert is_told(levels, current_id=current, interests=liked)


@given(st.dictionaries(ITEM, LEVEL, min_size=12, max_size=19), LIKED)
def test_fewer_than_twenty_answers_of_somebody_whose_occupation_is_not_known(levels, liked):
    assert is_told(levels, interests=liked)


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(("is_quick", "people"), [(False, 200), (True, 40)])
def test_random_answers(is_known, is_quick, people):
    ranked = 0
    for seed in range(people):
        chance = random.Random(seed)
        current = chance.choice(sorted(CATALOGUE.rows)) if is_known else None
        levels = {pk: chance.randrange(6) for pk in ITEMS}
        if is_quick:
            levels = answers_to_chosen_questions(levels, current)
        liked = {number: chance.randint(1, 7) for number in range(6)}
        ranked += not is_told(levels, current_id=current, interests=liked)
    assert ranked <= MOST_RANDOM * people


def answers_to_chosen_questions(levels, current):
    asked, answers = [], {}
    while len(chosen := choose_questions(CATALOGUE, asked, answers, current, {})) > len(asked):
        asked = chosen
        answers = {pk: levels[pk] for pk in asked}
    return answers


@given(st.floats(1, 4.5), st.integers(0, 2**32 - 1), CURRENT)
def test_answers_around_an_own_level(level, seed, current):
    """Somebody who thinks well or badly of everything, with some variation."""
    values = level + np.random.default_rng(seed).normal(0, 0.6, len(ITEMS))
    levels = dict(zip(ITEMS, np.clip(np.rint(values), 0, 5).astype(int).tolist(), strict=True))
    assert is_told(levels, current_id=current)
