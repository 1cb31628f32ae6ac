"""The verdict on a finished step, and what it adds up to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import EvaluationForm
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.views.common import FORM_METHODS, back, own_step, saved, say_saved, says_when_closed


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_evaluate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Was it worth your time and effort? Asked when a step is done, and answered or changed whenever one likes."""
    if "later" in request.POST:
        return _after_verdict(request, own_step(request, pk).goal)

    def make() -> EvaluationForm:
        step = own_step(request, pk)
        if step.state != ActionStep.State.DONE:
            raise services.StepIsNotDone
        return EvaluationForm(posted(request), step=step)

    def save(form: EvaluationForm) -> None:
        now, version = timezone.now(), form.seen.version
        services.evaluate_step(step=form.step, verdict=form.verdict(), version=version, now=now)

    try:
        form, is_saved = saved(request, make, save)
    except services.StepIsNotDone:
        return _not_done(request, own_step(request, pk).goal)
    step = form.step
    if is_saved:
        say_saved(request, form, _("Saved. It counts in your worth-it ledger."))
        return _after_verdict(request, step.goal)
    origin = request.POST.get("from") or request.GET.get("from", "")
    context = {"section": "goals", "form": form, "step": step, "goal": step.goal, "is_from_today": origin == "today"}
    return render(request, "goals/evaluate.html", context)


def _not_done(request: AuthenticatedRequest, goal: Goal) -> HttpResponse:
    messages.error(request, _("This step is not done. Mark it done first, then say what it was worth."))
    return redirect(goal)


def _after_verdict(request: AuthenticatedRequest, goal: Goal) -> HttpResponse:
    """To where the button was; but to the goal where nothing is left to do: it asks how to go on."""
    if goal.is_active and not queries.has_open_step(goal):
        return redirect(goal)
    return back(request, goal)


@require_safe
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """What kinds of steps were worth it."""
    context = {"section": "goals", "ledger": queries.ledger_of(request.user), "least": queries.LEAST}
    return render(request, "goals/ledger.html", context)
