"""bootstrap.py: any Python may call it; what is missing is said in one sentence; what was cut short heals."""

import ast
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careerplan.local.bootstrap import INSTALLING, WAITING
from careerplan.local.processes import ROOT, group_exists, kill_group, wait_until

pytestmark = pytest.mark.xdist_group("bootstrap")  # one project is installed for all
SOURCE = ROOT / "careerplan" / "local" / "bootstrap.py"
OLD = sorted(str(path) for path in Path("~/.pyenv/versions").expanduser().glob("[23].[0-9].*/bin/python"))
# This Python, made to believe that it is an old one.
PRETEND = (
    "import runpy, sys; sys.version_info = (3, 8, 18, 'final', 0); sys.argv[:] = sys.argv[1:];"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


class Project:
    """A small copy of the project: bootstrap.py, two locks that name one package, and a command that says hello."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.script = root / "careerplan" / "local" / "bootstrap.py"
        self.script.parent.mkdir(parents=True)
        shutil.copy(SOURCE, self.script)
        (root / "careerplan" / "__init__.py").touch()
        (root / "careerplan" / "local" / "__init__.py").touch()
        (root / "careerplan" / "local" / "run.py").write_text(
            "import sys, hello\nprint(hello.WORD, *sys.argv[1:], sys.prefix)\n"
        )
        self.wheels = root / "wheels"
        self.wheels.mkdir()
        self.lock("hello==1.0", self._wheel())

    def lock(self, requirement: str, digest: str) -> None:
        """Write both locks."""
        for extra in ("local", "dev"):
            (self.root / f"requirements-{extra}.lock").write_text(f"{requirement} --hash=sha256:{digest}\n")

    def start(self, *, python: list[str] | None = None, **env: str) -> subprocess.Popen[str]:
        """`make run` as it is, with the packages from a folder."""
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.Popen(
            [*(python or [sys.executable]), str(self.script), "run", "--port", "8010"],
            env={"PATH": os.environ["PATH"], **pip, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *, python: list[str] | None = None, **env: str) -> tuple[int, str]:
        """The same to its end: exit code and output."""
        process = self.start(python=python, **env)
        output = process.communicate(timeout=60)[0]
        return process.returncode, output

    def _wheel(self) -> str:
        path = self.wheels / "hello-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("hello.py", "WORD = 'hello'\n")
            wheel.writestr("hello-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
            wheel.writestr(
                "hello-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr("hello-1.0.dist-info/RECORD", "")
        return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that is installed, after an installation that was killed; the tests that use it leave it so."""
    project = Project(tmp_path_factory.mktemp("project"))
    half = project.root / ".venv"
    (half / "bin").mkdir(parents=True)
    (half / "bin" / "python").symlink_to(sys.executable)
    for name in ("careerplan-installing", "half-written"):
        (half / name).touch()
    code, output = project.run()
    assert (code, output.splitlines()[1]) == (0, f"hello --port 8010 {project.root}/.venv")
    assert sorted(path.name for path in half.glob("*-*")) == ["careerplan-installed"]
    return project


@pytest.fixture
def deaf_index() -> Iterator[str]:
    """The address of a package index that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple"


def test_bootstrap_parses_on_any_python_3() -> None:
    ast.parse(SOURCE.read_text(), feature_version=(3, 4))


@pytest.mark.parametrize("python", [*([path] for path in OLD), [sys.executable, "-c", PRETEND]], ids=str)
def test_a_python_that_is_too_old_is_one_sentence(python: list[str], tmp_path: Path) -> None:
    code, output = Project(tmp_path / "project").run(python=python, PATH=str(tmp_path))
    assert code == 1
    assert output.startswith("careerplan: Careerplan needs Python 3.11 or newer, this is ")
    assert output.count("\n") == 1


def test_old_python_starts_a_newer_one_that_works(tmp_path: Path) -> None:
    shim, good = tmp_path / "python3.13", tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    good.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for path in (shim, good):
        path.chmod(0o755)
    process = Project(tmp_path / "project").start(python=[sys.executable, "-c", PRETEND], PATH=str(tmp_path))
    assert process.stdout is not None
    assert process.stdout.readline() == INSTALLING + "\n"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_second_start_installs_nothing_and_passes_arguments(project: Project) -> None:
    code, output = project.run(PIP_FIND_LINKS="/nowhere")
    assert (code, output) == (0, f"hello --port 8010 {project.root}/.venv\n")


def test_a_changed_lock_is_installed(project: Project) -> None:
    lock = project.root / "requirements-local.lock"
    lock.write_text(lock.read_text() + "# changed\n")
    code, output = project.run()
    assert code == 0
    assert output.startswith(INSTALLING)


def test_a_start_waits_for_another_that_installs(project: Project) -> None:
    with (project.root / "var" / "install.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = project.start()
        assert process.stdout is not None
        assert process.stdout.readline() == WAITING + "\n"
    assert process.communicate(timeout=20)[0].startswith("hello ")


def test_a_package_without_a_wheel_is_one_sentence(project: Project) -> None:
    before = (project.root / "requirements-local.lock").read_text()
    project.lock("needs-a-compiler==1.0", "0" * 64)
    (project.wheels / "needs-a-compiler-1.0.tar.gz").touch()
    code, output = project.run()
    assert code == 1
    assert output.splitlines()[1].startswith(
        "careerplan: There is no ready-made package of needs-a-compiler==1.0 for this machine ("
    )
    assert len(output.splitlines()) == 2
    (project.root / "requirements-local.lock").write_text(before)


def test_no_network_is_one_sentence(project: Project) -> None:
    project.lock("hello==2.0", "0" * 64)
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}/simple"
        code, output = project.run(PIP_NO_INDEX="0", PIP_INDEX_URL=address)
    assert code == 1
    assert output.splitlines()[1].startswith("careerplan: The package index cannot be reached")
    assert len(output.splitlines()) == 2


@pytest.fixture
def installing(project: Project, tmp_path: Path, deaf_index: str) -> Iterator[tuple[Project, subprocess.Popen[str]]]:
    """A project whose lock has changed, while pip waits for an index that does not answer."""
    copy = Project(tmp_path / "project")
    shutil.copytree(project.root / ".venv", copy.root / ".venv", symlinks=True)
    (copy.root / ".venv" / "careerplan-installed").unlink()
    process = copy.start(PIP_NO_INDEX="0", PIP_INDEX_URL=deaf_index)
    assert wait_until((copy.root / ".venv" / "careerplan-installing").exists, 20)
    yield copy, process
    kill_group(process.pid)
    process.wait()


def test_killed_installation_is_repeated(installing: tuple[Project, subprocess.Popen[str]]) -> None:
    """It leaves a Python that works, and the mark by which the next start made everything anew for `project`."""
    project, process = installing
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    environment = project.root / ".venv"
    assert (environment / "careerplan-installing").exists()
    assert not (environment / "careerplan-installed").exists()
    assert subprocess.run([environment / "bin" / "python", "-c", ""], check=False).returncode == 0


def test_an_installation_that_is_stopped_leaves_no_pip(installing: tuple[Project, subprocess.Popen[str]]) -> None:
    project, process = installing
    process.terminate()
    assert process.communicate(timeout=10)[0].splitlines()[1].startswith("careerplan: stopped")
    assert wait_until(lambda: not group_exists(process.pid), 30)
    assert (project.root / ".venv" / "careerplan-installing").exists()


def test_a_read_only_folder_is_one_sentence(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.root.chmod(0o555)

    def without_roots_rights() -> None:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)

    preexec = without_roots_rights if os.geteuid() == 0 else None
    command = [sys.executable, str(project.script), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, preexec_fn=preexec, check=False)
    project.root.chmod(0o755)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "careerplan: Careerplan keeps its data and its packages in its own folder and cannot"
    )
    assert ended.stderr.count("\n") == 1
