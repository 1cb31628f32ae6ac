"""Thirty people of known trades (thirty_people.toml) find their own occupation or one that is closely related to it.

"Among the first five" is by the order of the posterior over the shipped occupations, as the product calculates it, the
own occupation included: the page shows a known current occupation beside its lists, and splits a step up from them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from careerplan.catalogue.models import EducationLevel
from careerplan.catalogue.shipped_data import read_skills
from careerplan.matching.occupations import posterior
from careerplan.plans.models import CareerStage
from careerplan.skills.queries.answer_shares import answers_of, starting_shares
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.questions import choose_questions
from careerplan.skills.queries.training import MOST_ZONES_ABOVE, ZONE_OF_EDUCATION
from tests.each import each
from tests.skills.ranked import shipped

SHIPPED = shipped()
CATALOGUE, IDS = SHIPPED.catalogue, SHIPPED.ids
ITEMS = {key: pk for pk, key in enumerate([s.key for group in read_skills() for s in group.skills if s.code], start=1)}
PEOPLE = tomllib.loads((Path(__file__).parent / "thirty_people.toml").read_text(encoding="utf-8"))["person"]
FULL_FLOOR, QUICK_FLOOR = 26, 22
YEARS_OF_STUDY = {
    EducationLevel.NONE: 0,
    EducationLevel.SECONDARY: 0,
    EducationLevel.VOCATIONAL: 1,
    EducationLevel.SOME_COLLEGE: 1,
    EducationLevel.ASSOCIATE: 2,
    EducationLevel.BACHELOR: 4,
    EducationLevel.MASTER: 6,
    EducationLevel.DOCTORATE: 8,
}
"""After school, in most countries."""
TOO_MANY_YEARS = 8


@dataclass(frozen=True)
class Found:
    """Where somebody's own occupation came, and the best of those closely related to it; rows of the catalogue."""

    person: dict
    answered: int
    order: list[int]
    is_shown: bool

    @property
    def own(self):
        return CATALOGUE.rows[IDS[self.person["trade"]]]

    def place(self, row):
        return self.order.index(row) + 1

    @property
    def kin_place(self):
        return min(map(self.place, CATALOGUE.related[self.own]), default=len(self.order))

    @property
    def is_hit(self):
        return min(self.place(self.own), self.kin_place) <= 5

    def __str__(self):
        first = ", ".join(CATALOGUE.facts[row].title for row in self.order[:5])
        return (
            f"{self.person['trade']:32} {self.answered:>3} answers, own {self.place(self.own):>3}, "
            f"kin {self.kin_place:>3}, {'shown' if self.is_shown else 'withheld'}: {first}"
        )


def levels_of(person):
    return {ITEMS[key]: level for group in person["levels"].values() for key, level in group.items()}


def quick_levels(person, current):
    """What somebody answers to the pages of the quick way, chosen one by one."""
    needs = SHIPPED.needs[IDS[person["target"]]] if "target" in person else {}
    known, asked, answers = levels_of(person), [], {}
    while len(chosen := choose_questions(CATALOGUE, asked, answers, current, needs)) > len(asked):
        asked = chosen
        answers = {pk: known.get(pk) for pk in asked}
    return {pk: level for pk, level in answers.items() if level is not None}


def find(person, *, is_quick, is_named):
    current = IDS[person["trade"]] if is_named else None
    levels = quick_levels(person, current) if is_quick else levels_of(person)
    interests = dict(enumerate(person["interests"]))
    answers = answers_of(CATALOGUE, levels, interests)
    before = starting_shares(CATALOGUE, CATALOGUE.rows.get(current))
    shares = posterior(CATALOGUE.table, answers, before)
    lists = match_occupations(CATALOGUE, levels, interests=interests, current_id=current, education=person["education"])
    return Found(person, len(levels), np.argsort(-shares, kind="stable").tolist(), lists.is_enough)


@cache
def find_all(*, is_quick, is_anonymous=False):
    return [
        find(person, is_quick=is_quick, is_named=person["names_occupation"] and not is_anonymous) for person in PEOPLE
    ]


WAYS = pytest.mark.parametrize(("is_quick", "floor"), [(False, FULL_FLOOR), (True, QUICK_FLOOR)])


def test_the_people_are_as_described():
    assert len(PEOPLE) == len({person["trade"] for person in PEOPLE}) == 30
    fields = {fact.field for fact in CATALOGUE.facts} - {"55"}  # the armed forces
    assert {CATALOGUE.facts[CATALOGUE.rows[IDS[person["trade"]]]].field for person in PEOPLE} == fields
    assert len(fields) == 22
    assert [person["stage"] for person in PEOPLE].count(CareerStage.RETIRING) == 3
    assert sum("target" not in person for person in PEOPLE) == 3
    assert sum(person["names_occupation"] for person in PEOPLE) == 15
    for person in PEOPLE:
        assert person["stage"] in CareerStage
        assert person["education"] in EducationLevel
        assert person.get("target", person["trade"]) in IDS
        assert set(levels_of(person).values()) <= set(range(6))
        assert len(levels_of(person)) >= 60
        assert len(person["interests"]) == 6
        assert set(person["interests"]) <= set(range(1, 8))


@WAYS
@pytest.mark.parametrize("is_anonymous", [False, True], ids=["as they are", "nobody names an occupation"])
def test_they_find_their_own_occupation_or_its_kin(is_quick, floor, is_anonymous):
    found = find_all(is_quick=is_quick, is_anonymous=is_anonymous)
    assert sum(one.is_hit for one in found) >= floor, "\n".join(map(str, found))


@WAYS
def test_they_are_shown_a_list_with_it(is_quick, floor):
    """The rule for "too little to say" must not withhold what would be right."""
    found = find_all(is_quick=is_quick)
    assert sum(one.is_hit and one.is_shown for one in found) >= floor, "\n".join(map(str, found))


@pytest.mark.parametrize("is_quick", [False, True])
def test_nothing_that_needs_eight_more_years_of_study_comes_before_their_own(is_quick):
    for one in find_all(is_quick=is_quick, is_anonymous=True):
        studied = YEARS_OF_STUDY[one.person["education"]]
        above = one.order[: one.place(one.own)]
        too_far = [
            CATALOGUE.facts[row].title
            for row in above
            if YEARS_OF_STUDY.get(CATALOGUE.facts[row].education, 0) - studied >= TOO_MANY_YEARS
        ]
        assert not too_far, f"{too_far}\n{one}"


@each("person", PEOPLE, called=lambda person: person["trade"])
def test_what_is_shown_is_in_reach(person):
    """Two job zones more are years of study; such occupations have a list of their own."""
    current = IDS[person["trade"]] if person["names_occupation"] else None
    zone = ZONE_OF_EDUCATION[person["education"]]
    if current:
        zone = max(zone, CATALOGUE.facts[CATALOGUE.rows[current]].job_zone)
    lists = match_occupations(
        CATALOGUE,
        levels_of(person),
        interests=dict(enumerate(person["interests"])),
        current_id=current,
        education=person["education"],
    )
    for one in [*lists.like_yours, *lists.step_up, *lists.other_field]:
        assert one.facts.job_zone - zone <= MOST_ZONES_ABOVE
