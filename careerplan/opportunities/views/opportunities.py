"""Views of opportunities: list, add, detail, edit and delete, and what the other views of an opportunity share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.expired_session import nothing_typed
from careerplan.core.forms import form_data
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.goals.views.shortcuts import FORM_METHODS, View, report_saved, save_with_retry
from careerplan.opportunities import services, texts
from careerplan.opportunities.forms.opportunity import AddOpportunityForm, EditOpportunityForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import is_outcome_review_due, list_opportunities
from careerplan.opportunities.queries.weighing import weigh_up
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
    more: Callable[[Opportunity], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show or save a form about one opportunity, then show the opportunity, or with `stay` the form again.

    `more` returns what else the page of the form shows.
    """
    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        report_saved(request, form, _("Saved."))
        return redirect(request.path) if stay else redirect("opportunities:detail", pk)
    context = {"section": SECTION, "form": form, "opportunity": form.opportunity}
    return render(request, template, context | (more(form.opportunity) if more else {}))


@require_safe
def opportunity_list(request: AuthenticatedRequest) -> HttpResponse:
    """List all opportunities, with the short form to add one."""
    today = timezone.localdate()
    found = list_opportunities(request.user, today)
    context = {
        "section": SECTION,
        "today": today,
        "list": found,
        "lead": texts.list_lead(found, today),
        "form": AddOpportunityForm(today=today),
        "ticked": [row.opportunity.pk for row in found.considering[:COMPARE_MAX]],
    }
    return render(request, "opportunities/list.html", context)


@require_http_methods(FORM_METHODS)
def add(request: AuthenticatedRequest) -> HttpResponse:
    now = timezone.now()
    form = AddOpportunityForm(form_data(request), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"]
        services.add_opportunity(user=request.user, form_key=key, changes=form.changes(), now=now)
        messages.success(request, _("Added. Weigh it up when you have time."))
        return redirect("opportunities:list")
    return render(request, "opportunities/new.html", {"section": SECTION, "form": form})


@require_safe
def detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an opportunity, also one of an archived plan."""
    opportunity = get_opportunity_or_404(request, pk, allow_archived=True)
    today, [weighed] = timezone.localdate(), weigh_up(request.user, opportunity.plan, [opportunity])
    goals = active_goals_by_skill(request.user)
    context = {
        "section": SECTION,
        "today": today,
        "opportunity": opportunity,
        "weighed": weighed,
        "is_read_only": not opportunity.plan.is_active,
        "is_outcome_review_due": opportunity.plan.is_active and is_outcome_review_due(opportunity, today),
        "gaps": [(gap, goals.get(gap.skill_id)) for gap in weighed.match.gaps],
    }
    return render(request, "opportunities/detail.html", context)


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    now = timezone.now()

    def make() -> EditOpportunityForm:
        opportunity = get_opportunity_or_404(request, pk)
        return EditOpportunityForm.of(opportunity, form_data(request), today=timezone.localdate(now))

    def save(form: EditOpportunityForm) -> None:
        services.update_opportunity(opportunity=form.opportunity, changes=form.changes(), now=now)

    return handle_form(request, "opportunities/edit.html", make, save, pk)


@nothing_typed
@require_http_methods(FORM_METHODS)
@handle_archived_plan
def delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask, then delete an opportunity."""
    opportunity = get_opportunity_or_404(request, pk)
    if request.method == "POST":
        services.delete_opportunity(opportunity=opportunity)
        messages.success(request, _("Deleted: %(title)s") % {"title": opportunity.title})
        return redirect("opportunities:list")
    return render(request, "opportunities/delete.html", {"section": SECTION, "opportunity": opportunity})
