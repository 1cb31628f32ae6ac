"""A supervisor with three small services, as a program of its own: `python -m tests.local.small_site FOLDER`.

steady: has a child in its group. short: dies at once, again and again. stubborn: ignores SIGTERM.
"""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from careerplan.local.processes import Service
from careerplan.local.supervisor import Output, Supervisor

STEADY = """
import signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"])
def stop(*_):
    child.terminate()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
open("steady-child", "w").write(str(child.pid))
print("steady is up", flush=True)
time.sleep(1000)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open("stubborn-is-up", "w").close()
time.sleep(1000)
"""


def service(folder: Path, name: str, code: str, mark: str) -> Service:
    """A Python process that is ready when it has left a file."""
    argv = (sys.executable, "-S", "-c", code)
    return Service(name, argv, dict(os.environ), cwd=folder, ready=(folder / mark).exists)


async def main(folder: Path, names: list[str]) -> None:
    """Run until a signal comes."""
    (folder / "run").mkdir(exist_ok=True)
    services = {
        "steady": service(folder, "steady", STEADY, "steady-child"),
        "stubborn": service(folder, "stubborn", STUBBORN, "stubborn-is-up"),
        "short": service(folder, "short", "import time; print('short was here', flush=True); time.sleep(0.3)", "."),
    }
    supervisor = Supervisor(logs=folder, notes=folder / "run", output=Output(sys.stdout))
    supervisor.obey_signals()
    async with supervisor:
        await supervisor.up([services[name] for name in names])
        supervisor.output.say("everything is up")
        await asyncio.Event().wait()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has it ignored
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
