"""Run a command with real servers around it: `python -m careerplan.local.with_servers [--running] COMMAND ...`.

By default it starts a temporary database, broker and mail catcher (for checks that need settings). With --running the
command gets the environment of the Careerplan that `make run` has started in this folder.
"""

import os
import subprocess
import sys

from careerplan.local.processes import ROOT, StartupError
from careerplan.local.run import running_environment
from careerplan.local.stack import Stack


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit code of the command."""
    running = arguments[:1] == ["--running"]
    command = arguments[1:] if running else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if command[0] == "python":
        command = [sys.executable, *command[1:]]
    try:
        return _in_running(command) if running else _apart(command)
    except StartupError as error:
        print(f"careerplan: {error}", file=sys.stderr)
        return 1


def _in_running(command: list[str]) -> int:
    env = running_environment(ROOT / "var")
    if env is None:
        raise StartupError("Careerplan is not running: start it with `make run` in another terminal first.")
    return subprocess.run(command, env=os.environ | env, check=False).returncode


def _apart(command: list[str]) -> int:
    with Stack() as stack:
        return subprocess.run(command, env=os.environ | stack.env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
