"""The code that confirms an email address: whether it is valid, and how to send a new one.

django-allauth discards an expired code and redirects to the sign-in page without a message. We keep it, so that
the page can say what happened and offer a new one.
"""

import time
from typing import Any

import structlog
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)


def can_send(request: HttpRequest, email: str, *, dry_run: bool = False) -> bool:
    """Return whether a code can be sent now (ACCOUNT_RATE_LIMITS); count it, unless `dry_run`.

    This limit and the few attempts per code together keep a stranger from guessing one.
    """
    return bool(consume_email_verification_rate_limit(request, email, dry_run=dry_run))


class Confirmation(EmailVerificationProcess):
    """The unconfirmed address of one session."""

    state: dict[str, Any]
    request: HttpRequest

    @classmethod
    def resume(cls, request: HttpRequest) -> "Confirmation | None":
        """Return the confirmation of this session, expired or not; None without one that is recent."""
        state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
        if not state or time.time() - state.get("begun", state["at"]) > app_settings.LOGIN_TIMEOUT:
            return None
        return cls(request=request, state=state)

    @property
    def is_replaced(self) -> bool:
        """Whether a newer sign-up with the same address replaced this one."""
        return "user_id" in self.state and self.user is None

    @property
    def attempts_left(self) -> int:
        return int(max(self.max_attempts - self.state["failed_attempts"], 0))

    @property
    def problem(self) -> str:
        """Return why the code cannot be used, as a message; "" while it can."""
        if not self.attempts_left:
            return _("Too many wrong codes. Ask for a new code.")
        if not self.is_valid():
            return _("This code has expired. Ask for a new code.")
        return ""

    def use_attempt(self) -> bool:
        """Count one attempt, right or wrong; return False if none is left.

        The session's own count is read when a request starts, so simultaneous requests would all see the old one.
        This one is counted in the cache, which all processes share.
        """
        key = f"confirm-code:{self.request.session.session_key}:{self.state['at']}"
        cache.add(key, 0, timeout=app_settings.LOGIN_TIMEOUT)
        return cache.incr(key) <= int(self.max_attempts)

    def record_invalid_attempt(self) -> bool:
        """Count a wrong code; return whether attempts are left. Keep the state, for a new code."""
        self.state["failed_attempts"] += 1
        self.persist()
        log.info("code_refused", user=self.user.pk if self.user else None)
        return self.attempts_left > 0

    def resend(self) -> bool:
        """Send a new code with its own time and attempts; return False if it is too soon.

        An address that has an account gets the same email as before: sending nothing would be faster and
        reveal the account.
        """
        if not can_send(self.request, self.email):
            return False
        self.generate_code()
        if self.user is None:
            get_adapter().send_account_already_exists_mail(self.email)
        else:
            get_adapter().send_confirmation_mail(self.request, self, signup=self.user.last_login is None)
        self.record_resend()
        self.state.setdefault("begun", self.state["at"])
        self.state |= {"at": time.time(), "failed_attempts": 0}
        self.persist()
        return True
