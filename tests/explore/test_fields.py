"""The fields of occupations and the addresses made from them."""

from collections import Counter, defaultdict

import pytest

from careerplan.catalogue.fields import FIELD_OF_SLUG, FIELDS, occupation_key, occupation_path
from careerplan.explore.queries import KEY
from tests.catalogue.shipped import shipped_occupations

RECORDS = shipped_occupations()
# Table of the 2018 SOC, which O*NET-SOC 2019 follows: 23 major groups, 55 for the armed forces.
MAJOR_GROUPS = {str(number) for number in range(11, 56, 2)}


def test_there_is_a_field_for_each_major_group():
    assert Counter(field.major_group for field in FIELDS) == Counter(MAJOR_GROUPS)
    assert len(FIELD_OF_SLUG) == len({str(field.name) for field in FIELDS}) == len(FIELDS)


def test_examples_are_shipped_occupations_of_the_field():
    titles = defaultdict(set)
    for record in RECORDS:
        titles[record.code[:2]].add(record.title.lower())
    named = {field.major_group: set(str(field.examples).lower().split(", ")) for field in FIELDS}
    assert {group: names - titles[group] for group, names in named.items() if names - titles[group]} == {}


def test_every_shipped_occupation_has_an_address_of_its_own():
    paths = Counter(occupation_path(record.code, record.title) for record in RECORDS)
    assert paths.most_common(1)[0][1] == 1
    assert "" not in paths


@pytest.mark.parametrize(
    ("code", "title", "key"),
    [
        ("29-1141.00", "Registered nurse", "registered-nurse-29-1141"),
        ("29-1141.01", "Registered nurse", "registered-nurse-29-1141-01"),
        ("53-5021.00", "Ship's officer or captain", "ships-officer-or-captain-53-5021"),
        ("29-1141.00", "看護師", "29-1141"),
        ("29-1141.00", "Ward 12-1234-56", "ward-12-1234-56-29-1141"),
    ],
)
def test_an_address_ends_with_the_code(code, title, key):
    assert occupation_key(code, title) == key
    found = KEY.search(key)
    assert f"{found['code']}.{found['detail'] or '00'}" == code


def test_a_code_of_no_major_group_has_no_address():
    assert occupation_path("99-1141.00", "Registered nurse") == ""
