"""What tests ask of the database as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def fingerprint() -> dict[str, str]:
    """A hash of every row of every table, but for sessions (which allauth touches)."""
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t != "django_session"]
        rows = (
            f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" AS t"
            for table in tables
        )
        cursor.execute(" UNION ALL ".join(rows))
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is written inside: many cases can share rows that are slow to make."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
