"""Django's Redis cache, for a server that may stand still: one command waits for its answer, the others do not.

The socket's timeout ends each wait after a second (settings.py). A page has several commands, and each would wait.
"""

import time
from typing import Any

from django.core.cache import cache
from django.core.cache.backends import redis as django_redis
from redis import Redis, exceptions

SILENCE_SECONDS = 2.0
"""For so long after a command without an answer all commands of this process fail at once."""


class Client(Redis):
    """A client that asks nothing of a server that did not answer a moment ago."""

    silent_until = 0.0  # for all clients of the process

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return its answer. Raises RedisError."""
        if time.monotonic() < Client.silent_until:
            raise exceptions.TimeoutError("Redis did not answer a moment ago")
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis has no types here
        except exceptions.TimeoutError:
            Client.silent_until = time.monotonic() + SILENCE_SECONDS
            raise


class CacheClient(django_redis.RedisCacheClient):
    """Django's, with our client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client = Client
        self._kept: Client | None = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Client:
        """Return the one client of a server: Django makes one for each command, which takes twice as long."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # the stubs lack it
        if self._kept is None or self._kept.connection_pool is not pool:
            self._kept = self._client(connection_pool=pool)
        return self._kept


class RedisCache(django_redis.RedisCache):
    """Django's, with our client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = CacheClient


def redis_client() -> Any:
    """Return a client for commands that Django's cache does not have; keys get no prefix. It raises RedisError."""
    return cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # of Django's Redis backend


def redis_problem() -> str:
    """Return why Redis cannot be used, or "". Waits a second at most."""
    try:
        cache.get("health")
    except exceptions.RedisError as error:
        return type(error).__name__
    return ""
