"""Signs of life of the workers: in Redis for /health/, and in a file for what watches a worker (watch.py).

Both come from the loop that takes tasks, so that a worker whose loop hangs gives none.
"""

import os
import time
from datetime import datetime
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from careerplan.core.cache import redis_client

KEY = "cp.workers"
ALIVE_SECONDS = 60
REPORT_EVERY = 5.0

log = structlog.get_logger(__name__)


class LifeSigns:
    """Writes the signs of one worker, every REPORT_EVERY seconds at most."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._last = -REPORT_EVERY

    def give(self, name: str, now: datetime) -> None:
        """Report that the worker `name` takes tasks."""
        if time.monotonic() - self._last < REPORT_EVERY:
            return
        self._last = time.monotonic()
        write_life_sign(self._file)
        record_worker(name, now)


@cache
def life_signs() -> LifeSigns:
    """Return the signs of this process."""
    return LifeSigns(settings.WORKER_LIFE_FILE)


def write_life_sign(file: Path) -> None:
    """Write the process id into the file; its time is the sign."""
    try:
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_text(f"{os.getpid()}\n")
        fresh.replace(file)
    except OSError as error:
        log.warning("life_sign_not_written", error=type(error).__name__)


def record_worker(name: str, now: datetime) -> None:
    """Note in Redis that a worker lives, and forget those that do not."""
    try:
        client = redis_client()
        client.zadd(KEY, {name: now.timestamp()})
        client.zremrangebyscore(KEY, "-inf", now.timestamp() - 10 * ALIVE_SECONDS)
    except RedisError as error:
        log.warning("worker_not_recorded", error=type(error).__name__)


def living_workers(now: datetime) -> int | None:
    """Return how many workers have reported in the last minute; None where Redis does not answer."""
    try:
        return int(redis_client().zcount(KEY, now.timestamp() - ALIVE_SECONDS, "+inf"))
    except RedisError:
        return None


def queue_length() -> int:
    """Return how many tasks wait for a worker. Raises RedisError."""
    return int(redis_client().llen("cp.celery"))
