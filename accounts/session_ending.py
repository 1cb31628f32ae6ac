"""Ending sessions in a few statements, however many there are.

allauth and Django's store look up, load and delete them one by one.
"""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches

from accounts.sessions import SessionStore


def end_sessions(keys: list[str]) -> None:
    """End the sessions with these keys. Raises RedisError if the cache could still bring them back."""
    if not keys:
        return
    Session.objects.filter(session_key__in=keys).delete()
    cache = caches[settings.SESSION_CACHE_ALIAS]
    cache.delete_many([f"{SessionStore.cache_key_prefix}{key}" for key in keys])
    UserSession.objects.filter(session_key__in=keys).delete()
