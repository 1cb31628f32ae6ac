"""The one place that publishes: a message only wakes a worker, which finds in the database what is to be done."""

from typing import Any

import structlog
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(task: Any, *, expires: float = 60) -> None:
    """Ask for a task to be run soon; nobody needs it after `expires` seconds. Call it after the commit.

    Where the broker is away nothing is lost: the scheduler asks for the same task within a minute.
    """
    try:
        task.apply_async(expires=expires)
    except OperationalError as error:
        log.warning("no worker could be woken", task=task.name, error=type(error).__name__)
