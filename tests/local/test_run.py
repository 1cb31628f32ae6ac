"""`make run` refuses in one clear sentence, and its servers survive what happens to them."""

import fcntl
import json
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from careerplan.local import data_dir
from careerplan.local.postgres import Postgres
from careerplan.local.processes import ROOT, Account, StartupError, run_as, wait_until
from careerplan.local.run import STEP_WORDS, arguments
from careerplan.local.servers import LocalSite, free_port, hold_ipv6
from careerplan.local.stack import Stack
from tests.plugins.template import template


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter, as pytest's may not: else its data lies outside of it, on the disk."""
    made = Path(tempfile.mkdtemp(prefix="careerplan-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    """A site for the tests that do no harm to it."""
    with Stack(template=template()) as stack:
        stack.start("web", "beat")
        yield stack


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command of `make run`."""
    argv = [sys.executable, "-m", "careerplan.local.run", "--no-open", *arguments]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = run("--port", str(port), "--var", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"careerplan: Port {port} is in use. Try: make run PORT=")
    assert ended.stderr.count("\n") == 1


def test_port_at_ipv6_is_held_against_others_and_answers_nothing() -> None:
    """Browsers try it first for localhost."""
    port = free_port()
    with hold_ipv6(port), socket.socket(socket.AF_INET6) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("::1", port))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("::1", port), timeout=5)
        with pytest.raises(StartupError, match=str(port)):
            hold_ipv6(port)
    with hold_ipv6(port):
        pass


def ask_for_a_link(origin: str, email: str) -> int:
    """Fill in and send the form for a new password as a browser does; gives the status."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{origin}/account/password/reset/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    data = urlencode({"email": email, "csrfmiddlewaretoken": token}).encode()
    sent = urllib.request.Request(f"{origin}/account/password/reset/", data, {"Origin": origin})
    return opener.open(sent, timeout=20).status


def test_site_works_at_its_name_and_at_its_number(running: Stack) -> None:
    assert running.base_url == f"http://localhost:{running.port}"
    for host in ("localhost", "127.0.0.1"):
        assert ask_for_a_link(f"http://{host}:{running.port}", f"ruth@{host}.example.org") == 200
    texts = [message.text for message in running.messages() if message.to.startswith("ruth@")]
    assert len(texts) == 2
    for text in texts:
        assert set(re.findall(r"https?://[^/]+", text)) == {running.base_url}


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "²"])
def test_invalid_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        arguments([f"--port={port}"])
    assert "is not a port; choose a number from 1024 to 65535" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run("--var", str(tmp_path / "file" / "var"))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"careerplan: Careerplan keeps its data in {tmp_path}/file/var and cannot write")
    assert ended.stderr.count("\n") == 1


def test_a_second_start_says_where_the_first_one_is(tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text(json.dumps({"env": {"BASE_URL": "http://127.0.0.1:8042"}}))
    with (tmp_path / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ended = run("--var", str(tmp_path))
        (tmp_path / "running.json").unlink()
        early = run("--var", str(tmp_path))
    assert ended.returncode == early.returncode == 1
    assert ended.stderr.startswith("careerplan: Careerplan is already running at http://127.0.0.1:8042/")
    assert early.stderr.startswith("careerplan: Careerplan is already starting or stopping")


def test_database_recovers_after_sigkill(folder: Path) -> None:
    """A deep folder besides, so that its socket has to lie elsewhere."""
    var = folder / ("deep" * 20) / "var"
    with Stack(var, durable=True, keep=True, template=template()) as stack:
        sql(stack, "CREATE TABLE kept AS SELECT 42 AS answer")
        stack.kill("postgres")
        sockets = stack.site.postgres.sockets
        assert (sockets / ".s.PGSQL.5432.lock").exists()
        assert (stack.site.postgres.data / "postmaster.pid").exists()
        stack.start("postgres")
        assert sql(stack, "SELECT answer FROM kept") == "42"
        data = stack.site.postgres.data
    assert data.exists()
    with Stack(var) as stack:
        assert sql(stack, "SELECT answer FROM kept") == "42"
        stack.kill("valkey")
        assert not stack.site.valkey.ask("PING")
        stack.start("valkey")
        processes = [stack.pid(name) for name in ("postgres", "valkey", "mail")]
    assert not data.exists()
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def sql(stack: Stack, statement: str) -> str:
    """The single value of a statement, by PostgreSQL's own client."""
    psql = [str(stack.site.postgres.bin / "psql"), "-h", str(stack.site.postgres.sockets), "-U", "careerplan"]
    ended = subprocess.run([*psql, "-qAtc", statement], capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def others_can_open(path: Path) -> bool:
    """Whether anyone but the owner may read or write a file, or list a folder."""
    return not path.is_symlink() and bool(path.stat().st_mode & 0o066)


def test_what_is_kept_is_for_its_owner_alone(running: Stack) -> None:
    var = running.var
    with smtplib.SMTP("127.0.0.1", running.site.smtp_port, timeout=10) as client:
        client.login("careerplan", (var / "mail-password").read_text().strip())
        client.sendmail("plan@example.org", ["ada@example.org"], "Subject: one\r\n\r\nbody\r\n")
    parts = [path for path in var.iterdir() if path.name != "postgres"]  # whose files come and go: the next tests
    kept = [var, var / "postgres", *parts, *(path for part in parts for path in part.rglob("*"))]
    assert {"mail", "web.log", "beat.log", "secret-key", "lock"} <= {path.name for path in kept}
    assert list(running.mail_dir.glob("*.eml"))
    assert [path for path in kept if others_can_open(path)] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
@pytest.mark.parametrize("role", ["careerplan", "careerplan_app", "postgres"])
def test_database_takes_nobody_else(running: Stack, role: str) -> None:
    """Not even other processes of the user that it runs as, who may open its folder."""
    postgres = running.site.postgres
    command = [str(postgres.bin / "psql"), "-h", str(postgres.sockets), "-U", role, "-c", "SELECT 1", "careerplan"]
    assert run_as(None, command).returncode == 0
    stranger = run_as(postgres.account, command, cwd="/")
    assert stranger.returncode != 0
    assert "Peer authentication failed" in stranger.stderr


def assert_it_is_nobody_elses(postgres: Postgres) -> None:
    """What belongs to a user of its own and to nobody else: not to `nobody` either, as whom other services run."""
    files = [postgres.home, *postgres.home.rglob("*")]
    assert postgres.data in files
    assert {path.stat().st_uid for path in files} == {postgres.account.uid}
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    with pytest.raises(KeyError):
        pwd.getpwuid(postgres.account.uid)
    looked = run_as(data_dir.account_with_a_name(), ["/bin/ls", str(postgres.home)], cwd="/")
    assert looked.returncode != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_files_of_a_copied_database_are_nobody_elses(folder: Path) -> None:
    assert_it_is_nobody_elses(Postgres(folder, durable=False, template=template() / "data"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_data_of_nobody_is_handed_over(folder: Path) -> None:
    home = Postgres(folder, durable=False, template=template() / "data").home
    data_dir.hand_over(home, data_dir.account_with_a_name())
    with Stack(folder, template=template()) as stack:
        assert sql(stack, "SELECT 42") == "42"
        assert stack.site.postgres.data.stat().st_uid == stack.site.postgres.account.uid in data_dir.OWN_NUMBERS


def test_an_interrupted_setup_of_the_database_is_done_again(tmp_path: Path) -> None:
    """The first start of all; below pytest's folder, so that root's data lies outside of it."""
    account = data_dir.account_for(tmp_path / "postgres")
    home = data_dir.ensure(tmp_path, "postgres", account)
    (home / "data.new").mkdir()
    (home / "data.new" / "half").touch()
    site = LocalSite(tmp_path, 8010, durable=False)
    try:
        assert (site.postgres.data / "PG_VERSION").read_text().strip() == "18"
        assert not (home / "data.new").exists()
        assert site.is_first_start
        assert {step.name for step in site.steps()} <= set(STEP_WORDS)
        if os.geteuid() == 0:
            assert_it_is_nobody_elses(site.postgres)
    finally:
        site.postgres.close(discard=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_a_moved_folder_keeps_its_data_and_a_copied_one_gets_its_own(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = Account(65534, 65534)
    (closed / "one").mkdir()
    home = data_dir.ensure(closed / "one", "postgres", account)
    try:
        assert home.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_mode & 0o777 == 0o700
        (closed / "one").rename(closed / "moved")
        assert data_dir.ensure(closed / "moved", "postgres", account) == home
        (closed / "copy").mkdir()
        (closed / "copy" / "postgres").symlink_to(home)
        assert data_dir.ensure(closed / "copy", "postgres", account) != home
        assert data_dir.ensure(closed / "moved", "postgres", account) == home
    finally:
        for name in ("moved", "copy"):
            data_dir.remove(closed / name, "postgres")


def test_sigterm_while_it_starts_leaves_nothing_behind(folder: Path) -> None:
    argv = [sys.executable, "-m", "careerplan.local.run", "--no-open", "--var", str(folder)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*argv, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    notes = folder / "run"
    assert wait_until(lambda: len(list(notes.glob("*.pid"))) == 3, 20)
    pids = [int(path.read_text().split()[0]) for path in notes.glob("*.pid")]
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20)[0].endswith("Stopped.\n")
    assert process.returncode == 0
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    data_dir.remove(folder, "postgres")
