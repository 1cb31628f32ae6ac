"""How many emails were sent, by kind and outcome, counted in Redis for all processes together.

Redis may be emptied at any time: Prometheus takes a smaller count for a new beginning.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from redis.exceptions import RedisError

from careerplan.core.cache import redis_client
from careerplan.core.metrics import gauge
from careerplan.core.workers import living_workers, queue_length

KEY = "cp.mail-counts"

log = structlog.get_logger(__name__)


class MailCounts:
    """Counts of one connection to the mail server; `save` adds them to those of the site."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, kind: str, outcome: str) -> None:
        """Count an email."""
        self._counts[kind, outcome] += 1

    def save(self) -> None:
        """Add what was counted to the counts of the site. Where Redis is away it is lost: no email waits for it."""
        counts, self._counts = self._counts, Counter()
        try:
            for (kind, outcome), number in counts.items():
                redis_client().hincrby(KEY, f"{kind}:{outcome}", number)
        except RedisError as error:
            log.warning("emails_not_counted", error=type(error).__name__)


def metrics(now: datetime) -> Iterator[Metric]:
    """Yield emails by kind and outcome, the tasks that wait and the workers. Raises RedisError."""
    emails = CounterMetricFamily("careerplan_emails", "Emails by kind and outcome.", labels=["kind", "outcome"])
    for name, number in redis_client().hgetall(KEY).items():
        kind, _colon, outcome = name.decode().rpartition(":")
        emails.add_metric([kind, outcome], int(number))
    yield emails
    yield gauge("careerplan_queue", "Tasks that wait for a worker.", queue_length())
    yield gauge("careerplan_workers", "Workers that reported in the last minute.", living_workers(now) or 0)
