"""Fixtures of the tests of the public pages of occupations."""

import datetime as dt

import pytest

from tests.factories.catalogue import copy_shipped_catalogue
from tests.factories.skills import make_catalogue, make_occupation

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def shipped(db):
    """The skills and occupations that we ship."""
    copy_shipped_catalogue()


@pytest.fixture
def skills(db):
    """Six skills, two of each of three groups."""
    return make_catalogue()


@pytest.fixture
def nurse(skills):
    """A nurse, who needs two skills, has two tasks and another title."""
    needs = {skills[0].pk: (4, 4), skills[1].pk: (2, 3)}
    nurse = make_occupation(
        code="29-1141.00",
        title="Registered nurse",
        needs=needs,
        description="Plans and gives care.",
        typical_education="bachelor",
        job_zone=4,
        tools=["Drip stands"],
        needs_licence=True,
    )
    nurse.other_titles.create(title="Staff nurse", is_curated=True)
    nurse.tasks.create(text="Puts in drips", position=2)
    nurse.tasks.create(text="Gives medicines", position=1)
    return nurse


@pytest.fixture
def manager(skills):
    """A ward manager, who needs seven skills; the first of them most of all."""
    more = make_catalogue(each=3)
    needs = {skill.pk: (3, round(5 - place / 5, 2)) for place, skill in enumerate(more[:7])}
    return make_occupation(code="11-9111.00", title="Ward manager", needs=needs)
