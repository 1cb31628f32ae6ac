"""Views for rating a finished step, and for the summary of all ratings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.forms.evaluations import EvaluationForm
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.ledger import MIN_RATINGS, load_ledger
from careerplan.goals.queries.steps import has_open_step
from careerplan.goals.services.evaluations import StepIsNotDone, evaluate_step, save_evaluation_draft
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_step_or_404,
    handle_closed_goal,
    redirect_back,
    report_saved,
    save_with_retry,
)


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def step_evaluate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Rate a finished step, or change its rating."""

    def make() -> EvaluationForm:
        step = get_step_or_404(request, pk)
        if step.state != ActionStep.State.DONE:
            raise StepIsNotDone
        return EvaluationForm(form_data(request), step=step)

    def save(form: EvaluationForm) -> None:
        now, version = timezone.now(), form.seen.version
        evaluate_step(step=form.step, changes=form.changes(), version=version, now=now)

    asks_later = "later" in request.POST
    try:
        form, is_saved = (make(), False) if asks_later else save_with_retry(request, make, save)
    except StepIsNotDone:  # reopened in another tab
        return _not_done(request, get_step_or_404(request, pk))
    step = form.step
    if asks_later and _keep(form):
        return _after_verdict(request, step.goal)
    if is_saved:
        report_saved(request, form, _("Saved. You can see it under “What was worth it”."))
        return _after_verdict(request, step.goal)
    origin = request.POST.get("from") or request.GET.get("from", "")
    context = {"section": "goals", "form": form, "step": step, "goal": step.goal, "is_from_today": origin == "today"}
    return render(request, "goals/evaluate.html", context)


def _keep(form: EvaluationForm) -> bool:
    """Save a draft of the rating and report whether that worked."""
    if form.can_wait:
        seen_at, now = form.seen_at, timezone.now()
        save_evaluation_draft(step=form.step, changes=form.draft_changes(), seen_at=seen_at, now=now)
    return form.can_wait


def _not_done(request: AuthenticatedRequest, step: ActionStep) -> HttpResponse:
    """Save a draft because the step is not done."""
    messages.error(request, _("This step is not done. Mark it as done first, then rate it."))
    if request.method == "POST" and _keep(EvaluationForm(request.POST, step=step)):
        messages.info(request, _("We keep what you typed until then."))
    return redirect(step.goal)


def _after_verdict(request: AuthenticatedRequest, goal: Goal) -> HttpResponse:
    """Redirect to where the button was, or to the goal if it has no open step."""
    if goal.is_active and not has_open_step(goal):
        return redirect(goal)
    return redirect_back(request, goal)


@require_safe
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """Show which kinds of step were worth it."""
    context = {"section": "goals", "ledger": load_ledger(request.user), "least": MIN_RATINGS}
    return render(request, "goals/ledger.html", context)
