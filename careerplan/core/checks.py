"""Checks of the database server, run by `migrate` and by `check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, register
from django.core.checks.registry import Tags
from django.db import connections

PRIVATE_LOG = {
    "log_error_verbosity": {"terse"},
    "log_min_error_statement": {"fatal", "panic"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
}
"""With other values PostgreSQL writes refused rows and whole statements into its log, and with them private texts."""


@register(Tags.database)
def check_server_log(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn of each setting that lets the server log what people wrote."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            for name, values in PRIVATE_LOG.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                [value] = cursor.fetchone()
                if value not in values:
                    hint = f"Set {name} = {sorted(values)[-1]} in postgresql.conf and reload the server."
                    message = f"PostgreSQL may write private texts into its log: {name} is {value}."
                    found.append(checks.Warning(message, hint=hint, id="careerplan.W001"))
    return found
