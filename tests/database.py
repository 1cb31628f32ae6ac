"""What tests ask of the database as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


def fingerprint() -> dict[str, str]:
    """A hash of every row of every table, but for sessions (which allauth touches)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'fingerprint'")
        if cursor.fetchone() is None:  # psycopg forgets all statements of a connection after a rollback
            _prepare(cursor)
        cursor.execute("EXECUTE fingerprint")
        return dict(cursor.fetchall())


def _prepare(cursor: CursorWrapper) -> None:
    """Plan the statement once a connection: that takes longer than to read tables that are nearly empty."""
    tables = [t for t in connection.introspection.table_names(cursor) if t != "django_session"]
    rows = (
        f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" AS t" for table in tables
    )
    cursor.execute("PREPARE fingerprint AS " + " UNION ALL ".join(rows))


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is written inside: many cases can share rows that are slow to make."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
