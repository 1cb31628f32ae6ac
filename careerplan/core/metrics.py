"""Metrics for Prometheus: of this web service's processes, and of the whole site by its database and Redis.

The processes of a web service share a folder, so that whichever is asked counts for all (shared_counts.py).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from careerplan.core.shared_counts import FOLDER_VARIABLE
from careerplan.core.time_zones import zone_data_version
from careerplan.core.version import version

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds

requests = Counter("careerplan_requests", "Requests by method, route and status.", ["method", "route", "status"])
seconds_of_requests = Histogram("careerplan_request_seconds", "Duration of requests.", ["route"], buckets=BUCKETS)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Add a finished request to the metrics; `route` is its name in the URLs, which are few."""
    requests.labels(method, route, str(status)).inc()
    seconds_of_requests.labels(route).observe(seconds)


def as_text(now: datetime) -> bytes:
    """Return all metrics in the text format of Prometheus."""
    registry = CollectorRegistry() if FOLDER_VARIABLE in os.environ else REGISTRY
    if registry is not REGISTRY:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    site = CollectorRegistry()
    site.register(_Families(site_metrics(now)))
    return generate_latest(registry) + generate_latest(site)


def site_metrics(now: datetime) -> Iterator[Metric]:
    """Yield the version and the metrics of settings.METRICS, without those whose database or Redis is away."""
    yield gauge("careerplan_info", "Version and time zone data.", {(version(), zone_data_version()): 1}, *INFO_LABELS)
    for path in settings.METRICS:
        with suppress(OperationalError, InterfaceError, RedisError):
            yield from list(import_string(path)(now))


INFO_LABELS = ("version", "zone_data")


def gauge(name: str, meaning: str, values: dict[tuple[str, ...], float] | float, *labels: str) -> GaugeMetricFamily:
    """Return a gauge: one value, or one for each combination of labels."""
    if not isinstance(values, dict):
        return GaugeMetricFamily(name, meaning, value=values)
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for of_labels, value in values.items():
        family.add_metric(of_labels, value)
    return family


class _Families(Collector):
    """A collector of metrics that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families

    def describe(self) -> Iterable[Metric]:
        return []
