"""What the steps of a plan still need."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.goals import queries, services
from careerplan.goals.models import Resource
from careerplan.goals.views.common import says_when_closed


@require_safe
def needed(request: AuthenticatedRequest) -> HttpResponse:
    """Everything still needed across the plan, with its cost."""
    return render(request, "goals/needed.html", {"section": "goals", "page": queries.needed_page(request.user)})


@require_POST
@says_when_closed
def resource_state(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say how far one is in getting a resource: needed, requested or secured."""
    resource = get_object_or_404(Resource.objects.for_user(request.user).select_related("step__goal"), pk=pk)
    state = request.POST.get("state", "")
    if state in Resource.State.values:
        resource = services.set_resource_state(resource=resource, state=Resource.State(state))
        told = {"state": resource.get_state_display(), "what": resource.description}
        messages.success(request, _("%(state)s: %(what)s.") % told)
    else:
        messages.error(request, _("Choose needed, requested or secured."))
    if request.POST.get("from") == "needed":
        return redirect("goals:needed")
    return redirect(f"{resource.step.goal.get_absolute_url()}#step-{resource.step.pk}")
