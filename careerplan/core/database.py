"""Statements that are run a thousand times a second."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


def run_prepared(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement, planned once a connection, and give its rows. Raises Django's database errors.

    Django's own cursors have the server parse and plan each time.
    """
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, _preparing(raw), psycopg.Cursor(raw) as cursor:
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchall()


@contextmanager
def _preparing(raw: psycopg.Connection[Any]) -> Iterator[None]:
    """Django switches prepared statements off for its connections; on for all, psycopg would remember the texts of
    Django's last hundred statements, with every value in them.
    """
    usual, raw.prepare_threshold = raw.prepare_threshold, 0
    try:
        yield
    finally:
        raw.prepare_threshold = usual
