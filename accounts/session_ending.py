"""Ending sessions in a few statements, however many there are.

allauth and Django's store look up, load and delete them one by one.
"""

from functools import partial

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection, transaction

from accounts.models import User
from accounts.sessions import SessionStore


def end_sessions(keys: list[str]) -> None:
    """End the sessions with these keys. Raises RedisError if the cache could still bring them back.

    In a transaction the cache is emptied once more after the commit: until then a request in one of these browsers
    reads the session from the database and puts it into the cache again.
    """
    if not keys:
        return
    Session.objects.filter(session_key__in=keys).delete()
    _forget_cached(keys)
    UserSession.objects.filter(session_key__in=keys).delete()
    if connection.in_atomic_block:
        transaction.on_commit(partial(_forget_cached, keys), robust=True)


def _forget_cached(keys: list[str]) -> None:
    cache = caches[settings.SESSION_CACHE_ALIAS]
    cache.delete_many([f"{SessionStore.cache_key_prefix}{key}" for key in keys])


def end_all_sessions(user: User) -> int:
    """End every session of a user; return how many. Raises RedisError as `end_sessions` does."""
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    end_sessions(keys)
    return len(keys)
