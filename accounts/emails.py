"""The e-mails of accounts: which of allauth's becomes which of ours, and what goes into it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account import app_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.core.mail import absolute_url

Context = dict[str, Any]


def code_mail(context: Context) -> Context:
    """Takes allauth's `code`."""
    minutes = app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
    return {"code": context["code"], "minutes": minutes}


def known_account_mail(context: Context) -> Context:
    """For somebody who signs up though they have an account."""
    return {
        "sign_in_url": absolute_url(reverse("account_login")),
        "reset_url": absolute_url(reverse("account_reset_password")),
    }


def unknown_account_mail(context: Context) -> Context:
    """For somebody who asks for a new password though there is no account."""
    return {"signup_url": absolute_url(reverse("account_signup"))}


def reset_mail(context: Context) -> Context:
    """Takes allauth's `password_reset_url`, which our adapter makes."""
    return {"reset_url": context["password_reset_url"]}


def notice(context: Context) -> Context:
    """Something changed: when it was, as far as we know their time zone, and what to do if it was not them."""
    user = context.get("user")
    when: datetime = context.get("timestamp") or timezone.now()
    return {
        "when": timezone.localtime(when, user.zone) if user else when,
        "reset_url": absolute_url(reverse("account_reset_password")),
    }


def email_changed_mail(context: Context) -> Context:
    """Takes allauth's `from_email` and `to_email`; goes to the old address."""
    return {**notice(context), "old": context["from_email"], "new": context["to_email"]}


def email_removed_mail(context: Context) -> Context:
    """Takes allauth's `deleted_email`."""
    return {**notice(context), "address": context["deleted_email"]}


def deletion_asked_mail(user: User) -> Context:
    """For somebody whose account is to be deleted: when, and the way back."""
    due: datetime = user.deletion_due_at or timezone.now()
    return {"when": timezone.localtime(due, user.zone), "cancel_url": absolute_url(reverse("accounts:delete"))}


# Without the first ones nobody can go on: when they cannot be sent, the person is told.
NEEDED: dict[str, tuple[str, Callable[[Context], Context]]] = {
    "email_confirmation_signup": ("confirm_signup", code_mail),
    "email_confirmation": ("confirm_email", code_mail),
    "account_already_exists": ("account_exists", known_account_mail),
    "unknown_account": ("unknown_account", unknown_account_mail),
    "password_reset_key": ("reset_password", reset_mail),
}
# These tell about something that is done already.
NOTICES: dict[str, tuple[str, Callable[[Context], Context]]] = {
    "password_changed": ("password_changed", notice),
    "password_reset": ("password_changed", notice),
    "password_set": ("password_changed", notice),
    "email_changed": ("email_changed", email_changed_mail),
    "email_confirm": ("email_confirmed", notice),
    "email_deleted": ("email_removed", email_removed_mail),
}
