"""Structured logs: one JSON object per line in production, readable lines on a terminal.

Logs name ids and counts, never addresses, titles or tokens. JSON encoding makes a forged line break in a value
harmless.
"""

import logging.config
import re
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


# The message of a refused row holds the row itself; links that work without signing in are keys.
PRIVATE = (
    (re.compile(r"^(DETAIL|CONTEXT|HINT):.*$", re.MULTILINE), r"\1: left out"),
    (re.compile(r"/(stop|password/reset/key|calendar/feed)/[^\s\"']+"), r"/\1/…"),
    (re.compile(r"/r/\d+\.[^\s\"']+"), "/r/…"),
)


def redact_private(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove private texts from a log line: rows of people, and links that are keys."""
    for key, value in event.items():
        if isinstance(value, str):
            for pattern, instead in PRIVATE:
                value = pattern.sub(instead, value)  # noqa: PLW2901
            event[key] = value
    return event


def configure(options: dict[str, Any]) -> None:
    """Configure logging and structlog.

    Takes {"level": a logging level, "format": "json" or "console"}; Django calls it with settings.LOGGING.
    """
    json = options["format"] == "json"
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": SHARED,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        redact_private,
                        renderer,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
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
