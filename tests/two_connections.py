"""Two real connections of which one waits for the other. For tests with `django_db(transaction=True)`."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

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


def first_and_then(first: Callable[[], object], second: Callable[[], T], last: Callable[[], object] | None = None) -> T:
    """Do `first`; while it is not committed, `second` waits for it on a connection of its own. What became of that.

    `last` belongs to the first one, and is done while the second waits.
    """
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(elsewhere, second)
            assert somebody_waits()
            if last:
                last()
        return waiting.result(20)
