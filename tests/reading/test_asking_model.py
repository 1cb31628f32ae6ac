"""The model of sentences that ask for a skill: what it says of plain cases, and what it costs."""

import numpy as np
import pytest

from benchmarks.reading import skillspan
from careerplan.reading.asking_model import MAX_WORDS, SIZE, asking_model, asks_for_skill, to_places, to_words
from careerplan.reading.skill_finder import MAX_OTHERS, find_skills, read_advert
from tests.reading.test_skill_finder import CATALOGUE
from tests.work import grows_in_line


@pytest.mark.parametrize(
    "sentence",
    [
        "You have experience with Kubernetes and Terraform.",
        "Strong knowledge of building regulations is required.",
        "Ability to work under pressure and prioritise tasks",
        "Proficiency in Java or Kotlin",
    ],
)
def test_sentence_that_asks(sentence):
    assert asks_for_skill(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Date posted: 14 July",
        "We were founded in 1998.",
        "Please send your application by Friday.",
        "",
        "看護師",
        "1 2 3",
    ],
)
def test_sentence_that_asks_for_nothing(sentence):
    assert not asks_for_skill(sentence)


def test_probability_grows_with_the_score_and_stays_one():
    model = asking_model()
    sentences = ["Canteen", "You know SQL", "Experience in managing teams and budgets"]
    probabilities = [model.probability(one) for one in sentences]
    assert probabilities == [model.probability(one) for one in sorted(sentences, key=model.score)]
    assert all(0 < one < 1 for one in probabilities)


def test_words_are_folded_and_numbers_alike():
    assert to_words("Übersetzen, 5 years C++") == ["ubersetzen", "0", "years", "c++"]
    assert np.array_equal(to_places("3 Years"), to_places("7 years"))
    assert to_places("word " * 5000).max() < SIZE
    assert len(to_words("word " * 5000)) == MAX_WORDS


def test_model_is_loaded_once():
    assert asking_model() is asking_model()


def test_reading_names_what_is_none_of_our_skills():
    text = "You have experience with Kubernetes and Terraform.\nYou lead a team of five.\nWe offer a pension."
    reading = read_advert(text, CATALOGUE)
    assert reading.skills == find_skills(text, CATALOGUE)
    assert [one for one in reading.others if "Kubernetes" in one]
    assert not [one for one in reading.others if "pension" in one]


def test_others_are_bounded_and_come_once():
    lines = [f"Experience with tool {chr(97 + number)}q{chr(97 + number)} is required." for number in range(20)]
    assert len(read_advert("\n".join(lines * 2), []).others) == MAX_OTHERS


def test_work_grows_in_line():
    line = "Experience with Kubernetes is required. "
    once, twice = grows_in_line(lambda size: read_advert(line * size, CATALOGUE), 100)
    assert twice < 2.2 * once


def test_labelled_sentences_are_those_that_were_measured():
    assert [len(skillspan.load(part)) for part in skillspan.PARTS] == [4800, 3174, 3569]
