"""The fault suite, short and seeded: `make faults` runs it long (docs/testing.md)."""

import pytest

from tests.faults.books import HEAD
from tests.faults.scenarios import SCENARIOS
from tests.faults.size import SHORT
from tests.faults.world import World

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def world():
    with World(seed=20270305) as world:
        yield world


@pytest.mark.parametrize("name", ["kills", "smtp", "redis", "races", "refusals", "silent"])
def test_nothing_is_lost(world, name):
    books = SCENARIOS[name](world, SHORT)
    assert books.failures == [], f"\n{HEAD}\n{books.line()}"
