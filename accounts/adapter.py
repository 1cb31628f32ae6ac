"""What django-allauth asks us: our e-mails, our pages, our words, our logs."""

from smtplib import SMTPException
from typing import Any, cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage, get_connection
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.emails import NEEDED, NOTICES
from accounts.models import User
from careerplan.core.mail import absolute_url, build_email

log = structlog.get_logger(__name__)

CODE_DIGITS = 6
MAIL_SECONDS = 3  # somebody waits in front of the page; reminders, which nobody waits for, take their time
SETTINGS_PAGE = "reminders:settings"


class AccountAdapter(DefaultAccountAdapter):
    """See django-allauth's DefaultAccountAdapter; only what differs is here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off."),
        "duplicate_email": _("That is your address now. Enter another one."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together. Check both."),
        "email_taken": _("This address cannot be used. Enter another one."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes, then try again."),
        "rate_limited": _("That was a lot at once. Wait a minute, then try again."),
    }

    # --- E-mails ------------------------------------------------------------------------------------
    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """One of our messages in place of allauth's; allauth's own where we have none."""
        known = {**NEEDED, **NOTICES}.get(template_prefix.removeprefix("account/email/"))
        if known is None or not isinstance(email, str):
            return cast("EmailMessage", super().render_mail(template_prefix, email, context, headers))
        name, make_context = known
        return build_email(name, to=email, context=make_context(context), headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once. A mail server that is away: the person is told; but a notice alone stops nothing."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        message.connection = get_connection(timeout=MAIL_SECONDS)
        name = template_prefix.removeprefix("account/email/")
        try:
            message.send()
        except (SMTPException, OSError) as error:
            log.error("account_mail_failed", mail=name, kind=type(error).__name__)
            if name not in NOTICES:
                page = render(allauth_context.request, "account/mail_failed.html", status=503)
                raise ImmediateHttpResponse(page) from error

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """As allauth's, and the mail knows whose it is."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail, on the configured origin: never on the Host that a request names."""
        uid, _dash, token = key.partition("-")
        return absolute_url(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def generate_email_verification_code(self) -> str:
        """Six digits."""
        return get_random_string(CODE_DIGITS, "0123456789")

    # --- Pages ---------------------------------------------------------------------------------------
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever is about to leave sees that first, with the way back."""
        if request.user.is_authenticated and request.user.is_leaving:
            return reverse("accounts:delete")
        return str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the settings."""
        return reverse(SETTINGS_PAGE)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Back to the settings after a change; whoever is signed out signs in."""
        return reverse(SETTINGS_PAGE if self.request.user.is_authenticated else "account_login")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: our pages are pages, and allauth's JSON answers would repeat what was typed."""
        return False

    # --- The user -------------------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, **kwargs: Any) -> User:
        """A new user, with name and time zone."""
        user.name, user.time_zone = form.cleaned_data["name"], form.cleaned_data["time_zone"]
        return cast("User", super().save_user(request, user, form, **kwargs))

    # --- Logs: ids, never addresses -----------------------------------------------------------------
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a refused sign-in."""
        log.warning("sign_in_refused", client=self.get_client_ip(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and note it."""
        super().login(request, user)
        log.info("signed_in", user=user.pk)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and note it."""
        log.info("signed_out", user=request.user.pk)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """An account that was switched off."""
        log.warning("sign_in_refused", user=user.pk, why="inactive")
        return cast("HttpResponse", super().respond_user_inactive(request, user))
