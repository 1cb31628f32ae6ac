"""Views for deciding on an opportunity, recording its outcome, and looking back 90 days later."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.goals.models import Goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import services
from careerplan.opportunities.forms.opportunity import DecisionForm, OutcomeReviewForm, PursueForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import is_outcome_review_due
from careerplan.opportunities.views.opportunities import SECTION, get_opportunity_or_404, handle_archived_plan

ALREADY_DECIDED = gettext_lazy("You made a different decision in another tab. Consider it again first.")


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def pursue(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decide to pursue an opportunity, with a reason and its first step."""
    now, opportunity = timezone.now(), get_opportunity_or_404(request, pk)
    helped = opportunity.effects.filter(effect="helps").values_list("goal_id", flat=True).first()
    goals = opportunity.plan.goals.active()
    initial = {"reason": opportunity.reason, "step_goal": helped}
    form = PursueForm(form_data(request), goals=goals, today=timezone.localdate(now), initial=initial)
    if request.method == "POST" and form.is_valid():
        reason, step = form.cleaned_data["reason"], form.first_step()
        try:
            services.pursue_opportunity(opportunity=opportunity, reason=reason, first_step=step, now=now)
        except services.AlreadyDecided:
            form.add_error(None, ALREADY_DECIDED)
        except (GoalIsClosed, Goal.DoesNotExist):
            form.add_error("step_goal", _("This goal was closed in another tab. Choose a different goal."))
        else:
            messages.success(request, _("You are pursuing it. We'll ask you about it in 90 days."))
            return redirect(opportunity)
    return render(request, "opportunities/pursue.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decline an opportunity or withdraw the application, with a reason."""
    opportunity = get_opportunity_or_404(request, pk)
    form = DecisionForm(form_data(request), initial={"reason": opportunity.reason})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.decline_opportunity(opportunity=opportunity, reason=reason, now=timezone.now())
        except services.AlreadyDecided:
            form.add_error(None, ALREADY_DECIDED)
        else:
            messages.success(request, _("Declined. You can find it in the list with your reasons."))
            return redirect(opportunity)
    return render(request, "opportunities/decline.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@post_only(pgettext_lazy("opportunity", "Got it"), "opportunities:detail", gettext_lazy("Go to the opportunity"))
@handle_archived_plan
def won(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record that the user got it."""
    opportunity = get_opportunity_or_404(request, pk)
    return _set_outcome(request, opportunity, services.mark_won, _("You got it. Your notes are saved."))


@post_only(
    pgettext_lazy("opportunity", "Did not get it"), "opportunities:detail", gettext_lazy("Go to the opportunity")
)
@handle_archived_plan
def lost(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record that the user did not get it."""
    opportunity = get_opportunity_or_404(request, pk)
    return _set_outcome(request, opportunity, services.mark_lost, _("You did not get it. Your notes are saved."))


def _set_outcome(
    request: AuthenticatedRequest, opportunity: Opportunity, mark: Callable[..., Opportunity], done: str
) -> HttpResponse:
    try:
        mark(opportunity=opportunity, now=timezone.now())
    except services.NotPursuing:
        messages.error(request, _("Choose “Pursue” first. Then you can say whether you got it."))
    else:
        messages.success(request, done)
    return redirect(opportunity)


@post_only(gettext_lazy("Consider it again"), "opportunities:detail", gettext_lazy("Go to the opportunity"))
@handle_archived_plan
def reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Consider an opportunity again."""
    opportunity = services.reopen_opportunity(opportunity=get_opportunity_or_404(request, pk))
    messages.success(request, _("You are considering it again. Your earlier reason is saved."))
    return redirect(opportunity)


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def look_back(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask, 90 days after a decision, whether it was right."""
    now, opportunity = timezone.now(), get_opportunity_or_404(request, pk)
    today = timezone.localdate(now)
    initial = {"outcome_review": opportunity.outcome_review, "note": opportunity.outcome_review_note}
    form = OutcomeReviewForm(form_data(request), initial=initial)
    try:
        if request.method == "POST" and form.is_valid():
            services.review_outcome(opportunity=opportunity, today=today, now=now, **form.cleaned_data)
            messages.success(request, _("Saved with your decision."))
            return redirect(opportunity)
        if opportunity.outcome_reviewed_at is None and not is_outcome_review_due(opportunity, today):
            raise services.OutcomeReviewNotDue
    except services.OutcomeReviewNotDue:
        messages.info(request, _too_early(opportunity))
        return redirect(opportunity)
    return render(
        request, "opportunities/look_back.html", {"section": SECTION, "form": form, "opportunity": opportunity}
    )


def _too_early(opportunity: Opportunity) -> str:
    if opportunity.outcome_review_due_on is None:
        return _("You have not decided yet, so there is nothing to look back on.")
    day = date_format(opportunity.outcome_review_due_on, "j M Y")
    return _("It is too early to look back. We'll ask you on %(day)s.") % {"day": day}
