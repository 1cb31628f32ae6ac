"""Finding skills in adverts: which skills, at which level, and in how much time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.shipped_data import read_skills
from careerplan.reading.patterns import Phrase, forms_of_verb
from careerplan.reading.phrases import CLASSES, PHRASES
from careerplan.reading.skill_finder import MAX_CHARACTERS, SearchedSkill, find_skills
from careerplan.reading.vocabulary import KNOWLEDGE, LEVEL_WORDS, NOT_BY_NAME, OTHER_NAMES
from tests.reading import adverts

CATALOGUE = [
    SearchedSkill(number, skill.name, skill.key)
    for number, skill in enumerate(skill for group in read_skills() for skill in group.skills)
]


def read(text, skills=CATALOGUE):
    """Return (level, is a guess) by the key of our skills, by the name of own skills."""
    keys = {skill.id: skill.key or skill.name for skill in skills}
    return {keys[one.skill_id]: (one.level, one.is_guess) for one in find_skills(text, skills)}


def test_skills_of_a_nurse_advert():
    assert read(adverts.NURSE) == {
        "leading-a-team": (4, False),
        "speaking-clearly": (4, False),
        "negotiating": (4, False),
        "speaking-to-groups": (4, False),
        "managing-money": (3, False),
        "running-meetings": (3, False),
        "digital-skills": (2, False),
    }


def test_skills_of_a_sales_advert():
    assert read(adverts.SALES) == {
        "negotiating": (5, False),
        "convincing-others": (4, False),
        "speaking-to-groups": (4, False),
        "digital-skills": (3, False),
        "managing-time": (4, False),
        "staying-calm": (3, True),
        "handling-conflict": (2, False),
    }


def test_skills_of_a_technician_advert():
    assert read(adverts.TECHNICIAN) == {
        "finding-faults": (3, False),
        "looking-after-equipment": (4, False),
        "working-in-a-team": (3, True),
        "learning-new-things": (3, True),
        "programming": (1, False),
    }


def test_text_without_skills_finds_none():
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
def test_level_comes_from_the_nearest_level_word(text, found):
    assert read(text)["negotiating"] == found


@pytest.mark.parametrize(
    "text",
    ["Negotiation is not required", "no negotiation", "without negotiating", "Negotiation will be taught on the job"],
)
def test_skill_that_is_not_required_is_not_found(text):
    assert "negotiating" not in read(text)


def test_everyday_words_and_places_are_not_skills():
    assert read("Based in Reading. You are writing to us. We repair bikes; please ring.") == {}


def test_own_skills_are_found_by_name_in_any_script():
    own = [SearchedSkill(900, "Non-invasive ventilation"), SearchedSkill(901, "Überwachung"), SearchedSkill(902, "C")]
    found = read("Experience with noninvasive care. NON INVASIVE ventilation, ueberwachung, überwachung, C", own)
    assert found == {"Non-invasive ventilation": (3, True), "Überwachung": (3, True)}


def test_excerpt_of_a_long_sentence_shows_the_skill():
    text = "word " * 200 + "we value negotiation highly " + "word " * 200
    [one] = find_skills(text, CATALOGUE)
    assert "we value negotiation highly" in one.words
    assert len(one.words) < 200


def test_every_other_name_finds_its_skill():
    keys = {skill.key for skill in CATALOGUE}
    knowledge = {skill.key for group in read_skills() for skill in group.skills if group.kind == "knowledge"}
    assert set(OTHER_NAMES) == keys - knowledge  # fields of knowledge are found by their names only
    assert keys >= NOT_BY_NAME
    assert knowledge == KNOWLEDGE
    for skill in CATALOGUE:
        for words in OTHER_NAMES.get(skill.key, ()):
            assert skill.key in read(words), words
    assert set(LEVEL_WORDS) == {1, 2, 3, 4, 5}


def processor_seconds(text):
    """Return the least of three readings."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        find_skills(text, CATALOGUE)
        seconds.append(time.process_time() - started)
    return min(seconds)


@pytest.mark.parametrize(
    "words",
    [
        *("a ", "very good ", ".", "lead a ", "x", "\u0301", "ﷺ", "python ", "½ python ", "excellent python "),
        *("python excellent ", "no python ", "python x\u0301 ", "e\u0344"),
    ],
)
def test_time_grows_in_line_with_the_text(words):
    text = words * (MAX_CHARACTERS // len(words))
    assert processor_seconds(text) < 24 * processor_seconds(text[: MAX_CHARACTERS // 8]) + 0.05  # quadratic: 64 times


def test_text_after_the_limit_is_ignored():
    assert read("word " * (MAX_CHARACTERS // 5) + "negotiation") == {}


@given(st.text(max_size=300))
def test_any_text_gives_levels_from_1_to_5(text):
    for one in find_skills(text, CATALOGUE):
        assert 1 <= one.level <= 5
        assert one.words


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_forms_of_a_verb_begin_with_its_stem(verb):
    assert verb in forms_of_verb(verb)
    assert all(form.startswith(verb[:-1]) for form in forms_of_verb(verb) if " " not in form)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("lead", {"lead", "leads", "leading", "led"}),
        ("plan", {"plan", "plans", "planning", "planned"}),
        ("settle", {"settle", "settles", "settling", "settled"}),
        ("carry", {"carry", "carries", "carrying", "carried"}),
        ("teach", {"teach", "teaches", "teaching", "taught"}),
    ],
)
def test_forms_of_verbs(verb, forms):
    assert forms_of_verb(verb) == forms


def test_gap_of_a_phrase_has_few_words():
    phrase = Phrase("help* ~2 {people}", CLASSES)
    assert phrase.end_at(["we", "help", "all", "our", "customers"], 1) == 5
    assert phrase.end_at(["we", "help", "with", "the", "forms", "of", "customers"], 1) == 0


def test_every_skill_has_phrases_that_can_be_compiled():
    assert set(PHRASES) == set(OTHER_NAMES)
    for texts in PHRASES.values():
        assert all(Phrase(text, CLASSES).steps for text in texts.split(","))
