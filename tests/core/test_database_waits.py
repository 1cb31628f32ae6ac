"""A server that is busy is no silent one, and what still works is kept while it is silent."""

import os
import signal

import psycopg
import pytest
from django.db import OperationalError, connection

from careerplan.core.postgresql import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def silence(monkeypatch):
    monkeypatch.setattr(base, "silence", base.Silence())
    return base.silence


@pytest.fixture
def database(silence):
    """A connection of its own, as at the start of a request."""
    database = connection.copy()
    database.connect()
    database.health_check_enabled, database.health_check_done = True, False
    yield database
    database.close()


def answer(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def backend(database):
    return database.connection.info.backend_pid


def test_connection_that_is_too_slow_is_replaced_without_a_silence(database, silence, monkeypatch):
    monkeypatch.setattr(base, "CHECK_SECONDS", 0.2)
    slow = backend(database)
    os.kill(slow, signal.SIGSTOP)
    try:
        assert answer(database) == (1,)
    finally:
        os.kill(slow, signal.SIGCONT)
    assert backend(database) != slow
    silence.check()


def test_silence_begins_when_a_new_connection_fails_too(database, silence, monkeypatch):
    def fail(**options):
        raise psycopg.errors.ConnectionTimeout

    database.close()
    monkeypatch.setattr(base.Connection, "connect", fail)
    with pytest.raises(OperationalError):
        answer(database)
    with pytest.raises(base.DatabaseSilentError):
        silence.check()


def test_silence_begins_when_a_statement_gets_no_answer(database, silence):
    database.connection.seconds = 0.2
    os.kill(backend(database), signal.SIGSTOP)
    stopped = backend(database)
    database.health_check_done = True
    try:
        with pytest.raises(OperationalError):
            answer(database)
    finally:
        os.kill(stopped, signal.SIGCONT)
    with pytest.raises(base.DatabaseSilentError):
        silence.check()


def test_silence_closes_no_connection(database, silence, monkeypatch):
    same = backend(database)
    silence.begin()
    with pytest.raises(OperationalError):
        answer(database)
    database.close_if_unusable_or_obsolete()
    monkeypatch.setattr(base, "silence", base.Silence())
    assert answer(database) == (1,)
    assert backend(database) == same
