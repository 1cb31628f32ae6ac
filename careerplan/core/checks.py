"""Checks of the database server (`migrate`, `check --database default`), and of unsafe settings (`check --deploy`)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register
from django.core.checks.registry import Tags
from django.db import connections

from careerplan.core import pooling
from careerplan.environment_values import THIS_MACHINE

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


@register(Tags.database)
def check_pooling(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse a pooler that gives each transaction another connection."""
    return [
        checks.Error(pooling.PROBLEM, hint=pooling.MEND, id="careerplan.E001")
        for alias in databases or ()
        if pooling.connections_are_shared(alias)
    ]


@register(Tags.security, deploy=True)
def check_proxy(**_kwargs: Any) -> list[CheckMessage]:
    """Warn where https ends at a proxy whose headers are not trusted: each page then leads to itself for ever."""
    if not settings.HTTPS or settings.TRUSTED_PROXY_COUNT:
        return []
    message = "BASE_URL starts with https://, but TRUSTED_PROXY_COUNT is 0."
    hint = "Set it to the number of your proxies, mostly 1. Silence this check if granian itself speaks TLS."
    return [checks.Warning(message, hint=hint, id="careerplan.W002")]


@register(Tags.security, deploy=True)
def check_mail_encryption(**_kwargs: Any) -> list[CheckMessage]:
    """Warn where emails and the password of the mail server cross a network unencrypted."""
    is_near = settings.EMAIL_HOST in THIS_MACHINE or "." not in settings.EMAIL_HOST
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_near:
        return []
    message = f"Emails go to {settings.EMAIL_HOST} without encryption."
    return [checks.Warning(message, hint="Begin EMAIL_URL with smtp+tls:// or smtp+ssl://.", id="careerplan.W003")]
