"""Rewrites the asserts of all test modules once, before xdist starts its workers.

In a fresh clone each worker would do that for every module, at the same time: 7 s of CPU each. pytest keeps what is
rewritten beside the modules, and has no public way to make it.
"""

import os
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key


def rewrite_once(config: pytest.Config, folder: Path) -> None:
    """Rewrite what is not rewritten yet, with a process for each processor."""
    paths = [path for path in sorted(folder.rglob("*.py")) if path.name.startswith("test_") or path.stem == "conftest"]
    missing = [path for path in paths if not kept(path).exists()]
    children = []
    for number in range(count := os.cpu_count() or 1):
        if child := os.fork():
            children.append(child)
            continue
        try:
            for path in missing[number::count]:
                _rewrite(config, path)
        finally:  # nothing of this process may run in the child
            os._exit(0)
    for child in children:
        os.waitpid(child, 0)


def kept(path: Path) -> Path:
    """Return where pytest looks for the rewritten module."""
    return rewrite.get_cache_dir(path) / (path.stem + rewrite.PYC_TAIL)


def _rewrite(config: pytest.Config, path: Path) -> None:
    kept(path).parent.mkdir(exist_ok=True)
    source, code = rewrite._rewrite_test(path, config)
    if not sys.dont_write_bytecode:
        rewrite._write_pyc(config.stash[assertstate_key], code, source, kept(path))
