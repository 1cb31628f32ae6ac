"""The model of meaning: what it says of plain phrases, what it leaves alone, and what it costs."""

import tracemalloc

import numpy as np
import pytest

from careerplan.reading import asking_model, meaning
from careerplan.reading.meaning import (
    GUESS_FROM,
    guess_skill,
    meaning_model,
    nearest_occupations,
    to_places,
)
from careerplan.reading.skill_finder import find_skills, read_advert
from tests.reading.test_skill_finder import CATALOGUE
from tests.work import grows_in_line

UNKNOWN = ["", " ", "!?", "看護師", "\u0301" * 50]
MEGABYTES = 2**20


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("calming down angry customers", "helping-people"),
        ("mentoring newcomers", "teaching-others"),
        ("spreadsheets and databases", "digital-skills"),
        ("reading wiring diagrams", "reading"),
    ],
)
def test_phrase_is_mapped_to_a_skill(phrase, key):
    found = meaning_model().map_to_skills(phrase)
    assert key in [one.key for one in found]
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert all(0 < one.probability < 1 for one in found)


@pytest.mark.parametrize("text", UNKNOWN)
def test_text_without_known_words_means_nothing(text):
    assert meaning_model().map_to_skills(text) == []
    assert nearest_occupations(text) == []
    assert guess_skill(text) is None


def test_only_what_is_likely_is_guessed():
    for phrase in ("mentoring newcomers", "a", "the sky is blue", "haggling with suppliers"):
        guess, best = guess_skill(phrase), meaning_model().map_to_skills(phrase, 1)
        assert (guess is not None) == (bool(best) and best[0].probability >= GUESS_FROM)


def test_guess_of_an_advert_is_never_sure_and_comes_after_rules():
    text = "You need negotiation skills.\nExperience of calming down angry customers is required.\n"
    rules, reading = find_skills(text, CATALOGUE), read_advert(text, CATALOGUE)
    guesses = reading.skills[len(rules) :]
    assert reading.skills[: len(rules)] == rules
    assert not any(one.is_sure for one in guesses)
    assert len({one.skill_id for one in reading.skills}) == len(reading.skills)


def test_every_skill_that_is_told_is_one_of_our_list():
    assert set(meaning_model().skills.classes) == {skill.key for skill in CATALOGUE}


def test_models_are_files_of_the_product():
    """Nothing is fetched: the weights lie beside the code, and numpy reads no code from them."""
    for weights in (asking_model.WEIGHTS, meaning.WEIGHTS):
        with np.load(weights, allow_pickle=False) as file:
            assert all(file[name].dtype != object for name in file.files)


def test_model_is_loaded_once_and_small():
    assert meaning_model() is meaning_model()
    tracemalloc.start()
    try:
        meaning_model.__wrapped__()
        _held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 2 * MEGABYTES < most < 9 * MEGABYTES


def test_work_grows_in_line():
    once, twice = grows_in_line(lambda size: meaning_model().map_to_skills("calming angry people " * size), 100)
    assert twice < 2.2 * once


def test_order_of_features_and_case_do_not_matter():
    assert np.array_equal(to_places("Haggling, with SUPPLIERS"), to_places("haggling with suppliers"))
