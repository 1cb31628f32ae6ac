"""Pages of the decision: for it, against it, what came of it, and whether it was right."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import queries, services
from careerplan.opportunities.forms import DecideForm, JudgeForm, PursueForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.views.common import SECTION, own, says_when_archived


def decided_otherwise() -> str:
    """What a decision is answered with that comes too late."""
    return _("This was decided otherwise meanwhile. Consider it again first, on its page.")


@require_http_methods(FORM_METHODS)
@says_when_archived
def pursue(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decide for it, with why and the next step."""
    now, opportunity = timezone.now(), own(request, pk)
    served = list(opportunity.effects.filter(effect="serves").values_list("goal_id", flat=True))
    goals = opportunity.plan.goals.active()
    first = {"reason": opportunity.reason, "step_goal": next((pk for pk in served), None)}
    form = PursueForm(form_data(request), goals=goals, today=timezone.localdate(now), initial=first)
    if request.method == "POST" and form.is_valid():
        reason, step = form.cleaned_data["reason"], form.next_step()
        try:
            services.pursue_opportunity(opportunity=opportunity, reason=reason, next_step=step, now=now)
        except services.IsDecided:
            form.add_error(None, decided_otherwise())
        except GoalIsClosed:
            form.add_error("step_goal", _("This goal was closed meanwhile. Choose another one."))
        else:
            messages.success(request, _("You pursue it. In 90 days you are asked whether that was right."))
            return redirect(opportunity)
    return render(request, "opportunities/pursue.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@require_http_methods(FORM_METHODS)
@says_when_archived
def decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decide against it, with why."""
    opportunity = own(request, pk)
    form = DecideForm(form_data(request), initial={"reason": opportunity.reason})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.decline_opportunity(opportunity=opportunity, reason=reason, now=timezone.now())
        except services.IsDecided:
            form.add_error(None, decided_otherwise())
        else:
            messages.success(request, _("Declined. It stays in the list with your reasons."))
            return redirect(opportunity)
    return render(request, "opportunities/decline.html", {"section": SECTION, "form": form, "opportunity": opportunity})


@require_POST
@says_when_archived
def won(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """It came off."""
    return _end(request, own(request, pk), services.win_opportunity, _("Won. It stays in the list."))


@require_POST
@says_when_archived
def lost(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """It did not come off."""
    return _end(request, own(request, pk), services.lose_opportunity, _("Saved. It stays in the list."))


def _end(
    request: AuthenticatedRequest, opportunity: Opportunity, end: Callable[..., Opportunity], done: str
) -> HttpResponse:
    try:
        end(opportunity=opportunity, now=timezone.now())
    except services.NotPursued:
        messages.error(request, _("Decide to pursue it first; then it can be won or lost."))
    else:
        messages.success(request, done)
    return redirect(opportunity)


@require_POST
@says_when_archived
def reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Consider it again."""
    opportunity = services.reopen_opportunity(opportunity=own(request, pk))
    messages.success(request, _("It is open again. What you said at the decision is kept."))
    return redirect(opportunity)


@require_http_methods(FORM_METHODS)
@says_when_archived
def judge(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ninety days later: was the decision right?"""
    now, opportunity = timezone.now(), own(request, pk)
    today = timezone.localdate(now)
    first = {"judgement": opportunity.judgement, "note": opportunity.judgement_note}
    form = JudgeForm(form_data(request), initial=first)
    try:
        if request.method == "POST" and form.is_valid():
            services.judge_decision(opportunity=opportunity, today=today, now=now, **form.cleaned_data)
            messages.success(request, _("Saved. It stands with the decision."))
            return redirect(opportunity)
        if opportunity.judged_at is None and not queries.asks_judgement(opportunity, today):
            raise services.NothingToJudge
    except services.NothingToJudge:
        messages.info(request, _not_yet(opportunity))
        return redirect(opportunity)
    return render(request, "opportunities/judge.html", {"section": SECTION, "form": form, "opportunity": opportunity})


def _not_yet(opportunity: Opportunity) -> str:
    if opportunity.judged_from is None:
        return _("Nothing is decided here, so there is nothing to look back on.")
    day = date_format(opportunity.judged_from, "j M Y")
    return _("It is too early to say whether it was right. You are asked on %(day)s.") % {"day": day}
