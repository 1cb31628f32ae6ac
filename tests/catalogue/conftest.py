"""Fixtures of the catalogue's tests."""

import datetime as dt

import pytest

from careerplan.catalogue.content import read_skills, read_starter
from careerplan.catalogue.services import load_skills, load_starter
from tests.catalogue.releases import SHARED

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def skills(db):
    """The skills of the catalogue, in the database."""
    return load_skills(groups=read_skills())


@pytest.fixture
def starter(skills):
    """The skills and the shipped occupations, in the database."""
    return load_starter(records=read_starter(), now=NOW)


@pytest.fixture
def shared():
    """The folder of the shared data; the test is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the shared data is not here")
    return SHARED
