"""Errors to Sentry, where SENTRY_DSN is set: what broke and where, without anything that people wrote."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.argv import ArgvIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

from careerplan.core.version import version

KEPT = {
    "event_id", "timestamp", "level", "platform", "release", "environment", "transaction", "fingerprint", "sdk",
    "logger", "contexts", "server_name", "modules",
}  # fmt: skip
"""Parts of an event that hold nothing of people; the others are removed or rewritten."""
KEPT_CONTEXTS = {"runtime", "os"}
EXCEPTION_PARTS: tuple[str, ...] = ("type", "module", "mechanism", "thread_id")


def send_errors(dsn: str, transport: Transport | None = None) -> None:
    """Send errors of this process to Sentry. `transport` replaces the network in tests."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"careerplan@{version()}",
        transport=transport,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        # Values of a command line can be addresses.
        disabled_integrations=[ArgvIntegration()],
        integrations=[LoggingIntegration(level=None)],
        before_send=remove_private,  # type: ignore[arg-type]  # a dictionary as the SDK types it
    )


def remove_private(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """Keep what broke and where. Messages of errors can quote what people wrote."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    kept["contexts"] = {name: value for name, value in event.get("contexts", {}).items() if name in KEPT_CONTEXTS}
    if method := event.get("request", {}).get("method"):
        kept["request"] = {"method": method}
    if said := event.get("logentry"):
        kept["logentry"] = {"message": _event_name(said.get("message"))}
    if exceptions := event.get("exception", {}).get("values"):
        kept["exception"] = {"values": [_without_message(exception) for exception in exceptions]}
    return kept


def _event_name(message: Any) -> str:
    """Return the name of an event of structlog, of which the SDK sees the whole dictionary as a text."""
    text = str(message)
    _before, found, rest = text.partition("'event': '")
    return rest.partition("'")[0] if found else "an error was logged"


def _without_message(exception: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: exception[name] for name in EXCEPTION_PARTS if name in exception}
    frames = (exception.get("stacktrace") or {}).get("frames") or []
    kept["stacktrace"] = {"frames": [{k: v for k, v in frame.items() if k != "vars"} for frame in frames]}
    return kept
