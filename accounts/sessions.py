"""Sessions: in the database, cached, and readable while the cache is away."""

from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from redis.exceptions import RedisError


class SessionStore(CachedStore):
    """Django's cached_db, which cannot read a session when the cache does not answer.

    The database is the truth, so reading and creating go on without the cache. Deleting does not: a
    cached copy that survived would bring a session back to life after signing out.
    """

    def load(self) -> dict[str, Any]:
        """What the session holds; {} where there is none."""
        try:
            return super().load()
        except RedisError:
            return DatabaseStore.load(self)

    def exists(self, session_key: str | None) -> bool:
        """Whether the key is taken."""
        try:
            return bool(super().exists(session_key))  # type: ignore[arg-type]
        except RedisError:
            return bool(DatabaseStore.exists(self, session_key))  # type: ignore[arg-type]
