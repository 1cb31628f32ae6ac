"""Keys and passwords change while several machines run: two processes side by side, one with the old, one with the new.

The steps are those of docs/operating/backups.md.
"""

from pathlib import Path

import psycopg
import pytest

from careerplan.local.stack import Stack
from tests.plugins.template import template
from tests.stack import rotation_calls
from tests.stack_process import StackProcess
from tests.warm_processes import WarmStack

pytestmark = pytest.mark.stack

OLD, NEW = "the-key-of-last-year-" * 2, "the-key-of-this-year-" * 2
FIRST, SECOND, TEMPORARY = "first-password", "second-password", "temporary-password"
READABLE = {"session": True, "link": True, "secret": True}


@pytest.fixture(scope="module")
def stack():
    """Servers; PostgreSQL asks roles of the application for their password."""
    with WarmStack(template=template()) as stack:
        stack.prepare()
        rules = Path(stack.site.postgres.home) / "pg_hba.conf"
        ours = "".join(f"local all {role} scram-sha-256\n" for role in ("careerplan_app", "careerplan_app2"))
        rules.write_text(ours + rules.read_text())
        sql(stack, "SELECT pg_reload_conf()", f"ALTER ROLE careerplan_app PASSWORD '{FIRST}'")
        yield stack


def sql(stack: Stack, *statements: str) -> None:
    with psycopg.connect(stack.env["DATABASE_URL"], user="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def url(stack: Stack, role: str, password: str) -> str:
    return stack.site.postgres.app_url.replace("careerplan_app@", f"{role}:{password}@")


@pytest.fixture
def machine(stack):
    """Start a process of a machine with keys and a role; they end with the test."""
    running = []

    def start(key=OLD, fallbacks="", role="careerplan_app", password=FIRST) -> StackProcess:
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
    sql(stack, f"CREATE ROLE careerplan_app2 LOGIN PASSWORD '{TEMPORARY}' IN ROLE careerplan_app")
    between = machine(role="careerplan_app2", password=TEMPORARY)
    assert first.call(rotation_calls.database_role) == "careerplan_app"
    assert between.call(rotation_calls.database_role) == "careerplan_app2"
    sql(stack, f"ALTER ROLE careerplan_app PASSWORD '{SECOND}'")
    last = machine(password=SECOND)
    assert between.call(rotation_calls.database_role) == "careerplan_app2"
    assert last.call(rotation_calls.database_role) == "careerplan_app"
    between.__exit__()
    sql(stack, "DROP ROLE careerplan_app2")
    assert last.call(rotation_calls.database_role) == "careerplan_app"
