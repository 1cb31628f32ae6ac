"""Which tests run in which order, and which of them in one worker of xdist: those of a group, and those of a module."""

import os
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers more than processors: one waits for faults and one for stacks more than it works."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a module in one worker, which then makes what they share once; in our order."""
    from xdist.scheduler import LoadGroupScheduling

    class Modules(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return super()._split_scope(nodeid).partition("::")[0]

    config.option.loadscopereorder = False  # the modules with most tests first
    return Modules(config, log) if config.option.dist == "loadgroup" else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Begin with what takes longest, the groups of whole stacks, so that no worker is alone with one at the end.

    Those that mostly wait are two groups, "faults" and "stacks", beside the two of the browser, which always work.
    """
    for item in items:
        if item.path.parent.name == "stack" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("stacks"))
    yield
    items.sort(key=_place)
    for item in items if getattr(config.option, "loadgroup", False) else ():
        _put_group_into_name(item)


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker("stack") is None:
        return 2
    return 1 if item.get_closest_marker("xdist_group") is None else 0


def _put_group_into_name(item: pytest.Item) -> None:
    """Let xdist keep a group together, which it does by the names of tests.

    xdist 3.8 writes the name with the group into an attribute that pytest 9.2 does not read: each worker would take
    tests of each group, and make what they share once more.
    """
    named = vars(item).pop("_nodeid", "")
    if named:
        last = named.removeprefix("::".join((item.id.path, *item.id.names[:-1])) + "::")
        item._id = replace(item.id, names=(*item.id.names[:-1], last), params=None)
    group = item.get_closest_marker("xdist_group")
    if group and not item.nodeid.endswith(f"@{group.args[0]}"):
        raise pytest.UsageError(f"xdist would not keep {item.nodeid} in its group")
