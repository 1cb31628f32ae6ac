"""Deleting an account with everything in it, after a week in which its owner can change their mind.

What other apps keep goes with the user by their foreign keys. What has none is removed here: sessions, and what
was typed without a session (careerplan.core.expired_session).
"""

from datetime import datetime, timedelta

import pgtrigger
import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.models import User
from careerplan.core import expired_session

COOLING_OFF = timedelta(days=7)

log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_deletion(*, user: User, now: datetime) -> datetime:
    """The account is to be deleted in a week; gives when. Idempotent: asking again does not put it off."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.deletion_due_at is None:
        held.deletion_due_at = now + COOLING_OFF
        held.save(update_fields=["deletion_due_at"])
        log.info("deletion asked for", user=user.pk)
    user.deletion_due_at = held.deletion_due_at
    return held.deletion_due_at


@transaction.atomic
def hasten_deletion(*, user: User, now: datetime) -> None:
    """Do not wait any longer: a worker deletes the account at once. Idempotent."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.deletion_due_at is None or held.deletion_due_at > now:
        held.deletion_due_at = now
        held.save(update_fields=["deletion_due_at"])


@transaction.atomic
def cancel_deletion(*, user: User) -> None:
    """The account stays. Idempotent."""
    User.objects.filter(pk=user.pk).update(deletion_due_at=None)
    user.deletion_due_at = None


def due_for_deletion(*, now: datetime) -> list[int]:
    """Ids of accounts whose time has come, a batch."""
    due = User.objects.filter(deletion_due_at__lte=now).order_by("deletion_due_at")
    return list(due.values_list("pk", flat=True)[:20])


def delete_account(*, pk: int, now: datetime) -> User | None:
    """Delete an account for good; gives who it was, to be told. None where it is gone, or its owner came back.

    Safe to run twice and at once: the row is locked, and looked at again.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=pk, deletion_due_at__lte=now).first()
        if user is None:
            return None
        gone = User(pk=user.pk, email=user.email, name=user.name, time_zone=user.time_zone)
        with _whole_accounts_may_go():
            user.delete()
        # With the account or not at all: where the cache cannot forget a session, the next round deletes both.
        end_sessions(pk)
    expired_session.delete_saved_posts(pk)
    log.info("account deleted", user=pk)
    return gone


class _whole_accounts_may_go:  # noqa: N801  (reads as a sentence)
    """The rules that keep single things from being deleted out of what is closed rest while a whole account goes.

    Only inside this transaction and on this connection. Those that wait for its end are asked before they rest no more.
    """

    def __enter__(self) -> None:
        names = [
            trigger.get_pgid(model)
            for model, trigger in pgtrigger.registered()
            if trigger.operation and "DELETE" in str(trigger.operation) and trigger.name != "delete_events"
        ]
        self._set("{" + ",".join(names) + "}")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            self._set("{}")

    @staticmethod
    def _set(names: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [names])


def end_sessions(pk: int) -> int:
    """End every session of a person, wherever they are signed in; gives how many.

    A session names its user inside what it holds, so all of them are read, a piece at a time.
    """
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    ended = 0
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get(SESSION_KEY) == str(pk):
            store(session.session_key).delete()
            ended += 1
    return ended
