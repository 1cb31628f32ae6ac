"""Calls functions of the tests inside a stack: one process with its settings, started once, instead of one a call."""

import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any, Self

from careerplan.local.processes import ROOT
from careerplan.local.stack import Stack, StackError


class StackProcess:
    """A Python process with the environment of a stack, in which Django is set up."""

    def __init__(self, stack: Stack) -> None:
        argv = [sys.executable, "-m", "tests.stack_process"]
        self._process = subprocess.Popen(
            argv, env=stack.env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self._process.communicate()

    def call(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """What a function of a module returns there; both must be picklable. Raises StackError with its traceback."""
        pickle.dump((function.__module__, function.__name__, arguments), self._process.stdin)
        self._process.stdin.flush()
        result, error = pickle.load(self._process.stdout)
        if error:
            raise StackError(error)
        return result


def main() -> None:
    """Read calls from standard input until it ends; what a function prints goes to standard error."""
    import django
    from django.db import connections

    django.setup()
    calls, results = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            module, name, arguments = pickle.load(calls)
        except EOFError:
            return
        try:
            with redirect_stdout(sys.stderr):
                answer = (getattr(import_module(module), name)(**arguments), "")
        except Exception:  # noqa: BLE001
            answer = (None, traceback.format_exc())
        connections.close_all()
        pickle.dump(answer, results)
        results.flush()


if __name__ == "__main__":
    main()
