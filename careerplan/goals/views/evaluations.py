"""The verdict on a finished step, and what it adds up to."""

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
from careerplan.goals.queries.ledger import LEAST, ledger_of
from careerplan.goals.queries.steps import has_open_step
from careerplan.goals.services.evaluations import StepIsNotDone, evaluate_step, keep_begun_verdict
from careerplan.goals.views.shortcuts import FORM_METHODS, back, own_step, saved, say_saved, says_when_closed


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_evaluate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Was it worth your time and effort? Asked when a step is done, and answered or changed whenever one likes."""

    def make() -> EvaluationForm:
        step = own_step(request, pk)
        if step.state != ActionStep.State.DONE:
            raise StepIsNotDone
        return EvaluationForm(form_data(request), step=step)

    def save(form: EvaluationForm) -> None:
        now, version = timezone.now(), form.seen.version
        evaluate_step(step=form.step, verdict=form.verdict(), version=version, now=now)

    asks_later = "later" in request.POST
    try:
        form, is_saved = (make(), False) if asks_later else saved(request, make, save)
    except StepIsNotDone:  # it was opened again in another tab
        return _not_done(request, own_step(request, pk))
    step = form.step
    if asks_later and _keep(form):
        return _after_verdict(request, step.goal)
    if is_saved:
        say_saved(request, form, _("Saved. It counts in your worth-it ledger."))
        return _after_verdict(request, step.goal)
    origin = request.POST.get("from") or request.GET.get("from", "")
    context = {"section": "goals", "form": form, "step": step, "goal": step.goal, "is_from_today": origin == "today"}
    return render(request, "goals/evaluate.html", context)


def _keep(form: EvaluationForm) -> bool:
    """Keep what was typed until the question is asked again, and say whether it could be kept."""
    if form.can_wait:
        keep_begun_verdict(step=form.step, begun=form.begun(), now=timezone.now())
    return form.can_wait


def _not_done(request: AuthenticatedRequest, step: ActionStep) -> HttpResponse:
    """What was typed is kept until the step is done."""
    messages.error(request, _("This step is not done. Mark it done first, then say what it was worth."))
    if request.method == "POST" and _keep(EvaluationForm(request.POST, step=step)):
        messages.info(request, _("What you typed is kept till then."))
    return redirect(step.goal)


def _after_verdict(request: AuthenticatedRequest, goal: Goal) -> HttpResponse:
    """To where the button was; but to the goal where nothing is left to do: it asks how to go on."""
    if goal.is_active and not has_open_step(goal):
        return redirect(goal)
    return back(request, goal)


@require_safe
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """What kinds of steps were worth it."""
    context = {"section": "goals", "ledger": ledger_of(request.user), "least": LEAST}
    return render(request, "goals/ledger.html", context)
