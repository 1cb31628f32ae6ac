"""What the tests of reviews share."""

import pytest

from tests.factories.goals import make_goal


@pytest.fixture
def goal(user):
    return make_goal(user)
