"""Structured logs: one JSON object per line in production, readable lines on a terminal.

Logs name ids and counts, never addresses, titles or tokens. JSON encoding makes a forged line break in a value
harmless.
"""

import logging
import logging.config
import re
import traceback
from collections.abc import MutableMapping
from typing import Any

import psycopg
import structlog
from django.db import Error as DjangoDatabaseError
from structlog.typing import ExcInfo

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


# The message of a refused row holds the row itself, on as many lines as its texts have; links that work without signing
# in are keys.
PRIVATE = (
    (re.compile(r"(DETAIL|CONTEXT|HINT|QUERY):.*", re.DOTALL), r"\1: left out"),
    (re.compile(r"/(stop|password/reset/key|calendar/feed|account/invitation|account/address)/[^\s\"']+"), r"/\1/…"),
    (re.compile(r"/r/\d+\.[^\s\"']+"), "/r/…"),
    (re.compile(r"/with/[0-9a-f-]{36}[^\s\"']*"), "/with/…"),
    (re.compile(r"/local/[0-9a-f]{32,}"), "/local/…"),
)


def redact_private(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove private texts from a log line: rows of people, and links that are keys."""
    for key, value in event.items():
        if isinstance(value, str):
            for pattern, instead in PRIVATE:
                value = pattern.sub(instead, value)  # noqa: PLW2901
            event[key] = value
    return event


def format_exception(exc_info: ExcInfo) -> str:
    """Return a traceback. Errors of the database say what was refused (SQLSTATE, constraint), not the values."""
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        stack = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{stack}{_name_of(error)}: {_message_of(error)}")
        if error.__cause__ is not None:
            parts.append("The above exception was the direct cause of the following exception:")
        elif error.__context__ is not None and not error.__suppress_context__:
            parts.append("During handling of the above exception, another exception occurred:")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _name_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _message_of(error: BaseException) -> str:
    refused = error.__cause__ if isinstance(error, DjangoDatabaseError) else error
    if isinstance(refused, psycopg.Error):
        diagnosis = refused.diag
        named = (refused.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        return " ".join(filter(None, named)) or str(error).partition("\n")[0]
    return str(error)


def json_formatter() -> logging.Formatter:
    """Return the formatter of JSON lines, for processes without Django's settings (granian-logs.json)."""
    return _formatter(structlog.processors.JSONRenderer())


def _formatter(renderer: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(format_exception),
            redact_private,
            renderer,
        ],
    )


def configure(options: dict[str, Any]) -> None:
    """Configure logging and structlog.

    Takes {"level": a logging level, "format": "json" or "console"}; Django calls it with settings.LOGGING.
    """
    json = options["format"] == "json"
    if json:
        logging.captureWarnings(capture=True)
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"()": _formatter, "renderer": renderer},
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                # It names the credential of each passkey; accounts.factors logs whose was used.
                "fido2": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
