"""`pytest --day 2028-02-29`: the tests run as if it were that day, nine in the morning in UTC; the clock goes on.

Given several times, earliest first, each test runs on each of these days, all tests on one after the other: what is
loaded and collected for one day need not be for the next.

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
    told = "run the tests as if it were this day; several times: one after the other"
    parser.addoption("--day", metavar="YYYY-MM-DD", action="append", default=[], help=told)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the clock."""
    if config.option.day:
        _move_to(min(config.option.day))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each test once a day where there are several."""
    if len(days := metafunc.config.option.day) > 1:
        metafunc.parametrize("_on_day", sorted(days), scope="session", indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the days one after the other: a clock does not go back. What a module shares is of one day."""
    if len(config.option.day) > 1:
        items.sort(key=lambda item: item.callspec.params["_on_day"])
        if items and items[0].path == items[-1].path:
            raise pytest.UsageError("several days need several modules: a day would get what the one before has shared")


@pytest.fixture(autouse=True, scope="session")
def _on_day(request: pytest.FixtureRequest) -> None:
    if hasattr(request, "param"):
        pytest_unconfigure()
        os.environ.pop(SHIFT)
        _move_to(request.param)


def _move_to(day: str) -> None:
    then = datetime.strptime(day, "%Y-%m-%d").replace(hour=9, tzinfo=UTC)
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
