"""Find a Python, create .venv, install the lock file and run a command in it: `bootstrap.py run|demo|test|... ...`.

The Makefile calls this file with any Python on the machine. It must say in one clear sentence that a Python is too old,
so it must parse and run on any Python 3: syntax of Python 3.4, standard library only.
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
import time

MINIMUM = (3, 11)
OTHERS = ("python3.13", "python3.12", "python3.11", "python3.14")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
# The installed lock files, each with the hash of its content. In the environment, so that they are deleted together.
STAMP = os.path.join(VENV, "careerplan-installed")
# Exists during an installation. If it exists at a start, the last installation was cut short and is not trusted.
UNFINISHED = os.path.join(VENV, "careerplan-installing")
LOG = os.path.join(ROOT, "var", "log", "install.log")

INSTALLING = "Installing what Careerplan needs (once, about a minute) ..."
STILL_EVERY_SECONDS = 10
WAITING = "Another `make run` is installing. Waiting for it ..."

# What to run, and with which lock.
COMMANDS = {
    "run": ("local", ["-m", "careerplan.local.run"]),
    "demo": ("local", ["-m", "careerplan.local.run", "--demo"]),
    "with-servers": ("local", ["-m", "careerplan.local.with_servers"]),
    "test": ("dev", ["-m", "pytest"]),
    "python": ("dev", []),
}

# Output of pip and what it means for the user; the first match is shown.
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
    """Careerplan cannot start; one sentence for the user."""


def version_of(python):
    """Return the version of a Python as (3, 11); None if it does not run (a pyenv shim may exist and fail)."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        process = subprocess.Popen([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output = process.communicate()[0].decode("ascii", "replace").split()
        return (int(output[0]), int(output[1])) if process.returncode == 0 else None
    except (OSError, ValueError, IndexError):
        return None


def insist_on_new_python(arguments):
    """Return if this Python is new enough, else continue in one that is. Raises BootstrapError if there is none."""
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
    """Return the hash of a file's content."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def lock_file(extra):
    """Return the lock file for "local" or "dev"."""
    return os.path.join(ROOT, "requirements-{0}.lock".format(extra))


def wanted(extra):
    """Return the stamp's lines for a lock file; the developers' installation includes the others."""
    names = ["local", "dev"] if extra == "dev" else ["local"]
    return {"{0} {1}".format(name, sha256(lock_file(name))) for name in names}


def installed():
    """Return the lines of the stamp; empty without a finished environment."""
    if os.path.exists(UNFINISHED) or not os.path.exists(PYTHON):
        return set()
    try:
        with io.open(STAMP, encoding="ascii") as file:
            return set(file.read().splitlines())
    except (IOError, OSError):
        return set()


def run_quietly(command, environment, report=None):
    """Run a command with its output in the log; return (exit code, output). It ends with this process.

    `report` is called every few seconds with the output so far.
    """
    with open(LOG, "ab") as log:
        start = log.tell()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)
        try:
            code = wait_for(process, start, report)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    return code, output_since(start)


def output_since(start):
    """Return what was written to the log from a place on."""
    with io.open(LOG, encoding="utf-8", errors="replace") as log:
        log.seek(start)
        return log.read()


def wait_for(process, start, report):
    """Wait for the end of a process and return its exit code; report every few seconds."""
    while report is not None:
        try:
            return process.wait(timeout=STILL_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            report(output_since(start))
    return process.wait()


def report_packages(extra):
    """Return a function that says how many of the packages of a lock file pip has found so far."""
    with io.open(lock_file(extra), encoding="utf-8") as lock:
        total = len(re.findall(r"(?m)^[A-Za-z0-9][^ ]*==", lock.read()))
    started = time.time()

    def report(output):
        found = len(set(re.findall(r"(?m)^Collecting (\S+)", output)))
        doing = "unpacking them" if "Installing collected packages" in output else "downloading"
        words = "  {0} of {1} packages found, {2}, {3:.0f} s so far"
        print(words.format(min(found, total), total, doing, time.time() - started))
        sys.stdout.flush()

    return report


def clean_environment():
    """Return the environment without variables that would affect another Python: its own paths, `pip install
    --user`.
    """
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX"):
        environment.pop(name, None)
    return environment


def make_venv():
    """Create a new, empty virtual environment. Raises BootstrapError if this Python cannot."""
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
    # The base interpreter: this process may run in the environment that is being replaced.
    base = getattr(sys, "_base_executable", None) or sys.executable
    code, output = run_quietly([base, "-m", "venv", VENV], clean_environment())
    if code != 0:
        raise BootstrapError("The virtual environment could not be made: " + last_line(output))


def last_line(output):
    """Return the last line of output that is not blank."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return (lines[-1] if lines else "no reason was given") + " (more in var/log/install.log)"


def explain(output):
    """Return the meaning of pip's output, as one sentence."""
    for pattern, sentence in REASONS:
        found = re.search(pattern, output)
        if found:
            machine = "{0} {1}".format(os.uname()[0], os.uname()[4])
            platform = "{0}, Python {1}.{2}".format(machine, *sys.version_info)
            return sentence.format(platform=platform, **found.groupdict())
    return "Installing failed: " + last_line(output)


def install(extra):
    """Update .venv to the lock file; do nothing if it is up to date."""
    if wanted(extra) <= installed():
        return
    print(INSTALLING)
    sys.stdout.flush()
    open(LOG, "wb").close()
    if os.path.exists(UNFINISHED) or (version_of(PYTHON) or (0, 0)) < MINIMUM:
        make_venv()
    open(UNFINISHED, "wb").close()
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    pip += ["--retries=2", "--only-binary=:all:", "--require-hashes", "-r", lock_file(extra)]
    code, output = run_quietly(pip, clean_environment(), report_packages(extra))
    if code > 0:  # pip failed cleanly, so what is installed is complete
        os.remove(UNFINISHED)
    if code != 0:
        raise BootstrapError(explain(output))
    with io.open(STAMP, "w", encoding="ascii") as file:
        file.write("\n".join(sorted(wanted(extra))))
    os.remove(UNFINISHED)


def install_alone(extra):
    """Install under a lock; a second start waits, then finds everything installed."""
    import fcntl

    with open(os.path.join(ROOT, "var", "install.lock"), "ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            print(WAITING)
            sys.stdout.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        install(extra)


def make_folders():
    """Create the folder for logs. Raises BootstrapError if the project's folder is read-only."""
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
    """Handle SIGTERM and SIGHUP like Ctrl-C: end the child first."""
    raise KeyboardInterrupt


def main(arguments):
    """Run the command in the first argument with the other arguments. Returns only on failure."""
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
