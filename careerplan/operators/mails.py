"""Emails about what an operator did: to the person, and to a new address that has to be confirmed."""

from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import structlog
from django.core import signing
from django.urls import reverse

from accounts.models import Invitation, User
from accounts.notices import mail_connection
from accounts.sign_up_rules import invitation_url
from careerplan.core.mail import absolute_url, build_email

ADDRESS_SALT = "operators.new_address"
ADDRESS_LINK_LIFETIME = timedelta(days=3)

log = structlog.get_logger(__name__)


def send(name: str, *, to: str, context: Mapping[str, Any]) -> bool:
    """Send now, without a long wait; return whether the mail server took it."""
    message = build_email(name, to=to, context=context)
    message.connection = mail_connection()
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.error("account_mail_failed", mail=name, kind=type(error).__name__)
        return False
    return True


def tell_person(user: User, *, heading: str, paragraphs: list[str], to: str = "") -> bool:
    """Tell a person what an operator did with the account."""
    return send("operator_act", to=to or user.email, context={"heading": heading, "paragraphs": paragraphs})


def send_confirm_reminder(user: User) -> bool:
    """Ask somebody to finish the sign-up: signing in sends a new code to the browser that asks for it."""
    context = {"sign_in_url": absolute_url(reverse("account_login"))}
    return send("confirm_reminder", to=user.email, context=context)


def send_invitation(invitation: Invitation) -> bool:
    context = {"sign_up_url": invitation_url(invitation), "until": invitation.expires_at}
    return send("invitation", to=invitation.email, context=context)


def send_address_link(user: User, *, email: str) -> bool:
    """Send the link that confirms a new address, to that address."""
    value = {"user": user.pk, "from": user.email, "to": email, "operator": user.is_staff}
    token = signing.dumps(value, salt=ADDRESS_SALT, compress=True)
    url = absolute_url(reverse("new_address:confirm", kwargs={"token": token}))
    return send("confirm_address", to=email, context={"url": url, "days": ADDRESS_LINK_LIFETIME.days})


def read_address_link(token: str) -> tuple[User, str] | None:
    """Return the account and the new address of a link; None if it was used, is too old or was not made by us.

    It was asked for an account with the rights that it had then: the link does not open that of a new operator.
    """
    try:
        value = signing.loads(token, salt=ADDRESS_SALT, max_age=ADDRESS_LINK_LIFETIME)
    except signing.BadSignature:
        return None
    same = User.objects.filter(pk=value["user"], email=value["from"], is_staff=value["operator"], is_active=True)
    user = same.first()
    return (user, value["to"]) if user else None
