"""Fixtures about one's own data."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories.whole import LATER


@pytest.fixture(autouse=True)
def _later():
    """Everything is looked at after what the factories tell has happened."""
    with time_machine.travel(LATER + timedelta(days=1), tick=True):
        yield
