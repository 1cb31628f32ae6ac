"""Keys and passwords change while several machines run: two processes side by side, one with the old, one with the new.

The steps are those of docs/operating/backups.md, with roles of their own beside the one with which the stack works.
"""

from pathlib import Path

import psycopg
import pytest

from careerplan.local.postgres import APP, HBA
from careerplan.local.stack import Stack
from tests.stack import rotation_calls
from tests.stack.conftest import start_missing
from tests.stack_process import StackProcess

pytestmark = pytest.mark.stack

OLD, NEW = "the-key-of-last-year-" * 2, "the-key-of-this-year-" * 2
ROLE, NEXT_ROLE = "rotated_app", "rotated_app2"
FIRST, SECOND, TEMPORARY = "first-password", "second-password", "temporary-password"
READABLE = {"session": True, "link": True, "secret": True}


@pytest.fixture(scope="module")
def roles(stack):
    """PostgreSQL has a role that may what the application's may, and asks it and the next one for their password."""
    start_missing(stack, "valkey")
    rules = Path(stack.site.postgres.home) / HBA
    before = rules.read_text()
    rules.write_text("".join(f"local all {role} scram-sha-256\n" for role in (ROLE, NEXT_ROLE)) + before)
    made = f"CREATE ROLE {ROLE} LOGIN PASSWORD '{FIRST}' IN ROLE {APP}"
    sql(stack, "SELECT pg_reload_conf()", made)
    yield
    rules.write_text(before)
    sql(stack, "SELECT pg_reload_conf()", f"DROP ROLE {ROLE}")


def sql(stack: Stack, *statements: str) -> None:
    with psycopg.connect(stack.env["DATABASE_URL"], user="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def url(stack: Stack, role: str, password: str) -> str:
    return stack.site.postgres.app_url.replace(f"{APP}@", f"{role}:{password}@")


@pytest.fixture
def machine(stack, roles):
    """Start a process of a machine with keys and a role; they end with the test."""
    running = []

    def start(key=OLD, fallbacks="", role=ROLE, password=FIRST) -> StackProcess:
        env = {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": fallbacks, "DATABASE_URL": url(stack, role, password)}
        running.append(StackProcess(stack, env=env))
        return running[-1]

    yield start
    for process in running:
        process.__exit__()


def test_keys_change_while_machines_with_the_old_and_the_new_one_run(machine):
    old, new = machine(OLD, NEW), machine(NEW, OLD)
    of_old, of_new = old.call(rotation_calls.make), new.call(rotation_calls.make)
    assert new.call(rotation_calls.read, **of_old) == READABLE
    assert old.call(rotation_calls.read, **of_new) == READABLE
    # A machine that has not heard of the new key: why it is added everywhere first.
    behind = machine(OLD)
    assert behind.call(rotation_calls.read, **of_new) == dict.fromkeys(READABLE, False)


def test_passwords_of_the_database_change_while_machines_run(stack, machine):
    first = machine()
    sql(stack, f"CREATE ROLE {NEXT_ROLE} LOGIN PASSWORD '{TEMPORARY}' IN ROLE {ROLE}")
    between = machine(role=NEXT_ROLE, password=TEMPORARY)
    assert first.call(rotation_calls.database_role) == ROLE
    assert between.call(rotation_calls.database_role) == NEXT_ROLE
    sql(stack, f"ALTER ROLE {ROLE} PASSWORD '{SECOND}'")
    last = machine(password=SECOND)
    assert between.call(rotation_calls.database_role) == NEXT_ROLE
    assert last.call(rotation_calls.database_role) == ROLE
    between.__exit__()
    sql(stack, f"DROP ROLE {NEXT_ROLE}")
    assert last.call(rotation_calls.database_role) == ROLE
