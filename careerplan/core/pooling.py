"""Whether each transaction gets another connection of PostgreSQL, as from PgBouncer in transaction mode.

Deadlines, prepared statements and the locks of documents belong to a connection (docs/adr/0045). Shared, they would
count for other people's statements, and would be missing where they are needed.
"""

from contextlib import closing

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ROUNDS = 3
PROBLEM = "The connection pooler gives each transaction another connection of PostgreSQL."
MEND = (
    "Let PgBouncer use pool_mode = session for this database, or let DATABASE_URL lead to PostgreSQL itself: "
    "docs/operating/compose.md."
)


def connections_are_shared(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether a connection keeps its server process between two transactions.

    It asks over two new connections: while one has a transaction, the other must still have its own process. A pooler
    that is quiet gives out the process that was free last, and one that is busy another each time, so that a few rounds
    find out. Where the database does not answer, the answer is no.
    """
    usual = connections[alias]
    with closing(usual.copy()) as first, closing(usual.copy()) as second:
        try:
            process = _process(first)
            return any(_changes_hands(process, first, second) for _round in range(ROUNDS))
        except (OperationalError, InterfaceError) as error:
            return "statement pooling" in str(error)  # PgBouncer refuses a transaction in statement mode


def _changes_hands(process: int, first: BaseDatabaseWrapper, second: BaseDatabaseWrapper) -> bool:
    """Return whether `second` gets the process of `first` in a transaction, or `first` another one meanwhile."""
    second.set_autocommit(False)
    changes = _process(second) == process or _process(first) != process
    second.rollback()
    second.set_autocommit(True)
    return changes


def _process(database: BaseDatabaseWrapper) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def refuse_shared_connections() -> None:
    """Raise ImproperlyConfigured where connections are shared; for the start of a process."""
    if connections_are_shared():
        raise ImproperlyConfigured(f"Careerplan cannot start. {PROBLEM} {MEND}")
