"""What the pages of opportunities share: finding the person's own one, and answering a form about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import AuthenticatedRequest
from careerplan.goals.views.shortcuts import View, saved, say_saved
from careerplan.opportunities.models import Opportunity
from careerplan.plans.services import PlanIsArchived

SECTION = "opportunities"
FEWEST, MOST = 2, 4  # to be put side by side


def says_when_archived(view: View) -> View:
    """Answers with a sentence, not an error page, where the plan was archived meanwhile; "not found" where the
    opportunity was deleted between being found and being held.
    """

    @wraps(view)
    def wrapped(request: AuthenticatedRequest, *args: Any, **words: Any) -> HttpResponse:
        try:
            return view(request, *args, **words)
        except PlanIsArchived:
            messages.error(request, _("This plan was archived meanwhile; it does not change any more."))
        except Opportunity.DoesNotExist:
            raise Http404 from None
        return redirect("opportunities:list")

    return wrapped


def own(request: AuthenticatedRequest, pk: int, *, archived_too: bool = False) -> Opportunity:
    """The person's own opportunity of that number with its plan, else "not found". To be read, archived ones too."""
    found = Opportunity.objects.for_user(request.user).select_related("plan")
    return get_object_or_404(found if archived_too else found.of_active_plans(), pk=pk)


def answer(
    request: AuthenticatedRequest,
    template: str,
    make: Callable[[], Any],
    save: Callable[[Any], object],
    pk: int,
    *,
    again: bool = False,
) -> HttpResponse:
    """The page of a form about one opportunity; once it is saved, the opportunity's page, or the form `again`."""
    form, is_saved = saved(request, make, save)
    if is_saved:
        say_saved(request, form, _("Saved."))
        return redirect(request.path) if again else redirect("opportunities:detail", pk)
    context = {"section": SECTION, "form": form, "opportunity": form.opportunity}
    return render(request, template, context)
