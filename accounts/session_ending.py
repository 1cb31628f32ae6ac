"""Ending sessions in a few statements, however many there are.

allauth and Django's store look up, load and delete them one by one.
"""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.sessions import SessionStore


def end_sessions(keys: list[str]) -> None:
    """End the sessions with these keys. Raises RedisError if the cache could still bring them back."""
    if not keys:
        return
    Session.objects.filter(session_key__in=keys).delete()
    store = SessionStore()
    store._cache.delete_many([f"{store.cache_key_prefix}{key}" for key in keys])
    UserSession.objects.filter(session_key__in=keys).delete()
