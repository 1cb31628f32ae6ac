"""Statements in SQL: read from files, and prepared where they run a thousand times a second."""

import threading
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def run_prepared(statement: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a prepared statement and return its rows. Raises Django's database errors.

    Django's cursors have the server parse and plan each time; prepared statements are switched off for its
    connections. They are on during this statement only: else psycopg would cache the texts of Django's last hundred
    statements, with every value in them.

    PostgreSQL refuses a prepared statement whose columns have another type since. So where an older version runs on
    beside a migration, columns that may become longer are cast to text.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    raw = wrapper.connection
    if wrapper.queries_logged:  # for who counts them
        wrapper.queries_log.append({"sql": statement, "time": "0"})
    with wrapper.wrap_database_errors:
        usual, raw.prepare_threshold = raw.prepare_threshold, 0
        try:
            return _cursors.get(raw).execute(statement, values, prepare=True).fetchall()
        finally:
            raw.prepare_threshold = usual


class _CursorCache(threading.local):
    """The last cursor of a thread. A new one looks up how to adapt each value, which takes as long as the statement."""

    cursor: psycopg.Cursor[tuple[Any, ...]] | None = None

    def get(self, raw: psycopg.Connection[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        if self.cursor is None or self.cursor.connection is not raw:
            self.cursor = psycopg.Cursor(raw)
        return self.cursor


_cursors = _CursorCache()


def read_sql(package: str, name: str) -> str:
    """Return the text of a file below the `sql` folder of an app. Values are parameters, never part of the text."""
    return files(package).joinpath("sql", name).read_text(encoding="utf-8").rstrip("\n")
