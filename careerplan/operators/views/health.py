"""The health page: what /health/ says, for people."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.post_only import post_only
from careerplan.operators import mails
from careerplan.operators.actors import operator
from careerplan.operators.models import AuditAction
from careerplan.operators.queries.health import load_health
from careerplan.operators.services.audit import record


@require_safe
def health(request: AuthenticatedRequest) -> HttpResponse:
    """Show each part, trouble first."""
    return render(request, "operators/health.html", {"part": "health", "health": load_health(timezone.now())})


@post_only(gettext_lazy("Send a test email"), "operators:health", gettext_lazy("Go to the health page"))
def send_test_mail(request: AuthenticatedRequest) -> HttpResponse:
    """Send an email to the operator and say what the mail server answered."""
    with transaction.atomic():
        record(actor=operator(request.user), action=AuditAction.TEST_MAIL, now=timezone.now())
    if mails.send("test_mail", to=request.user.email, context={}):
        messages.success(request, _("The mail server took the test email to your address."))
    else:
        messages.error(request, _("The mail server did not take the test email. The log says why."))
    return redirect("operators:health")
