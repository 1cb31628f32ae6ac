"""Reading adverts: what is proposed, at which level, and that nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.content import read_skills
from careerplan.opportunities.advert_words import LEVEL_WORDS, NOT_BY_NAME, OTHER_WORDS
from careerplan.opportunities.adverts import MOST_CHARACTERS, Named, phrase_of, proposals, stem
from tests.opportunities import adverts

CATALOGUE = [
    Named(number, skill.name, skill.key)
    for number, skill in enumerate(skill for group in read_skills() for skill in group.skills)
]


def read(text, skills=CATALOGUE):
    """By name: (level, is a guess)."""
    return {one.name: (one.level, one.is_guess) for one in proposals(text, skills)}


def test_a_nurses_advert():
    assert read(adverts.NURSE) == {
        "Leading a team": (4, False),
        "Negotiating": (4, False),
        "Speaking to groups": (4, False),
        "Managing money": (3, False),
        "Running meetings": (3, False),
        "Digital skills": (2, False),
    }


def test_a_sellers_advert():
    assert read(adverts.SALES) == {
        "Negotiating": (5, False),
        "Convincing others": (4, False),
        "Speaking to groups": (4, False),
        "Digital skills": (3, False),
        "Managing time": (4, False),
        "Staying calm": (3, True),
        "Handling conflict": (2, False),
    }


def test_a_technicians_advert():
    assert read(adverts.TECHNICIAN) == {
        "Finding faults": (3, False),
        "Looking after equipment": (4, False),
        "Working in a team": (3, True),
        "Programming": (1, False),
    }


def test_an_advert_that_names_no_skill_proposes_none():
    assert read(adverts.NOTHING) == {}
    assert read("") == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("basic negotiation", (2, False)),
        ("good negotiation skills", (3, False)),
        ("very good negotiation skills", (4, False)),
        ("excellent negotiation skills", (4, False)),
        ("expert negotiator", (5, False)),
        ("NEGOTIATING", (3, True)),
        ("negotiated at expert level", (5, False)),
        ("negotiation. Excellent pay", (3, True)),
        ("negotiation with people who are not always excellent", (3, True)),
        ("basic maths and excellent negotiation", (4, False)),
        ("negotiation\nexpert negotiation", (5, False)),
        ("expert negotiation\nnegotiation", (5, False)),
        ("basic negotiation\nnegotiation", (2, False)),
    ],
)
def test_the_level_is_what_the_nearest_word_says(text, found):
    assert read(text)["Negotiating"] == found


@pytest.mark.parametrize(
    "text",
    ["Negotiation is not required", "no negotiation", "without negotiating", "Negotiation will be taught on the job"],
)
def test_what_is_not_asked_for_is_not_proposed(text):
    assert "Negotiating" not in read(text)


def test_everyday_words_and_places_are_no_skills():
    assert read("Based in Reading. You are writing to us. We repair bikes; please ring.") == {}


def test_own_skills_are_found_by_their_name_alone_in_any_script():
    own = [Named(900, "Non-invasive ventilation"), Named(901, "Überwachung"), Named(902, "C")]
    found = read("Experience with noninvasive care. NON INVASIVE ventilation, ueberwachung, überwachung, C", own)
    assert found == {"Non-invasive ventilation": (3, True), "Überwachung": (3, True)}


def test_the_words_that_led_to_it_are_shown_even_out_of_a_long_sentence():
    text = "word " * 200 + "we value negotiation highly " + "word " * 200
    [one] = proposals(text, CATALOGUE)
    assert "we value negotiation highly" in one.words
    assert len(one.words) < 200


def test_the_words_are_of_the_catalogue_and_are_found_themselves():
    keys = {skill.key for skill in CATALOGUE}
    assert set(OTHER_WORDS) == keys
    assert keys >= NOT_BY_NAME
    for skill in CATALOGUE:
        for words in OTHER_WORDS[skill.key]:
            assert skill.name in read(words), words
    assert set(LEVEL_WORDS) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "text",
    ["a " * 10_000, "very good " * 2_000, "." * 20_000, "lead a " * 3_000, "x" * 20_000, "́" * 20_000, "ﷺ" * 20_000],
)
def test_no_text_takes_long(text):
    started = time.process_time()
    proposals(text, CATALOGUE)
    assert time.process_time() - started < 0.5


def test_what_is_too_much_is_not_read():
    assert read("word " * (MOST_CHARACTERS // 5) + "negotiation") == {}


@given(st.text(max_size=300))
def test_any_text_is_read_and_gives_levels_of_the_scale(text):
    for one in proposals(text, CATALOGUE):
        assert 1 <= one.level <= 5
        assert one.words


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_a_stem_is_never_empty(word):
    assert 0 < len(stem(word)) <= len(word)
    assert phrase_of(word) == (stem(word),)
