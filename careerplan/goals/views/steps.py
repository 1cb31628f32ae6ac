"""Pages of action steps: find the owner's object, call one query or one service, answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import FullStepForm
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.views.common import FORM_METHODS, back, own_goal, own_step, saved, say_saved, says_when_closed


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The form for one more step."""
    today = timezone.localdate()
    asks = queries.asks_load(request.user, today)

    def make() -> FullStepForm:
        return FullStepForm.of_goal(own_goal(request, pk), posted(request), today=today, asks_load=asks)

    def save(form: FullStepForm) -> None:
        key = form.cleaned_data["form_key"]
        services.add_step(goal=form.goal, step=form.step(), form_key=key, now=timezone.now())

    form, is_saved = saved(request, make, save)
    if is_saved:
        messages.success(request, _("Step added."))
        return redirect(form.goal)
    context = {"section": "goals", "form": form, "goal": form.goal, **_past_like(request, form, form.goal)}
    return render(request, "goals/step_new.html", context)


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change a step or move its date. What was changed in another tab meanwhile is shown, and chosen about."""
    now = timezone.now()
    today = timezone.localdate(now)

    def make() -> FullStepForm:
        step = own_step(request, pk)
        asks = queries.asks_load(request.user, today, step)
        return FullStepForm.of_step(step, posted(request), today=today, asks_load=asks)

    def save(form: FullStepForm) -> None:
        if form.seen:
            services.update_step(step=form.seen, data=form.step(), now=now, version=form.seen.version)

    form, is_saved = saved(request, make, save)
    if is_saved:
        say_saved(request, form, _("Changes saved."))
        return redirect(form.goal)
    context = {"section": "goals", "form": form, "step": form.seen, "goal": form.goal}
    return render(request, "goals/step_edit.html", context | _past_like(request, form, form.goal))


def _past_like(request: AuthenticatedRequest, form: FullStepForm, goal: Goal) -> dict[str, Any]:
    """What is shown beside the form: the worth of one's kinds of steps, and of steps like this one."""
    title = str(form["step_title"].value() or "")[:TITLE_LENGTH]
    similar = queries.similar_steps(request.user, title) if title.strip() else queries.judged_steps(goal)
    return {"ledger": queries.ledger_of(request.user), "similar": similar, "similar_by_title": bool(title.strip())}


@require_safe
def steps_similar(request: AuthenticatedRequest) -> HttpResponse:
    """One's own judged steps that are most like a title, for the form that is open (static/js/similar.js)."""
    similar = queries.similar_steps(request.user, request.GET.get("title", "").replace("\0", "")[:TITLE_LENGTH])
    return render(request, "goals/_similar.html", {"similar": similar, "similar_by_title": True})


@require_POST
@says_when_closed
def step_start(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say that a step is in progress."""
    step = services.start_step(step=own_step(request, pk))
    messages.success(request, _("In progress: %(title)s.") % {"title": step.title})
    return back(request, step.goal)


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
    """Mark a step done, and ask whether it was worth it."""
    step = services.complete_step(step=own_step(request, pk), now=timezone.now())
    origin = "?from=today" if request.POST.get("from") == "today" else ""
    return redirect(reverse("goals:step-evaluate", args=[step.pk]) + origin)


@require_POST
@says_when_closed
def step_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Open a step again that was ticked off too early, or dropped."""
    step = services.reopen_step(step=own_step(request, pk))
    messages.success(request, _("Open again: %(title)s.") % {"title": step.title})
    return back(request, step.goal)
