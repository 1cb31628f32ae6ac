"""Views of opportunities: list, add, detail, edit and delete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import services, texts
from careerplan.opportunities.forms.opportunity import AddOpportunityForm, EditOpportunityForm
from careerplan.opportunities.queries.opportunity_list import is_outcome_review_due, list_opportunities
from careerplan.opportunities.queries.weighing import weigh_up
from careerplan.opportunities.views.common import (
    COMPARE_MAX,
    SECTION,
    get_opportunity_or_404,
    handle_archived_plan,
    handle_form,
)


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
    """Add an opportunity."""
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
    """Edit an opportunity."""
    now = timezone.now()

    def make() -> EditOpportunityForm:
        opportunity = get_opportunity_or_404(request, pk)
        return EditOpportunityForm.of(opportunity, form_data(request), today=timezone.localdate(now))

    def save(form: EditOpportunityForm) -> None:
        services.update_opportunity(opportunity=form.opportunity, changes=form.changes(), now=now)

    return handle_form(request, "opportunities/edit.html", make, save, pk)


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
