"""Find a Python, make .venv, install what the lock names, and go on inside: `bootstrap.py run|demo|test|... ...`.

The Makefile calls this file with whatever Python the machine has. Its first job is to say in one clear sentence that
that Python is too old, so it must parse and run on any Python 3: syntax of Python 3.4, the standard library alone.
"""

# Syntax that old Pythons do not have, and imports that some of them cannot do:
# ruff: noqa: B904, PLC0415, RUF005, S606

from __future__ import print_function

import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys

MINIMUM = (3, 11)
OTHERS = ("python3.13", "python3.12", "python3.11", "python3.14")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
# Which locks are installed, each with the hash of its content. In the environment, so that it goes when that goes.
STAMP = os.path.join(VENV, "careerplan-installed")
# There while an installation is under way. Found at a start, the last one was cut short and nothing in it is trusted.
UNFINISHED = os.path.join(VENV, "careerplan-installing")
LOG = os.path.join(ROOT, "var", "log", "install.log")

# What to run, and with which lock.
COMMANDS = {
    "run": ("local", ["-m", "careerplan.local.run"]),
    "demo": ("local", ["-m", "careerplan.local.run", "--demo"]),
    "with-servers": ("local", ["-m", "careerplan.local.with_servers"]),
    "test": ("dev", ["-m", "pytest"]),
    "python": ("dev", []),
}

# What pip wrote, and what that means to the person at the keyboard; the first that fits is said.
REASONS = (
    (
        r"No space left on device",
        "There is no space left on this disk for what Careerplan needs (about half a gigabyte).",
    ),
    (
        r"NewConnectionError|NameResolutionError|Max retries exceeded|ConnectTimeoutError|ReadTimeoutError|Proxy"
        r"Error|ConnectionResetError|Network is unreachable|Retrying \(Retry",
        "The package index cannot be reached: Careerplan needs the network once, to install what it is made of. "
        "Connect and start again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one the lock names, so nothing of it was installed. Start again; if it "
        "stays so, something between this machine and the package index changes files.",
    ),
    (
        r"No matching distribution found for (?P<package>[^\s;]+)",
        "There is no ready-made package of {package} for this machine ({platform}), and Careerplan compiles nothing. "
        "Use 64-bit Linux with glibc 2.28 or newer, or macOS, with Python 3.11 to 3.13.",
    ),
)


class BootstrapError(Exception):
    """Why it cannot start: one sentence for the person at the keyboard."""


def version_of(python):
    """The version of a Python as (3, 11), or None where it does not run (a pyenv shim may exist and fail)."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        process = subprocess.Popen([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output = process.communicate()[0].decode("ascii", "replace").split()
        return (int(output[0]), int(output[1])) if process.returncode == 0 else None
    except (OSError, ValueError, IndexError):
        return None


def insist_on_new_python(arguments):
    """Return when this Python is new enough, else go on in one that is. Raises BootstrapError where there is none."""
    if os.name != "posix":
        raise BootstrapError("Careerplan's local servers run on Linux and macOS. On Windows, start it inside WSL.")
    if sys.version_info[:2] >= MINIMUM:
        return
    for name in (PYTHON,) + OTHERS:
        found = version_of(name)
        if found is not None and found >= MINIMUM:
            os.execvp(name, [name, os.path.abspath(__file__)] + arguments)
    raise BootstrapError(
        "Careerplan needs Python 3.11 or newer, this is {0}.{1}, and no newer one was found. Install one and, if it "
        "is not on the PATH, name it: make run PYTHON=/path/to/python3.12".format(*sys.version_info)
    )


def sha256(path):
    """The hash of a file's content."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def lock_file(extra):
    """Where the lock for "local" or "dev" lies."""
    return os.path.join(ROOT, "requirements-{0}.lock".format(extra))


def wanted(extra):
    """The stamp's lines for a lock; what is installed for the developers serves the others too."""
    names = ["local", "dev"] if extra == "dev" else ["local"]
    return {"{0} {1}".format(name, sha256(lock_file(name))) for name in names}


def installed():
    """The stamp's lines as they stand; none where there is no finished environment."""
    if os.path.exists(UNFINISHED) or not os.path.exists(PYTHON):
        return set()
    try:
        with io.open(STAMP, encoding="ascii") as file:
            return set(file.read().splitlines())
    except (IOError, OSError):
        return set()


def run_quietly(command, environment):
    """Run a command with its output in the log, and return (exit code, output). It does not outlive this process."""
    with open(LOG, "ab") as log:
        start = log.tell()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)
        try:
            code = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    with io.open(LOG, encoding="utf-8", errors="replace") as log:
        log.seek(start)
        return code, log.read()


def clean_environment():
    """The environment without what would bend another Python: its own paths, `pip install --user`."""
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX"):
        environment.pop(name, None)
    return environment


def make_venv():
    """A new, empty virtual environment. Raises BootstrapError where Python came without the means."""
    try:
        import ensurepip
        import venv

        del ensurepip, venv
    except ImportError:
        raise BootstrapError(
            "This Python came without its venv module. Install it (Debian and Ubuntu: apt install "
            "python{0}.{1}-venv) and start again.".format(*sys.version_info)
        )
    if os.path.lexists(VENV):
        shutil.rmtree(VENV)
    # Of the base: this process may run from the very environment that is made anew.
    base = getattr(sys, "_base_executable", None) or sys.executable
    code, output = run_quietly([base, "-m", "venv", VENV], clean_environment())
    if code != 0:
        raise BootstrapError("The virtual environment could not be made: " + last_line(output))


def last_line(output):
    """The last line of a command's output that says something."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return (lines[-1] if lines else "no reason was given") + " (more in var/log/install.log)"


def explain(output):
    """What pip's output means, as one sentence."""
    for pattern, sentence in REASONS:
        found = re.search(pattern, output)
        if found:
            machine = "{0} {1}".format(os.uname()[0], os.uname()[4])
            platform = "{0}, Python {1}.{2}".format(machine, *sys.version_info)
            return sentence.format(platform=platform, **found.groupdict())
    return "Installing failed: " + last_line(output)


def install(extra):
    """Bring .venv to what the lock says; nothing is done where it is there already."""
    if wanted(extra) <= installed():
        return
    print("Installing what Careerplan needs (once, about a minute) ...")
    sys.stdout.flush()
    open(LOG, "wb").close()
    if os.path.exists(UNFINISHED) or (version_of(PYTHON) or (0, 0)) < MINIMUM:
        make_venv()
    open(UNFINISHED, "wb").close()
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    pip += ["--retries=2", "--only-binary=:all:", "--require-hashes", "-r", lock_file(extra)]
    code, output = run_quietly(pip, clean_environment())
    if code > 0:  # pip has given up in good order, what is there is whole
        os.remove(UNFINISHED)
    if code != 0:
        raise BootstrapError(explain(output))
    with io.open(STAMP, "w", encoding="ascii") as file:
        file.write("\n".join(sorted(wanted(extra))))
    os.remove(UNFINISHED)


def install_alone(extra):
    """Install while no other start does; a second one waits, and then finds everything done."""
    import fcntl

    with open(os.path.join(ROOT, "var", "install.lock"), "ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            print("Another `make run` is installing. Waiting for it ...")
            sys.stdout.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        install(extra)


def make_folders():
    """The folder for logs. Raises BootstrapError where the project's folder is read-only."""
    try:
        if not os.path.isdir(os.path.dirname(LOG)):
            os.makedirs(os.path.dirname(LOG))
        open(LOG, "ab").close()
    except (IOError, OSError) as error:
        raise BootstrapError(
            "Careerplan keeps its data and its packages in its own folder and cannot write to {0} ({1}). Copy the "
            "folder to where you may write, and start it there.".format(ROOT, error.strerror)
        )


def stopped(number, frame):
    """SIGTERM and SIGHUP end an installation like Ctrl-C does: the child is ended first."""
    raise KeyboardInterrupt


def main(arguments):
    """Do what the first argument says, with the rest handed on. Returns only where that is not possible."""
    if not arguments or arguments[0] not in COMMANDS:
        raise BootstrapError("Use: bootstrap.py {0} [arguments]".format("|".join(sorted(COMMANDS))))
    insist_on_new_python(arguments)
    extra, command = COMMANDS[arguments[0]]
    make_folders()
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGHUP)]
    for number, handler in before:
        if handler != signal.SIG_IGN:  # nohup
            signal.signal(number, stopped)
    try:
        install_alone(extra)
    except (IOError, OSError) as error:
        raise BootstrapError("Careerplan cannot install what it needs: {0}.".format(error))
    for number, handler in before:
        signal.signal(number, handler)
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON] + command + arguments[1:], clean_environment())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BootstrapError as error:
        sys.exit("careerplan: {0}".format(error))
    except KeyboardInterrupt:
        sys.exit("careerplan: stopped; the next start goes on from here.")
