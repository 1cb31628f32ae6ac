"""`pytest --day 2028-02-29`: the tests run as if it were that day, nine in the morning in UTC; the clock goes on.

PostgreSQL's own clock stays as it is. The processes of a stack get the day through a hook on PYTHONPATH
(tests/faults/hooks), never through a switch of the product.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

HOOKS = Path(__file__).parent.parent / "faults" / "hooks"
SHIFT = "CAREERPLAN_TEST_SHIFT"  # seconds from the real clock to the one of the tests; inherited by xdist's workers
_travels: list[time_machine.travel] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare --day."""
    parser.addoption("--day", metavar="YYYY-MM-DD", help="run the tests as if it were this day")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the clock."""
    if config.option.day:
        then = datetime.strptime(config.option.day, "%Y-%m-%d").replace(hour=9, tzinfo=UTC)
        os.environ.setdefault(SHIFT, str((then - datetime.now(UTC)) / timedelta(seconds=1)))
        _travels.append(time_machine.travel(time.time() + float(os.environ[SHIFT]), tick=True))
        _travels[-1].start()


def pytest_unconfigure() -> None:
    """Set the clock back."""
    while _travels:
        _travels.pop().stop()


def stack_clock() -> dict[str, str]:
    """What the environment of a stack's processes needs for them to live on the same day."""
    shift = os.environ.get(SHIFT)
    return {"PYTHONPATH": str(HOOKS), "FAULT_CLOCK": shift} if shift else {}
