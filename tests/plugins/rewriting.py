"""Rewrites the asserts of all test modules once, before xdist starts its workers.

In a fresh clone each worker would do that for every module, at the same time: 7 s of CPU each, and 4 s for what
hypothesis finds out. Both keep it in files, and have no public way to make them.
"""

import os
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key

from careerplan.local.processes import ROOT

PACKAGES = ("accounts", "careerplan", "tests")


def begin_to_rewrite(config: pytest.Config, folder: Path, packages: Iterable[str] = PACKAGES) -> list[int]:
    """Begin to rewrite what is not rewritten yet, with a process for each processor, and return these processes.

    They also prepare what hypothesis keeps in files: the constants of modules of `packages`, and which characters there
    are.
    """
    paths = [path for path in sorted(folder.rglob("*.py")) if path.name.startswith("test_") or path.stem == "conftest"]
    missing = [path for path in paths if not kept(path).exists()]
    children = []
    for number in range(count := os.cpu_count() or 1) if missing else ():
        if child := os.fork():
            children.append(child)
            continue
        try:
            for path in missing[number::count]:
                _rewrite(config, path)
            _prepare_hypothesis(packages, number, count)
        finally:  # nothing of this process may run in the child
            os._exit(0)
    return children


def wait_for(children: list[int]) -> None:
    """Wait until these processes have ended."""
    for child in children:
        os.waitpid(child, 0)


def _prepare_hypothesis(packages: Iterable[str], number: int, count: int) -> None:
    from hypothesis.internal import charmap
    from hypothesis.internal.constants_ast import constants_from_module

    warnings.simplefilter("ignore")  # hypothesis warns of slow plugins; this process does only that, and ends
    modules = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    for path in modules[number::count]:
        module = ModuleType(path.stem)
        module.__file__ = str(path)
        constants_from_module(module)
    if number == 0:
        charmap.intervals_from_codec("utf-8")


def kept(path: Path) -> Path:
    """Return where pytest looks for the rewritten module."""
    return rewrite.get_cache_dir(path) / (path.stem + rewrite.PYC_TAIL)


def _rewrite(config: pytest.Config, path: Path) -> None:
    kept(path).parent.mkdir(exist_ok=True)
    source, code = rewrite._rewrite_test(path, config)
    if not sys.dont_write_bytecode:
        rewrite._write_pyc(config.stash[assertstate_key], code, source, kept(path))
