"""Pages of action steps: find the owner's object, call one query or one service, answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import StepForm
from careerplan.goals.views.common import FORM_METHODS, back, own_goal, own_step, says_when_closed


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The form for one more step."""
    goal = own_goal(request, pk)
    today = timezone.localdate()
    form = StepForm(
        posted(request), goal_due_on=goal.due_on, today=today, asks_load=queries.asks_load(request.user, today)
    )
    if request.method == "POST" and form.is_valid():
        services.add_step(goal=goal, step=form.step(), form_key=form.cleaned_data["form_key"], now=timezone.now())
        messages.success(request, _("Step added."))
        return redirect(goal)
    return render(request, "goals/step_new.html", {"section": "goals", "form": form, "goal": goal})


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change a step or move its date."""
    now, step = timezone.now(), own_step(request, pk)
    today = timezone.localdate(now)
    form = StepForm.of_step(step, posted(request), today=today, asks_load=queries.asks_load(request.user, today, step))
    if request.method == "POST" and form.is_valid():
        services.update_step(step=step, data=form.step(), now=now)
        messages.success(request, _("Changes saved."))
        return redirect(step.goal)
    return render(request, "goals/step_edit.html", {"section": "goals", "form": form, "step": step, "goal": step.goal})


@require_POST
@says_when_closed
def step_drop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Drop a step that is not to be done any more."""
    step = services.drop_step(step=own_step(request, pk))
    messages.success(request, _("Dropped: %(title)s.") % {"title": step.title})
    return redirect(step.goal)


@require_POST
@says_when_closed
def step_complete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mark a step done."""
    step = services.complete_step(step=own_step(request, pk), now=timezone.now())
    messages.success(request, _("Done: %(title)s.") % {"title": step.title})
    return back(request, step.goal)


@require_POST
@says_when_closed
def step_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Open a step again that was ticked off too early."""
    step = services.reopen_step(step=own_step(request, pk))
    messages.success(request, _("Open again: %(title)s.") % {"title": step.title})
    return back(request, step.goal)
