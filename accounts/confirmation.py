"""The code that confirms an e-mail address: when it is alive, and how it is sent again.

django-allauth forgets a code that has died and sends the person to the sign-in page without a word.
Here it is kept, so that the page can say what happened and offer a new one. The rest is allauth's.
"""

import time
from typing import Any

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


def may_send(request: HttpRequest, email: str, *, dry_run: bool = False) -> bool:
    """Whether a code may go to this address now (ACCOUNT_RATE_LIMITS); counts it, unless `dry_run`.

    Each code bears few guesses, so this is also what keeps a stranger from guessing one.
    """
    return bool(consume_email_verification_rate_limit(request, email, dry_run=dry_run))


class Confirmation(EmailVerificationProcess):
    """One address that waits for its code, in one session."""

    state: dict[str, Any]
    request: HttpRequest

    @classmethod
    def resume(cls, request: HttpRequest) -> "Confirmation | None":
        """The confirmation of this session, alive or not; None where none was begun, or it is long ago."""
        state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
        if not state or time.time() - state.get("begun", state["at"]) > app_settings.LOGIN_TIMEOUT:
            return None
        return cls(request=request, state=state)

    @property
    def is_replaced(self) -> bool:
        """Whether a newer sign-up with the same address took this one's place."""
        return "user_id" in self.state and self.user is None

    @property
    def tries_left(self) -> int:
        """How often a wrong code may still be typed."""
        return int(max(self.max_attempts - self.state["failed_attempts"], 0))

    @property
    def problem(self) -> str:
        """Why no code is right now, in words; "" while one is."""
        if not self.tries_left:
            return _("This code no longer works, because a wrong one was typed too often. Send a new code.")
        if not self.is_valid():
            return _("This code has expired: it worked for 10 minutes. Send a new code.")
        return ""

    def take_try(self) -> bool:
        """Use up one try, right or wrong; False where none is left.

        The session's own count is read when a request begins, so requests side by side would each see it
        untouched. This one is counted where all processes see it.
        """
        key = f"confirm-code:{self.request.session.session_key}:{self.state['at']}"
        cache.add(key, 0, timeout=app_settings.LOGIN_TIMEOUT)
        return cache.incr(key) <= int(self.max_attempts)

    def record_invalid_attempt(self) -> bool:
        """Counts a wrong code; returns whether there are tries left. A dead code stays, to be replaced."""
        self.state["failed_attempts"] += 1
        self.persist()
        return self.tries_left > 0

    def resend(self) -> bool:
        """Sends a new code, with its own time and tries; False where it is too soon after the last.

        For an address that has an account already it sends what the first mail said: a request that
        sends nothing would be quicker, and give the account away.
        """
        if not may_send(self.request, self.email):
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
