"""Choosing an occupation as the target outside of the wizard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.queries import occupation_named
from careerplan.plans.services import set_target


@require_POST
def choose(request: AuthenticatedRequest) -> HttpResponse:
    """Make an occupation the target of the plan, and compare the newest results with it."""
    occupation = occupation_named(request.POST.get("occupation", ""))
    if occupation is None:
        raise Http404
    set_target(user=request.user, occupation=occupation, today=timezone.localdate())
    messages.success(request, _("Your target is now: %(title)s.") % {"title": occupation.title})
    return redirect("skills:results")
