"""Limit the making of PDF and Word documents: one per user and settings.DOCUMENTS_AT_ONCE in total, over all processes.

Otherwise a few people with long plans could keep every web process busy. The limits are advisory locks of the database
session: they need no row and no open transaction, and end with the process.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, connection

from accounts.models import User

SECONDS_WAITED = 1.0  # most take a fifth of that; the longest half a minute (typst_worker.py)
SECONDS_BETWEEN = 0.05
USER_LOCK, SHARED_LOCK = 0x70646670, 0x70646665  # "pdfp", "pdfe": first keys that nothing else locks
NUMBERS = 2**31  # as many as the second key allows


class RenderBusy(Exception):
    """No slot was free within SECONDS_WAITED."""


@contextmanager
def render_slot(user: User) -> Iterator[None]:
    """Hold a slot for a user. Raises RenderBusy."""
    until = monotonic() + SECONDS_WAITED
    with _one_of(USER_LOCK, [user.pk % NUMBERS], until), _one_of(SHARED_LOCK, range(settings.DOCUMENTS_AT_ONCE), until):
        yield


@contextmanager
def _one_of(kind: int, numbers: Sequence[int], until: float) -> Iterator[None]:
    while (held := next((one for one in numbers if _asked("pg_try_advisory_lock", kind, one)), None)) is None:
        if monotonic() >= until:
            raise RenderBusy
        sleep(SECONDS_BETWEEN)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a broken session has released it already
            _asked("pg_advisory_unlock", kind, held)


def _asked(function: str, kind: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])
