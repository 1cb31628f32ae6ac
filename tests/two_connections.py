"""Two real connections of which one waits for the other. For tests with `django_db(transaction=True)`."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
# Of this database: another worker's tests wait for locks in theirs.
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
"""


def elsewhere(go: Callable[[], T]) -> T:
    """Do something on a connection of its own, and leave it closed."""
    try:
        return go()
    finally:
        connection.close()


def somebody_waits() -> bool:
    """Until a session waits for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first answer for ever
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False
