"""A migration waits shortly for a table, and tries again."""

import os
import threading
import time

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connection, transaction

from careerplan.core.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_session():
    """Another session, which holds a table that the migration wants."""
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]) as session:
        session.execute("CREATE TABLE wanted (id int)")
        session.commit()
        session.execute("LOCK TABLE wanted IN ACCESS SHARE MODE")
        yield session
        session.rollback()
        session.execute("DROP TABLE wanted")


@pytest.fixture
def tries(monkeypatch):
    """How often Django's migrate ran; it changes the table."""
    found = []

    def change(self, *args, **options):
        found.append(time.monotonic())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE wanted ADD COLUMN more int")

    monkeypatch.setattr(django_migrate.Command, "handle", change)
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrate.Command, "pause_seconds", 0.1)
    return found


def test_migration_gets_the_table_when_the_dump_is_over(other_session, tries):
    ending = threading.Timer(1.5, other_session.rollback)
    ending.start()
    call_command("migrate", verbosity=0)
    ending.join()
    assert len(tries) == 2


def test_migration_gives_up_in_the_end(other_session, tries, monkeypatch):
    monkeypatch.setattr(migrate, "TRIES", 2)
    with pytest.raises(OperationalError):
        call_command("migrate", verbosity=0)
    assert len(tries) == 2
