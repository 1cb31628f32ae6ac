"""Searching occupations as people type: errors, word order, abbreviations; texts that are no words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Occupation, OccupationTitle
from careerplan.catalogue.queries import search_occupations

pytestmark = [pytest.mark.usefixtures("shipped_catalogue"), pytest.mark.django_db]


def titles(text, limit=10):
    return [hit.title for hit in search_occupations(text, limit)]


@pytest.mark.parametrize(
    ("text", "first", "matched"),
    [
        ("Registered nurse", "Registered nurse", ""),
        ("nurs", "Registered nurse", "Nurse"),
        ("nurses", "Registered nurse", "Nurse"),
        ("nurse registerd", "Registered nurse", ""),
        ("RN", "Registered nurse", "RN"),
        ("softwear developer", "Software developer", ""),
        ("developer software", "Software developer", ""),
        ("software engineers", "Software developer", "Software engineer"),
        ("SWE", "Software developer", "SWE"),
        ("data sientist", "Data scientist", ""),
        ("HGV driver", "Lorry driver", "HGV driver"),
        ("truck driver", "Lorry driver", "Truck driver"),
        ("electricain", "Electrician", ""),
        ("  Plumer ", "Plumber", ""),
        ("teacher primary", "Primary school teacher", ""),
        ("head techer", "Head teacher", ""),
        ("GP", "Family doctor", "GP"),
        ("physio", "Physiotherapist", "Physio"),
        ("sécretaries", "Secretary or administrative assistant", "Secretary"),
        ("plu\u0301m", "Plumber", ""),  # an accent by itself parts no word
        ("UX/UI designer", "Web or interface designer", "UI designer"),
        ("carer", "Home care worker", "Carer"),
        ("bin man", "Refuse collector", "Bin man"),
        ("bus driver", "Bus driver", ""),
    ],
)
def test_search_finds_what_people_mean(text, first, matched):
    hit = search_occupations(text)[0]
    assert (hit.title, hit.matched) == (first, matched)


def test_hit_has_the_fields_of_the_list():
    (hit,) = search_occupations("project coordinator", limit=1)
    occupation = Occupation.objects.get(code="13-1082.00")
    assert (hit.pk, hit.code, hit.title, hit.matched, hit.is_rated) == (
        occupation.pk,
        "13-1082.00",
        "Project manager",
        "Project coordinator",
        True,
    )
    assert hit.description == occupation.description


def test_each_occupation_is_found_once_and_no_more_than_asked():
    hits = search_occupations("manager", limit=5)
    assert len(hits) == 5
    assert len({hit.pk for hit in hits}) == 5
    assert search_occupations("manager", limit=0) == []


def test_every_occupation_is_found_first_by_its_own_title():
    missed = [title for title in Occupation.objects.values_list("title", flat=True) if titles(title)[0] != title]
    assert missed == []


@pytest.mark.parametrize(
    "text", ["", "   ", "\t\n", "%", "_", "%%%", "'", "\\", "!!!", "\x00", "🙂", "\u202e", "++", "日本"]
)
def test_text_without_words_finds_nothing(text):
    assert search_occupations(text) == []


@pytest.mark.parametrize(
    "text", ["%nurse%", "nurse'; DROP TABLE x; --", "nurse:* | !a & <->", "nu\x00rse nurse", "(nurse"]
)
def test_wildcards_and_operators_are_no_more_than_spaces(text):
    assert isinstance(search_occupations(text), list)
    assert OccupationTitle.objects.exists()


def test_control_characters_part_words():
    assert titles("\x01registered\x00nurse\x1f")[0] == "Registered nurse"


def test_ten_thousand_characters_are_cut():
    assert search_occupations("x" * 10_000) == []
    assert titles("nurse " * 2000)[0] == "Registered nurse"
    assert isinstance(search_occupations("%_'" * 3333 + "nurse"), list)


def test_withdrawn_occupations_are_not_found():
    Occupation.objects.filter(code="47-2111.00").update(is_current=False)
    assert "Electrician" not in titles("electrician")


def test_search_takes_two_queries_at_most(django_assert_num_queries):
    with django_assert_num_queries(1):
        search_occupations("manager")
    with django_assert_num_queries(2):
        search_occupations("softwear developer")
    with django_assert_num_queries(0):
        search_occupations("")


@given(text=st.text(max_size=60))
def test_any_text_can_be_searched(text):
    assert len(search_occupations(text)) <= 10
