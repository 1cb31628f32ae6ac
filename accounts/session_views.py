"""Signing out in other browsers."""

import structlog
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.devices import describe_device
from accounts.models import AuthenticatedRequest
from accounts.queries import live_sessions
from accounts.session_ending import end_sessions
from careerplan.core.post_only import post_only

SECURITY_PAGE = "accounts:security"

log = structlog.get_logger(__name__)


@post_only(gettext_lazy("Sign out"), SECURITY_PAGE, gettext_lazy("Go to “Sign-in and security”"))
def end_session(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Sign out in another browser."""
    own = live_sessions(timezone.now()).filter(user=request.user)
    session = get_object_or_404(own.exclude(session_key=request.session.session_key), pk=pk)
    raise_if_reauthentication_required(request, app="allauth.usersessions")
    device = describe_device(session.user_agent)
    end_sessions([session.session_key])
    log.info("session_ended_elsewhere", user=request.user.pk, count=1)
    if device:
        messages.success(request, _("Signed out: %(device)s.") % {"device": device})
    else:
        messages.success(request, _("Signed out."))
    return redirect(SECURITY_PAGE)


@post_only(gettext_lazy("Sign out everywhere else"), SECURITY_PAGE, gettext_lazy("Go to “Sign-in and security”"))
@reauthentication_required
def end_other_sessions(request: AuthenticatedRequest) -> HttpResponse:
    """Sign out everywhere else."""
    own = live_sessions(timezone.now()).filter(user=request.user)
    others = list(own.exclude(session_key=request.session.session_key).values_list("session_key", flat=True))
    end_sessions(others)
    log.info("session_ended_elsewhere", user=request.user.pk, count=len(others))
    words = ngettext("Signed out in %(n)s other browser.", "Signed out in %(n)s other browsers.", len(others))
    messages.success(request, words % {"n": len(others)})
    return redirect(SECURITY_PAGE)
