"""The six interests that we ship: their order, their words, and the activities asked about."""

import re
from collections import Counter

import pytest

from careerplan.catalogue.interests import activities, interests
from careerplan.catalogue.shipped_data import KEY_FORM
from tests.catalogue.shipped import shipped_occupations

ELEMENTS = ["1.B.1.a", "1.B.1.b", "1.B.1.c", "1.B.1.d", "1.B.1.e", "1.B.1.f"]


def test_the_six_are_in_the_order_of_the_figures():
    """Checked by occupations of which everybody knows what they are about."""
    assert [one.code for one in interests()] == ELEMENTS
    highest = {
        record.title: interests()[record.interests.index(max(record.interests))].key for record in shipped_occupations()
    }
    known = {
        "Carpenter": "realistic",
        "Chemist": "investigative",
        "Graphic designer": "artistic",
        "Primary school teacher": "social",
        "Estate agent": "enterprising",
        "Bookkeeper": "conventional",
    }
    assert {title: highest[title] for title in known} == known


@pytest.mark.parametrize("one", interests(), ids=lambda one: one.key)
def test_texts_are_short_and_complete_their_sentences(one):
    assert KEY_FORM.fullmatch(one.key)
    assert one.meaning.startswith("Work in which you ")
    assert len(one.meaning) <= 90
    assert one.would_like[0].islower()
    assert one.quick == 2
    assert len(one.activities) == 5


def test_activities_are_short_and_each_its_own():
    texts = [one.text for one in activities().values()]
    assert Counter(texts).most_common(1)[0][1] == 1
    assert len(activities()) == 30
    for key, one in activities().items():
        assert KEY_FORM.fullmatch(key)
        assert len(key) <= 40
        assert 3 <= len(one.text.split()) <= 9
        assert re.fullmatch(r"[A-Z][a-z ]+", one.text)


def test_quick_mode_asks_two_of_each_in_turn():
    asked = [one.interest for one in activities(quick=True).values()]
    assert asked == [*range(6), *range(6)]
    assert set(activities(quick=True)) < set(activities())
