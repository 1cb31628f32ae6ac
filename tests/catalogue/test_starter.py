"""The occupations that the project ships, and where their figures come from."""

from collections import Counter
from decimal import Decimal

import pytest

from careerplan.catalogue.derive import derive_needs_csv
from careerplan.catalogue.models import Occupation
from careerplan.catalogue.shipped_data import (
    NEED_COLUMNS,
    NEEDS,
    OCCUPATIONS,
    ShippedDataError,
    read_kin_codes,
    read_oasis_codes,
    read_occupation_texts,
    read_occupations,
    read_skills,
)
from careerplan.catalogue.sync import OASIS, SOURCES, source_of
from tests.catalogue.shipped import shipped_occupations

HEADER = ",".join(NEED_COLUMNS)
WRONG_HEADER = f"the header is not {HEADER.replace(',', ', ')} …"
RECORDS = {record.code: record for record in shipped_occupations()}
MAJOR_GROUPS = {f"{number}" for number in range(11, 54, 2)}
PROMISED = {
    "15-1252.00": "Software developer",
    "15-2051.00": "Data scientist",
    "29-1141.00": "Registered nurse",
    "25-2021.00": "Primary school teacher",
    "47-2111.00": "Electrician",
    "11-1021.00": "General or operations manager",
    "27-1013.00": "Fine artist or illustrator",
    "31-1122.00": "Personal care assistant",
}


def test_at_least_150_in_all_22_major_groups():
    assert len(RECORDS) == 257
    groups = Counter(code[:2] for code in RECORDS)
    assert groups.keys() - {"55"} == MAJOR_GROUPS
    assert min(groups.values()) >= 2


def test_promised_occupations_are_rated():
    assert {code: RECORDS[code].title for code in PROMISED} == PROMISED
    assert all(RECORDS[code].needs for code in PROMISED)


def test_every_occupation_has_its_texts():
    for record in RECORDS.values():
        assert 3 <= len(record.titles) <= 10, record
        assert record.title.lower() not in record.titles, record
        assert 14 <= len(record.description) <= 90, record
        assert record.description.endswith("."), record
        assert all(title == title.strip() and len(title) <= 60 for title in record.titles.values()), record


def test_no_two_occupations_have_the_same_title():
    assert Counter(record.title.lower() for record in RECORDS.values()).most_common(1)[0][1] == 1


def test_figures_are_within_the_scales_and_on_every_skill_of_their_source():
    rated = [record for record in RECORDS.values() if record.needs]
    keys = {skill.key for group in read_skills() for skill in group.skills if skill.code}
    for record in rated:
        assert record.source in SOURCES
        assert record.needs.keys() == keys
        assert all(0 <= need.figure <= 7 and 1 <= need.importance <= 5 for need in record.needs.values())
        assert len(record.interests) == 6
        assert all(1 <= interest <= 7 for interest in record.interests)
        assert 1 <= record.job_zone <= 5
    assert len(rated) == len(RECORDS)
    assert Counter(record.source for record in RECORDS.values()) == {
        "onet-29.3": 246,
        "onet-30.0": 1,
        "oasis-2023": 10,
    }


def test_related_occupations_are_shipped_too_and_each_is_named_once():
    for record in RECORDS.values():
        codes = [one.code for one in record.related]
        assert len(codes) == len(set(codes))
        assert set(codes) <= RECORDS.keys() - {record.code}
        primary = [one.is_primary for one in record.related]
        assert primary == sorted(primary, reverse=True)


@pytest.mark.parametrize("code", read_kin_codes())
def test_an_occupation_that_no_source_rates_has_rough_figures_of_its_kin(code):
    record = RECORDS[code]
    assert record.needs
    assert all(need.low_precision for need in record.needs.values())


def test_every_shipped_occupation_is_rated(starter):
    assert Occupation.objects.rated().count() == Occupation.objects.count() == 257


def test_figures_from_another_scale_are_marked():
    assert all(need.low_precision for need in RECORDS["15-2051.00"].needs.values())
    assert RECORDS["11-1011.00"].needs["reading"].low_precision is False


def test_known_levels_of_some_occupations():
    """O*NET 29.3: Chief Executives, Reading Comprehension, LV 4.62 and IM 4.12."""
    chief = RECORDS["11-1011.00"]
    assert (chief.needs["reading"].figure, chief.needs["reading"].importance) == (
        Decimal("4.62"),
        Decimal("4.12"),
    )
    assert (chief.education, chief.job_zone) == ("master", 5)
    developer = RECORDS["15-1252.00"].needs["programming"]
    assert developer.figure > Decimal("3.5")


def test_the_file_names_every_licence_and_credit():
    text = NEEDS.read_text(encoding="utf-8")
    for source in SOURCES.values():
        assert source.credit in text
        assert source.licence in text


def test_the_credit_of_a_later_release_names_it():
    assert "O*NET 30.3 Database" in source_of("onet-30.3").credit
    assert source_of("") is None
    assert source_of("hearsay-1") is None


def test_the_levels_can_be_derived_again(shared):
    assert derive_needs_csv(shared) == NEEDS.read_text(encoding="utf-8")


def test_oasis_is_used_only_where_onet_rates_nothing():
    assert {code for code in RECORDS if RECORDS[code].source == OASIS.key} == read_oasis_codes().keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "Chief executive"\n', ""),
        ('"CEO"', '"ceo ", "CEO"'),
        ('"CEO"', '"", "CEO"'),
    ],
)
def test_a_mistake_in_the_texts_is_reported(tmp_path, old, new):
    text = OCCUPATIONS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "occupations.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ShippedDataError) as caught:
        read_occupation_texts(path)
    assert str(caught.value).startswith("occupations.toml: 11-1011.00 ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", WRONG_HEADER),
        ("code,what\n29-1141.00,x\n", WRONG_HEADER),
        (f"{HEADER}\n99-0000.00,,,,,,\n", "1, 99-0000.00: the occupation has no texts"),
        (f"{HEADER}\n29-1141.00,,,phd,,,\n", "1, 29-1141.00: “phd” is not a level of education"),
        (f"{HEADER}\n29-1141.00,,x,,,,\n", "1, 29-1141.00: invalid literal for int() with base 10: 'x'"),
    ],
)
def test_a_mistake_in_the_levels_is_reported(tmp_path, text, problem):
    path = tmp_path / "occupation_needs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ShippedDataError) as caught:
        read_occupations(figures=path)
    assert caught.value.problems == [problem]
