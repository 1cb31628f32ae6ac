"""A real browser for the tests: Chromium, found on this machine or installed once.

Where there is none and none can be installed, browser tests fail in CI and are skipped elsewhere, loudly.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# The headless shell first: it does the same work with about a third less CPU.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # To compile a second time what runs for a moment only takes longer than it saves: axe, mostly.
    "--js-flags=--no-opt --no-maglev",
]
# Playwright's own browsers, by the system they are for.
CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
IN_CACHE = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/*/*headless*shell",
)
# Hands the path, or why there is none, from the first process to the workers of pytest-xdist.
PATH, REASON = "CHROMIUM", "CAREERPLAN_NO_CHROMIUM"
INSTALL_SECONDS = 900


def find() -> str | None:
    """The program of a Chromium on this machine."""
    named = os.environ.get(PATH)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _in_cache()


def _in_cache() -> str | None:
    folders = [Path(folder).expanduser() for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), *CACHES) if folder]
    found = sorted(str(path) for folder in folders for pattern in IN_CACHE for path in folder.glob(pattern))
    return found[-1] if found else None


def install() -> str:
    """Try to install Chromium; why that failed, or nothing."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium-headless-shell"]]
    else:
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        try:
            ended = subprocess.run(
                command, env=quiet, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"`{' '.join(command)}`: {error}"
        if ended.returncode != 0:
            lines = [line.strip() for line in (ended.stderr + ended.stdout).splitlines() if "rror" in line]
            return f"`{' '.join(command)}`: {lines[0] if lines else f'exit code {ended.returncode}'}"
    return ""


def is_wanted(config: pytest.Config) -> bool:
    """Whether this run may come to a browser test: it names no place at all, or one that may hold some."""
    places = [argument.partition("::")[0] for argument in config.args]
    return not config.option.collectonly and any(
        "browser" in place or "e2e" in place or Path(place).resolve() in (config.rootpath, config.rootpath / "tests")
        for place in places
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find or install it once, before xdist starts its workers; they inherit the result."""
    config.pluginmanager.register(Fixtures(), "careerplan-browser-fixtures")
    # pytest-playwright's own `base_url`; not ours to mend.
    config.addinivalue_line("filterwarnings", "ignore:Session-scoped fixtures defined as instance methods")
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ.pop(REASON, None)
    program = find()
    if program is None and PATH in os.environ:
        os.environ[REASON] = f"CHROMIUM names {os.environ[PATH]}, which is not there"
    elif program is None and is_wanted(config):
        sys.stderr.write("No Chromium here; installing one for the browser tests ...\n")
        failure = install()
        program = find()
        os.environ[REASON] = f"no Chromium is installed, and installing it failed: {failure}"
    if program:
        os.environ[PATH] = program


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    if os.environ.get(REASON) and find() is None:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", red=True)
        terminalreporter.line(os.environ[REASON])


class Fixtures:
    """Registered after all plugins, so that it comes before pytest-playwright's fixture of the same name."""

    @pytest.fixture(scope="session")
    @classmethod
    def browser_type_launch_args(cls) -> dict[str, Any]:
        """How Playwright starts the browser."""
        program = find()
        if program is None:
            reason = os.environ.get(REASON, "no Chromium was found (CHROMIUM=/path/to/it names one)")
            if os.environ.get("CI"):
                pytest.fail(f"BROWSER TEST CANNOT RUN: {reason}", pytrace=False)
            pytest.skip(f"BROWSER TEST SKIPPED: {reason}")
        return {"executable_path": program, "args": ARGUMENTS, "headless": True}
