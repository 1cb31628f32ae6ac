"""Session store in the database, cached, and readable without the cache. Django needs it in a module."""

from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from redis.exceptions import RedisError


class SessionStore(CachedStore):
    """Django's cached_db, with reading and creating when the cache is down.

    Deleting still fails then: a cached copy would restore the session after signing out.
    """

    def load(self) -> dict[str, Any]:
        try:
            return super().load()
        except RedisError:
            return DatabaseStore.load(self)

    def exists(self, session_key: str | None) -> bool:
        try:
            return bool(super().exists(session_key))  # type: ignore[arg-type]
        except RedisError:
            return bool(DatabaseStore.exists(self, session_key))  # type: ignore[arg-type]
