"""Our adapter for django-allauth: emails, redirects, error messages and logs."""

from smtplib import SMTPException
from typing import Any, cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts import attempts, sign_up_rules, suspended_posts
from accounts.emails import NOTIFICATION_MAILS, REQUIRED_MAILS
from accounts.models import User
from accounts.notices import mail_connection
from accounts.reauthentication import signed_in_recently
from accounts.waiting import say_when
from careerplan.core.mail import absolute_url, build_email
from careerplan.core.sentences import join_sentences

log = structlog.get_logger(__name__)

CODE_DIGITS = 6
SETTINGS_PAGE = "accounts:settings"


class AccountAdapter(DefaultAccountAdapter):
    """Our changes to allauth's DefaultAccountAdapter."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account has been deactivated."),
        "duplicate_email": _("This is already your address. Enter a different one."),
        "email_password_mismatch": _("Wrong email address or password."),
        "email_taken": _("You cannot use this address. Enter a different one."),
        "enter_current_password": _("Wrong current password."),
        "incorrect_password": _("Wrong password."),
        "too_many_login_attempts": _("Too many attempts."),
        "rate_limited": _("Too many attempts. Wait 1 minute and try again."),
    }

    # --- Emails -------------------------------------------------------------------------------------
    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Build our message for an allauth template, or allauth's own where we have none."""
        known = {**REQUIRED_MAILS, **NOTIFICATION_MAILS}.get(template_prefix.rpartition("/")[2])
        if known is None or not isinstance(email, str):
            return cast("EmailMessage", super().render_mail(template_prefix, email, context, headers))
        name, make_context = known
        return build_email(name, to=email, context=make_context(context), headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now. If the mail server fails, show a page, but ignore it for notifications."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        message.connection = mail_connection()
        name = template_prefix.rpartition("/")[2]
        try:
            message.send()
        except (SMTPException, OSError) as error:
            log.error("account_mail_failed", mail=name, kind=type(error).__name__)
            if name not in NOTIFICATION_MAILS:
                page = render(allauth_context.request, "account/mail_failed.html", status=503)
                raise ImmediateHttpResponse(page) from error

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Send allauth's notice; our templates also name the user."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link on the configured origin, never on the Host of a request."""
        uid, _dash, token = key.partition("-")
        return absolute_url(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def generate_email_verification_code(self) -> str:
        return get_random_string(CODE_DIGITS, "0123456789")

    # --- Confirming who someone is (accounts/reauthentication.py) -------------------------------------
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the password must be typed again; not soon after signing in with it.

        Whoever has neither password nor passkey is sent to the OpenID provider instead.
        """
        if signed_in_recently(self.request):
            return False
        if not get_reauthentication_flows(self.request.user):  # allauth would let them pass
            raise ImmediateHttpResponse(suspended_posts.suspend(self.request, reverse("accounts:openid-confirm")))
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is, in our words. The first is the page that is shown at once."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate:webauthn": _("Use your passkey"),
            "mfa_reauthenticate": _("Use a code from your app or a recovery code"),
        }
        found = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        return [{**found[way], "description": text} for way, text in words.items() if way in found]

    def get_login_stages(self) -> list[str]:
        """Return allauth's steps of signing in, with our second one."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.factors.stages.SecondStepStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    # --- Who may sign up (accounts/sign_up_rules.py) -----------------------------------------------------
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return sign_up_rules.is_open(request)

    # --- Pages ---------------------------------------------------------------------------------------
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Redirect to the deletion page while a deletion is pending."""
        if request.user.is_authenticated and request.user.is_deletion_pending:
            return reverse("accounts:delete")
        return str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse(SETTINGS_PAGE)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Redirect to the settings, or to sign-in after a sign-up."""
        return reverse(SETTINGS_PAGE if self.request.user.is_authenticated else "account_login")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Return False: allauth's JSON responses would repeat what was typed."""
        return False

    # --- The user -------------------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, **kwargs: Any) -> User:
        user.name, user.time_zone = form.cleaned_data["name"], form.cleaned_data["time_zone"]
        return cast("User", super().save_user(request, user, form, **kwargs))

    # --- Attempts (accounts/attempts.py) --------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return attempts.count_key(request, credentials["email"])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError if there were too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise self.too_many_attempts(attempts.free_at(request, credentials["email"])) from None
        self._account_usage = attempts.use_account_limit(request, credentials["email"])
        if self._account_usage is None:
            self._rollback_login_failed_rl_usage()
            raise self.too_many_attempts(attempts.free_at(request, credentials["email"]))

    def too_many_attempts(self, until: float) -> ValidationError:
        """Return the error that says when the next attempt is possible."""
        refused: ValidationError = self.validation_error("too_many_login_attempts")
        refused.message = join_sentences(str(refused.message), say_when(self.request, until))
        return refused

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self._account_usage is not None:
            self._account_usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        attempts.forget_attempts(request, credentials["email"])

    # --- Logs: ids, never addresses -----------------------------------------------------------------
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("sign_in_refused", client=self.get_client_ip(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        request.is_first_sign_in = user.last_login is None  # type: ignore[attr-defined]  # for accounts.receivers
        super().login(request, user)
        log.info("signed_in", user=user.pk)

    def logout(self, request: HttpRequest) -> None:
        log.info("signed_out", user=request.user.pk)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        log.warning("sign_in_refused", user=user.pk, why="inactive")
        return cast("HttpResponse", super().respond_user_inactive(request, user))
