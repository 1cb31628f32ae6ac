"""Fixtures of the catalogue's tests."""

import datetime as dt
import re

import pytest

from careerplan.catalogue.services import load_skills
from careerplan.catalogue.shipped_data import read_skills
from tests.catalogue.releases import SHARED
from tests.factories.catalogue import copy_shipped_catalogue

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def numbers_in(text: str) -> list[int]:
    """The numbers in an output, in order."""
    return [int(number) for number in re.findall(r"\d+", text)]


@pytest.fixture
def skills(db):
    """The skills of the catalogue, in the database."""
    return load_skills(groups=read_skills())


@pytest.fixture
def starter(db):
    """The skills and the shipped occupations, in the database."""
    copy_shipped_catalogue()


@pytest.fixture
def shared():
    """The folder of the shared data; the test is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the shared data is not here")
    return SHARED
