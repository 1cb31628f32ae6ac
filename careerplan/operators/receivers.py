"""What follows a sign-in: FIRST_OPERATOR becomes one, so that nobody needs a command for it."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry
from careerplan.operators.services.people import set_operator


def make_first_operator(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Give the rights to the confirmed account of FIRST_OPERATOR (handler of a sign-in).

    Only while there never was an operator: rights that were ended do not come back, and a mailbox that is somebody
    else's later opens nothing.
    """
    if not settings.FIRST_OPERATOR or user.email != settings.FIRST_OPERATOR or was_there_an_operator():
        return
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        return
    set_operator(actor=SYSTEM, user=user, is_operator=True, now=timezone.now(), why="FIRST_OPERATOR")
    user.is_staff = True
    messages.info(request, _("You run this site. Add a passkey or an authenticator app to open the operator's pages."))


def was_there_an_operator() -> bool:
    """Return whether anyone is an operator or was one."""
    if User.objects.filter(is_staff=True).exists():
        return True
    return AuditEntry.objects.filter(action=AuditAction.OPERATOR_ADDED).exists()
