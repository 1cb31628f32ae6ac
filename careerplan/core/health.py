"""Whether the parts of the site work: each is asked apart, and has two seconds to answer."""

import smtplib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from careerplan.core.cache import redis_problem
from careerplan.core.postgresql.base import DatabaseWrapper
from careerplan.core.smtp import ehlo_name
from careerplan.core.workers import living_workers

PART_SECONDS = 2.0
MAIL_CHECK_EVERY = 30.0
"""Seconds for which the answer of the mail server counts: whoever asks this page must not make us knock each time."""
UNKNOWN = gettext_lazy("not known while the database does not answer")

log = structlog.get_logger(__name__)
_pool = ThreadPoolExecutor(3, thread_name_prefix="health")


@dataclass(frozen=True)
class Health:
    """What is wrong with each part: "" where it works."""

    parts: dict[str, str]

    @property
    def problems(self) -> list[str]:
        return [f"{name}: {problem}" for name, problem in self.parts.items() if problem and problem != str(UNKNOWN)]


def check_health(now: datetime) -> Health:
    """Ask every part. Takes little more than PART_SECONDS where all of them are silent."""
    end = time.monotonic() + PART_SECONDS
    remote: dict[str, Future[str]] = {
        "redis": _ask_beside(_redis),
        "workers": _ask_beside(lambda: _workers(now)),
        "mail": _ask_beside(mail_server.problem),
    }
    parts = _database_parts(now)
    for name, future in remote.items():
        parts[name] = _result(future, end)
    return Health({name: parts[name] for name in ("database", *remote, *settings.HEALTH_CHECKS)})


def _ask_beside(check: Callable[[], str]) -> Future[str]:
    """Ask in another thread, in the language of this one."""
    language = get_language()

    def ask() -> str:
        with override(language):
            return check()

    return _pool.submit(ask)


def _result(future: Future[str], end: float) -> str:
    try:
        return future.result(timeout=max(0.0, end - time.monotonic()))
    except TimeoutError:
        future.cancel()  # one that has not begun
        return _("it did not answer within %(n)s seconds") % {"n": f"{PART_SECONDS:.0f}"}


def _database_parts(now: datetime) -> dict[str, str]:
    """Ask the database, and with it what the apps know (HEALTH_CHECKS)."""
    wrapper = cast("DatabaseWrapper", connection)
    unknown = dict.fromkeys(settings.HEALTH_CHECKS, str(UNKNOWN))
    try:
        with wrapper.answering_within(PART_SECONDS):
            return {"database": "", **{name: _ask(check, now) for name, check in settings.HEALTH_CHECKS.items()}}
    except (OperationalError, InterfaceError):
        return {"database": _("it does not answer"), **unknown}


def _ask(check: str, now: datetime) -> str:
    """Return what a check of an app says. One that fails must not hide the others: it is a problem of its part.

    Every exception is caught on purpose: checks are code of any app (HEALTH_CHECKS), so what they raise is not known
    here, and /health/ must answer when something is broken. It is logged with its traceback, and the part is red.
    """
    try:
        return str(import_string(check)(now))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("health_check_failed", check=check)
        return _("the check failed with %(error)s") % {"error": type(error).__name__}


def _redis() -> str:
    problem = redis_problem()
    said = _("%(error)s. Sign-in and sign-up need it, and tasks start later.")
    return said % {"error": problem} if problem else ""


def _workers(now: datetime) -> str:
    living = living_workers(now)
    if living is None:
        return _("not known while Redis does not answer")
    return "" if living else _("no worker has reported for a minute")


class MailServerCheck:
    """Whether the mail server answers; asked every MAIL_CHECK_EVERY seconds at most."""

    def __init__(self, ask: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._known: tuple[float, str] | None = None

    def problem(self) -> str:
        """Return why emails cannot be sent, or "". While somebody asks, others get the answer that is known."""
        if self._lock.acquire(blocking=self._known is None):
            try:
                if self._known is None or self._clock() - self._known[0] > MAIL_CHECK_EVERY:
                    self._known = self._clock(), self._ask()
            finally:
                self._lock.release()
        return self._known[1] if self._known else ""


def ask_mail_server() -> str:
    """Connect and say hello. Return the problem, or ""."""
    ours = ehlo_name(settings.BASE_HOST)
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=PART_SECONDS * 0.75, local_hostname=ours) as server:
            if settings.EMAIL_USE_TLS:
                server.starttls()
            server.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError) as error:
        return _("%(error)s. Emails are delayed, and nobody new can sign up.") % {"error": type(error).__name__}
    return ""


mail_server = MailServerCheck(ask_mail_server)
