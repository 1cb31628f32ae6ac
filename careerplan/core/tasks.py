"""`enqueue`, the only publisher of Celery messages."""

from typing import Any

import structlog
from kombu.exceptions import OperationalError

from careerplan.core.cache import redis_problem

log = structlog.get_logger(__name__)


def enqueue(task: Any, *, expires: float = 60) -> None:
    """Enqueue a task; the message is dropped after `expires` seconds. Call it after the commit.

    A message only starts a worker, which reads from the database what to do. Without the broker nothing is lost where
    the beat schedule starts the same task within a minute; other tasks need a long `expires`, and a page that can ask
    again.
    """
    if problem := redis_problem():  # it is the broker too; kombu would wait for each of several commands
        log.warning("task_not_enqueued", task=task.name, error=problem)
        return
    try:
        task.apply_async(expires=expires)
    except OperationalError as error:
        log.warning("task_not_enqueued", task=task.name, error=type(error).__name__)
