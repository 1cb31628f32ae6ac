"""No log of any process holds what people wrote: not where a row is refused, a statement times out or is cut off."""

import threading

import psycopg
import pytest
from psycopg import errors

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]

CANARY = "canary-7b1f"
NOTE = f"One line of {CANARY}\nand DETAIL: {CANARY}\nin three"


@pytest.fixture
def connection(everything):
    with psycopg.connect(everything.site.product_env["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def canaries_in(stack):
    """Return the logs with a private text, and how many were read."""
    logs = [path for path in stack.var.rglob("*.log*") if path.is_file()]
    return [path.name for path in logs if CANARY in path.read_text(errors="replace")], len(logs)


def refuse_a_row(connection):
    with pytest.raises(errors.NotNullViolation):
        connection.execute("INSERT INTO goals_goal (title, why) VALUES (%s, %s)", [NOTE, NOTE])


def refuse_a_double(connection):
    connection.execute("CREATE TEMP TABLE note (words text UNIQUE)")
    with pytest.raises(errors.UniqueViolation):
        connection.execute("INSERT INTO note VALUES (%s), (%s)", [NOTE, NOTE])


def refuse_a_value(connection):
    with pytest.raises(errors.DataError):
        connection.execute("SELECT 1 / length(%s::text) - length(%s::text) / 0", [NOTE, NOTE])


def time_out(connection):
    connection.execute("SET statement_timeout = '50ms'")
    with pytest.raises(errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(5), %s::text", [NOTE])


def end_the_connection(connection):
    pid = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        ending = threading.Timer(0.3, lambda: other.execute("SELECT pg_terminate_backend(%s)", [pid]))
        ending.start()
        with pytest.raises((errors.AdminShutdown, psycopg.OperationalError)):
            connection.execute("SELECT pg_sleep(5), %s::text", [NOTE])
        ending.join()


@pytest.mark.parametrize("happen", [refuse_a_row, refuse_a_double, refuse_a_value, time_out, end_the_connection])
def test_the_server_logs_no_text_of_a_statement(everything, connection, happen):
    before, pid = len(everything.log("postgres")), connection.info.backend_pid
    happen(connection)
    own = [line for line in everything.log("postgres")[before:].splitlines() if f"[{pid}]" in line]
    assert any("ERROR:" in line or "FATAL:" in line for line in own), "nothing is logged: nothing is shown"
    found, read = canaries_in(everything)
    assert read
    assert found == []


def test_logs_are_for_their_owner_only(everything):
    assert everything.site.logs.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in everything.site.logs.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}
