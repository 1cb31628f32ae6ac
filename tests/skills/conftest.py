"""Fixtures of the assessment."""

import pytest

from careerplan.skills.models import Assessment
from tests.factories.skills import make_draft


@pytest.fixture
def draft(user) -> Assessment:
    """A draft without answers."""
    return make_draft(user)
