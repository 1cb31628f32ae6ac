"""Calls functions of tests and benchmarks inside a stack: one process, with its settings, for all calls."""

import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Self

from careerplan.local.processes import ROOT
from careerplan.local.stack import Stack, StackError


class StackProcess:
    """A Python process with the environment of a stack, in which Django is set up; `env` overrides it.

    `root`: where the code is, if not here.
    """

    def __init__(self, stack: Stack, *, env: Mapping[str, str] | None = None, root: Path = ROOT) -> None:
        argv = (sys.executable, "-m", "tests.stack_process")
        environment = {**stack.env, **(env or {})}
        warm = getattr(stack, "warm", None) if root == ROOT else None  # of a WarmStack
        if warm is not None and warm.fits(argv, environment):
            self._calls, self._results, self._process = warm.start_with_pipes(argv, environment)
            return
        opened = subprocess.Popen(argv, env=environment, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._calls, self._results, self._process = opened.stdin, opened.stdout, opened

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        if not self._calls.closed:
            self._calls.close()
            self._process.wait()
            self._results.close()

    def call(self, function: Callable[..., Any] | str, **arguments: Any) -> Any:
        """Return what a function of a module returns there; arguments and result must be picklable.

        The function may be a dotted path: its module need not be imported here, where there may be no settings.
        Raises StackError with the traceback.
        """
        path = function if isinstance(function, str) else f"{function.__module__}.{function.__name__}"
        pickle.dump((path, arguments), self._calls)
        self._calls.flush()
        result, error = pickle.load(self._results)
        if error:
            raise StackError(error)
        return result


def main() -> None:
    """Read calls from standard input until it ends; what a function prints goes to standard error."""
    import django
    from django.db import connections
    from django.utils.module_loading import import_string

    django.setup()
    calls, results = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            path, arguments = pickle.load(calls)
        except EOFError:
            return
        try:
            with redirect_stdout(sys.stderr):
                answer = (import_string(path)(**arguments), "")
        except Exception:  # noqa: BLE001
            answer = (None, traceback.format_exc())
        connections.close_all()
        pickle.dump(answer, results)
        results.flush()


if __name__ == "__main__":
    main()
