"""Real servers for the tests: one PostgreSQL, one Valkey, one mail catcher for the whole session.

They are started before Django's settings are read, because settings come from the environment and from nowhere
else. Workers of pytest-xdist inherit the environment; each gets a database and a Redis number of its own.
"""

import atexit
import compileall
import gc
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from careerplan.local.processes import ROOT, StartupError
from careerplan.local.stack import Stack, StackError
from tests.plugins.rewriting import begin_to_rewrite, wait_for
from tests.plugins.template import VARIABLE, ensure_template

# Temporary files are made here where it has this many bytes free.
MEMORY, MEMORY_BYTES = Path("/dev/shm"), 8_000_000_000
# These only print something.
NEED_NO_SERVERS = {"-h", "--help", "-V", "--version"}
SECRET_KEY = "only-for-the-tests-and-nowhere-else-0123456789"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, None, None]:
    """As a wrapper it comes before pytest-django, which reads the settings in the same hook."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        gc.disable()  # until all is imported and collected (tests/conftest.py): nothing of that goes
        _use_own_redis_number(worker)
    elif not NEED_NO_SERVERS.intersection(args):
        _start(early_config)
    return (yield)


def _use_own_redis_number(worker: str) -> None:
    """Worker gw3 uses database 4; the controller and a run without workers use 0."""
    number = int(re.sub(r"\D", "", worker)) + 1
    os.environ["REDIS_URL"] = re.sub(r"/\d+$", f"/{number}", os.environ["REDIS_URL"])


def _start(config: pytest.Config) -> None:
    """Start the servers, put them into the environment, and see to their end."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    _keep_temporary_files_in_memory()
    _compile_once()
    known = config.known_args_namespace
    is_all = getattr(known, "numprocesses", None) and not known.file_or_dir
    rewriting = begin_to_rewrite(config, ROOT / "tests") if is_all else []
    try:
        template = ensure_template()  # one step after the other, so there are processors left
        wait_for(rewriting)
        stack = Stack(port=8000, env={"SECRET_KEY": SECRET_KEY}, template=template)
        config.add_cleanup(stack.close)
        atexit.register(stack.close)
        stack.__enter__()
        os.environ.update(stack.env, **{VARIABLE: str(template)})
    except (StartupError, StackError) as error:
        raise pytest.UsageError(f"the test servers do not start: {error}") from None


def _keep_temporary_files_in_memory() -> None:
    """Have stacks and tests make their files in memory, unless somebody says where.

    A run makes and removes tens of thousands. Ext4 takes no inode that was freed in the last minute: it looks on.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _compile_once() -> None:
    """Compile our modules for all workers and all processes of stacks, also where Python is told to write nothing.

    Hundreds of processes start in a run, and each would spend a third of its start on compiling the same files.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    for package in ("accounts", "careerplan", "benchmarks"):
        compileall.compile_dir(ROOT / package, quiet=1)
