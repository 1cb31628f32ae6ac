"""Helpers of the opportunity views: load an opportunity of the user, and handle its forms."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import AuthenticatedRequest
from careerplan.goals.views.shortcuts import View, report_saved, save_with_retry
from careerplan.opportunities.models import Opportunity
from careerplan.plans.services import PlanIsArchived

SECTION = "opportunities"
COMPARE_MIN, COMPARE_MAX = 2, 4


def handle_archived_plan(view: View) -> View:
    """Redirect to the list with a message if the plan was archived during the request; raise 404 if the opportunity
    was deleted.
    """

    @wraps(view)
    def wrapped(request: AuthenticatedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PlanIsArchived:
            messages.error(request, _("Not saved: this plan is archived. You can read it but not change it."))
        except Opportunity.DoesNotExist:
            raise Http404 from None
        return redirect("opportunities:list")

    return wrapped


def get_opportunity_or_404(request: AuthenticatedRequest, pk: int, *, allow_archived: bool = False) -> Opportunity:
    """Return an opportunity of the user with its plan; those of archived plans only with `allow_archived`."""
    found = Opportunity.objects.for_user(request.user).select_related("plan")
    return get_object_or_404(found if allow_archived else found.of_active_plans(), pk=pk)


def handle_form(
    request: AuthenticatedRequest,
    template: str,
    make: Callable[[], Any],
    save: Callable[[Any], object],
    pk: int,
    *,
    stay: bool = False,
) -> HttpResponse:
    """Show or save a form about one opportunity, then show the opportunity, or with `stay` the form again."""
    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        report_saved(request, form, _("Saved."))
        return redirect(request.path) if stay else redirect("opportunities:detail", pk)
    context = {"section": SECTION, "form": form, "opportunity": form.opportunity}
    return render(request, template, context)
