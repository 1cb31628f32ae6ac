"""Statements that are run a thousand times a second."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def run_prepared(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement, planned once a connection, and give its rows. Raises Django's database errors.

    Django's own cursors have the server parse and plan each time, and Django's connections refuse to prepare unless
    `prepare_threshold` is set (settings.py).
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchall()
