"""Account emails: our message and its context for each of allauth's templates."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account import app_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.devices import describe_device
from accounts.models import User
from careerplan.core.mail import absolute_url

Context = dict[str, Any]


def code_mail(context: Context) -> Context:
    """Return the context of an email with a code."""
    minutes = app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
    return {"code": context["code"], "minutes": minutes}


def existing_account_mail(context: Context) -> Context:
    """Return the context for someone who signs up with an address that has an account."""
    return {
        "sign_in_url": absolute_url(reverse("account_login")),
        "reset_url": absolute_url(reverse("account_reset_password")),
    }


def unknown_account_mail(context: Context) -> Context:
    """Return the context for a password reset with an address that has no account."""
    return {"signup_url": absolute_url(reverse("account_signup"))}


def reset_mail(context: Context) -> Context:
    """Return the context of a password reset."""
    return {"reset_url": context["password_reset_url"]}


def change_mail(context: Context) -> Context:
    """Return when, in the user's time zone, and where a change was made, and the address to reset the password."""
    user = context.get("user")
    when: datetime = context.get("timestamp") or timezone.now()
    device, ip = describe_device(context.get("user_agent", "")), context.get("ip")
    if device:
        where = _("It was done in %(device)s, from the IP address %(ip)s.") % {"device": device, "ip": ip}
    else:
        where = _("It was done from the IP address %(ip)s.") % {"ip": ip}
    return {
        "when": timezone.localtime(when, user.zone) if user else when,
        "where": where,
        "reset_url": absolute_url(reverse("account_reset_password")),
    }


def email_changed_mail(context: Context) -> Context:
    """Return the context of the email to the old address."""
    return {**change_mail(context), "old": context["from_email"], "new": context["to_email"]}


def email_removed_mail(context: Context) -> Context:
    return {**change_mail(context), "address": context["deleted_email"]}


def factor_mail(context: Context) -> Context:
    """Return the context of an email about a change of how someone signs in."""
    return {
        **change_mail(context),
        "left": context.get("left", 0),
        "security_url": absolute_url(reverse("accounts:security")),
    }


def openid_mail(context: Context) -> Context:
    """Return the context of an email about a connection to an OpenID account."""
    return {**factor_mail(context), "provider_name": context["provider"].name}


def deletion_requested_mail(user: User) -> Context:
    """Return when the account will be deleted and where to cancel."""
    due: datetime = user.deletion_due_at or timezone.now()
    return {"when": timezone.localtime(due, user.zone), "cancel_url": absolute_url(reverse("accounts:delete"))}


# People cannot continue without these: if one cannot be sent, a page says so.
REQUIRED_MAILS: dict[str, tuple[str, Callable[[Context], Context]]] = {
    "email_confirmation_signup": ("confirm_signup", code_mail),
    "email_confirmation": ("confirm_email", code_mail),
    "account_already_exists": ("account_exists", existing_account_mail),
    "unknown_account": ("unknown_account", unknown_account_mail),
    "password_reset_key": ("reset_password", reset_mail),
}
# These report a change that was already made.
NOTIFICATION_MAILS: dict[str, tuple[str, Callable[[Context], Context]]] = {
    "password_changed": ("password_changed", change_mail),
    "password_reset": ("password_changed", change_mail),
    "password_set": ("password_changed", change_mail),
    "email_changed": ("email_changed", email_changed_mail),
    "email_confirm": ("email_confirmed", change_mail),
    "email_deleted": ("email_removed", email_removed_mail),
    "password_removed": ("password_removed", factor_mail),
    "webauthn_added": ("passkey_added", factor_mail),
    "webauthn_removed": ("passkey_removed", factor_mail),
    "totp_activated": ("app_added", factor_mail),
    "totp_deactivated": ("app_removed", factor_mail),
    "recovery_codes_generated": ("recovery_codes_replaced", factor_mail),
    "account_connected": ("openid_connected", openid_mail),
    "account_disconnected": ("openid_disconnected", openid_mail),
    "recovery_code_used": ("recovery_code_used", factor_mail),
}
