"""PgBouncer between Careerplan and PostgreSQL: session mode works, the others are refused."""

import _socket
import os
import select
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

import careerplan.celery  # noqa: F401  (its signals)
from careerplan.core import pooling
from careerplan.core.checks import check_pooling
from careerplan.core.postgresql import base
from careerplan.operations.doctor import check_server, examine

pytestmark = pytest.mark.django_db
PORT, RELAY_PORT = "6432", "6433"  # these name sockets in a folder of their own
needs_pgbouncer = pytest.mark.skipif(not shutil.which("pgbouncer"), reason="PgBouncer is not installed")

INI = """
[databases]
* = host={folder} port={relay} user={user} pool_size=4
[pgbouncer]
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = {mode}
pidfile = {folder}/pid
"""


@pytest.fixture(autouse=True)
def silence(monkeypatch):
    monkeypatch.setattr(base, "silence", base.Silence())


@pytest.fixture
def socket_folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


class Relay(socketserver.BaseRequestHandler):
    """Passes bytes on to PostgreSQL, which takes only the user of the tests: PgBouncer does not run as root."""

    target = ""

    def handle(self) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as server:
            _socket.socket.connect(server, self.target)  # tests may connect to hosts of this machine only
            others = {self.request: server, server: self.request}
            while True:
                for ready in select.select(list(others), [], [])[0]:
                    if not (piece := ready.recv(65_536)):
                        return
                    others[ready].sendall(piece)


@contextmanager
def pgbouncer(folder: Path, mode: str) -> Iterator[None]:
    """Let new copies of the test connection go through PgBouncer."""
    database = connections["default"]
    usual = database.settings_dict
    relay = type("ToServer", (Relay,), {"target": f"{usual['OPTIONS']['host']}/.s.PGSQL.5432"})
    ini = INI.format(user=usual["USER"], port=PORT, relay=RELAY_PORT, folder=folder, mode=mode)
    (folder / "pgbouncer.ini").write_text(ini)
    folder.chmod(0o777)
    with socketserver.ThreadingUnixStreamServer(f"{folder}/.s.PGSQL.{RELAY_PORT}", relay) as server:
        server.daemon_threads = True
        Path(server.server_address).chmod(0o777)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        command = ["pgbouncer", *([] if os.geteuid() else ["-u", "nobody"]), str(folder / "pgbouncer.ini")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 5
            while not (folder / f".s.PGSQL.{PORT}").exists():
                assert time.monotonic() < end, "PgBouncer does not start"
                time.sleep(0.02)
            database.settings_dict = {**usual, "OPTIONS": {**usual["OPTIONS"], "host": str(folder)}, "PORT": PORT}
            yield
        finally:
            database.settings_dict = usual
            process.terminate()
            process.wait(timeout=5)
            server.shutdown()


def test_postgresql_itself_shares_no_connection():
    assert not pooling.connections_are_shared()
    assert check_pooling(databases=["default"]) == []
    pooling.refuse_shared_connections()


def test_a_pooler_that_shares_connections_is_refused(monkeypatch):
    monkeypatch.setattr(pooling, "_process", lambda database: 1)
    with pytest.raises(ImproperlyConfigured, match="pool_mode = session"):
        pooling.refuse_shared_connections()
    found = []
    examine((check_server,), found.append)
    assert any("pool_mode = session" in finding.mend for finding in found)


def test_a_worker_does_not_start_there(monkeypatch):
    """Celery would only log any other error of a handler."""
    monkeypatch.setattr(pooling, "_process", lambda database: 1)
    with pytest.raises(SystemExit, match="pool_mode = session"):
        worker_init.send(sender=None)


def test_a_database_that_is_away_is_not_called_a_pooler(monkeypatch, tmp_path):
    away = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"], "host": str(tmp_path)}}
    monkeypatch.setattr(connections["default"], "settings_dict", away)
    assert not pooling.connections_are_shared()


@needs_pgbouncer
def test_session_mode_works_with_all_that_a_connection_keeps(socket_folder):
    with pgbouncer(socket_folder, "session"):
        assert not pooling.connections_are_shared()
        with closing(database := connection.copy()), database.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),"
                " current_setting('TimeZone')"
            )
            assert cursor.fetchone() == (f"{database.statement_seconds}s", "30s", "UTC")


@needs_pgbouncer
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_other_modes_are_refused(socket_folder, mode):
    with pgbouncer(socket_folder, mode):
        assert pooling.connections_are_shared()
