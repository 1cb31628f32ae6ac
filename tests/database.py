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


ROWS_WRITTEN = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE relname <> 'django_session'
"""


class Watch:
    """Sees whether anything is different from when it was made, inside a transaction.

    PostgreSQL counts the rows that the transaction has written, also those that it took back. Only where that count has
    moved are all rows read.
    """

    def __init__(self) -> None:
        self._before = fingerprint()
        self._count = -1

    def begin(self) -> None:
        """Look from here, where nothing is different yet but what does not matter (the time of a sign-in)."""
        self._count = rows_written()

    def saw_nothing(self) -> bool:
        """Return whether no row was written since `begin`, or all rows are as they were."""
        return rows_written() == self._count or fingerprint() == self._before


def rows_written() -> int:
    """How many rows this transaction has written, but for sessions."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS_WRITTEN)
        return int(cursor.fetchone()[0])


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is written inside: many cases can share rows that are slow to make."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Django's flush takes every table away and makes it anew, and then all permissions: 200 ms for the rows of a few.
EMPTY = """DO $$
DECLARE
  this regclass;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR this IN
    SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
      AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    IF pg_relation_size(this) > 1000000 THEN
      EXECUTE format('TRUNCATE %s CASCADE', this);
    ELSE
      EXECUTE format('DELETE FROM %s', this);
    END IF;
  END LOOP;
END $$"""


def empty_tables() -> None:
    """Delete all rows but those of migrations and permissions, without triggers and without checks of foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
