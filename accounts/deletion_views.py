"""Pages about deleting the account: each step a POST of its own, behind the password."""

from functools import partial
from smtplib import SMTPException

import structlog
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.mail import get_connection
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import deletion
from accounts.adapter import MAIL_SECONDS, SETTINGS_PAGE
from accounts.emails import deletion_asked_mail
from accounts.models import AuthenticatedRequest, User
from accounts.tasks import delete_due_accounts
from careerplan.core import expired_session
from careerplan.core.mail import build_email
from careerplan.core.tasks import enqueue

log = structlog.get_logger(__name__)


@require_safe
def page(request: AuthenticatedRequest) -> HttpResponse:
    """What deleting means; or, while it is under way, until when, and the way back."""
    return render(request, "accounts/delete.html", {"section": "settings", "days": deletion.COOLING_OFF.days})


@require_POST
@reauthentication_required
def ask(request: AuthenticatedRequest) -> HttpResponse:
    """Delete the account in a week."""
    was_asked = request.user.is_leaving
    deletion.ask_for_deletion(user=request.user, now=timezone.now())
    if not was_asked:
        _tell(request.user)
    return redirect("accounts:delete")


def _tell(user: User) -> None:
    message = build_email("deletion_asked", to=user.email, context=deletion_asked_mail(user))
    message.connection = get_connection(timeout=MAIL_SECONDS)
    try:
        message.send()
    except (SMTPException, OSError) as error:  # the page says the same
        log.error("account_mail_failed", mail="deletion_asked", kind=type(error).__name__)


@require_POST
@reauthentication_required
def delete_now(request: AuthenticatedRequest) -> HttpResponse:
    """Delete the account without the week, and sign out."""
    deletion.hasten_deletion(user=request.user, now=timezone.now())
    transaction.on_commit(partial(enqueue, delete_due_accounts))
    response = redirect("account_login")
    expired_session.delete_last_user_cookie(request, response)
    logout(request)
    messages.success(request, _("Your account is being deleted, with everything in it. We send you a last e-mail."))
    return response


@require_POST
def cancel(request: AuthenticatedRequest) -> HttpResponse:
    """Keep the account."""
    deletion.cancel_deletion(user=request.user)
    messages.success(request, _("Your account stays. Reminders come again as before."))
    return redirect(SETTINGS_PAGE)
