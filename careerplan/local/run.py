"""`make run`: run everything on this machine until Ctrl-C. `python -m careerplan.local.run --help`."""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import IO

from careerplan.local.processes import ROOT, StartupError, Step
from careerplan.local.servers import LocalSite, hold_ipv6, lock, port_is_used
from careerplan.local.stages import Stages
from careerplan.local.supervisor import Output, Supervisor
from careerplan.local.valkey import write_private


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="make run", description="Run Careerplan on this machine until Ctrl-C.")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")
    parser.add_argument("--demo", action="store_true", help="load the example plan first")
    parser.add_argument(
        "--var", type=Path, default=ROOT / "var", help="folder for the database and all other files (var)"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    return parser.parse_args(given)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; choose a number from 1024 to 65535")
    return int(text)


def check_port(port: int) -> None:
    """Raise StartupError if the port cannot be used."""
    if port < 1024 and os.geteuid() != 0:
        raise StartupError(f"Port {port} needs root. Try: make run PORT=8000")
    if port_is_used(port):
        raise StartupError(f"Port {port} is in use. Try: make run PORT={port + 10 if port < 65526 else 8010}")


async def live(site: LocalSite, *, demo: bool, open_browser: bool, output: Output) -> None:
    """Start everything in order and run until this task is cancelled."""
    supervisor = Supervisor(logs=site.logs, notes=site.run, output=output)
    supervisor.obey_signals()
    try:
        async with supervisor:
            await start_all(site, supervisor, demo=demo, output=output)
            write_private(site.var / "running.json", json.dumps({"pid": os.getpid(), "env": site.env}))
            output.framed(welcome(site))
            if open_browser and _has_screen():
                webbrowser.open(site.base_url)
            await asyncio.Event().wait()
    finally:
        (site.var / "running.json").unlink(missing_ok=True)
        site.postgres.close()


# What the steps of a start do, by their names.
STEP_WORDS = {
    "make_app_role": "Preparing the database",
    "migrate": "Creating the tables",
    "grant_rights": "Setting who may read and write them",
    "load_catalogue": "Loading skills and occupations",
    "collectstatic": "Collecting style sheets and pictures",
    "load_demo": "Loading the example plan",
}


async def start_all(site: LocalSite, supervisor: Supervisor, *, demo: bool, output: Output) -> None:
    """Start the services, run the steps between them, and say what is being done."""
    steps = [*site.steps(), *([site.manage("load_demo", show=True)] if demo else [])]
    stages = Stages(output, len(steps) + 2)
    first = " for the first time, which takes a minute or more" if site.is_first_start else ""
    output.say(f"Starting Careerplan{first}.")
    async with stages.stage("Starting the database, the broker and the mail catcher"):
        await supervisor.up(site.base_services())
    for step in steps:
        async with stages.stage(STEP_WORDS[step.name]):
            await supervisor.step(step)
    site.steps_are_done()
    async with stages.stage("Starting the pages, the worker and the scheduler"):
        await supervisor.up(site.product_services())


def welcome(site: LocalSite) -> list[str]:
    """Print what a newcomer must know."""
    return [
        f"Careerplan is running: {site.base_url}/",
        "",
        f"Emails it sends:      {site.mail_url}",
        f"                       (files in {_short(site.mail)})",
        f"Data and logs:         {_short(site.var)}",
        "Stop it:               Ctrl-C",
    ]


def _short(path: Path) -> str:
    return f"{path.relative_to(ROOT)}/" if path.is_relative_to(ROOT) else f"{path}/"


def _has_screen() -> bool:
    """Return whether a browser would open in a window."""
    graphical = sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return graphical and sys.stdout.isatty() and os.geteuid() != 0


def running_environment(var: Path) -> dict[str, str] | None:
    """Return the environment of the running Careerplan that holds this folder; None until it is up."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        return dict(json.loads((var / "running.json").read_text())["env"])
    return None


def join_running(var: Path, *, demo: bool) -> int:
    """Use the Careerplan that is already running: load the demo there if requested, else print its address."""
    env = running_environment(var)
    if env is None:
        raise StartupError(f"Careerplan is already starting or stopping with the data in {var}. Try again in a moment.")
    if not demo:
        raise StartupError(f"Careerplan is already running at {env['BASE_URL']}/. Stop it with Ctrl-C in its terminal.")
    step = Step("load_demo", (sys.executable, str(ROOT / "manage.py"), "load_demo"), env)
    ended = subprocess.run(step.argv, env=step.env, cwd=step.cwd, check=False)
    if ended.returncode == 0:
        print(f"Loaded into the running Careerplan: {env['BASE_URL']}/")
    return ended.returncode


def start(options: argparse.Namespace, held: IO[str]) -> int:
    """Run with the folder locked; return the exit code."""
    check_port(options.port)
    site = LocalSite(options.var, options.port)
    output = Output(sys.stdout)
    with held, hold_ipv6(options.port), contextlib.suppress(asyncio.CancelledError):
        asyncio.run(live(site, demo=options.demo, open_browser=not options.no_open, output=output))
    output.say("Stopped.")
    return 0


def main(given: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = arguments(given)
    try:
        try:
            held = lock(options.var)
        except BlockingIOError:
            return join_running(options.var, demo=options.demo)
        return start(options, held)
    except StartupError as error:
        print(f"careerplan: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the supervisor listens
        return 0


if __name__ == "__main__":
    sys.exit(main())
