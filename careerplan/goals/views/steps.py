"""Views of steps: their order, what they need, and their ratings."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.edit_conflicts import retry_when_stale
from careerplan.core.expired_session import nothing_typed
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.goals.forms.progress import EvaluationForm
from careerplan.goals.forms.steps import FullStepForm
from careerplan.goals.models import ActionStep, Goal, Resource
from careerplan.goals.queries.missing import load_missing_page
from careerplan.goals.queries.obstacles import ledger_parts
from careerplan.goals.queries.progress import MIN_RATINGS, load_evaluation_summary, rated_steps, similar_steps
from careerplan.goals.queries.steps import (
    has_next_step,
    list_occurrences,
    open_steps_in_order,
)
from careerplan.goals.queries.workload import workload_check
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.occurrences import skip_step
from careerplan.goals.services.progress import evaluate_step, save_evaluation_draft
from careerplan.goals.services.steps import (
    OrderDoesNotFit,
    add_step,
    complete_step,
    drop_step,
    move_step,
    order_steps,
    reopen_step,
    set_resource_state,
    start_step,
    update_step,
)
from careerplan.goals.services.undo import UndoRecord
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_goal_or_404,
    get_step_or_404,
    handle_closed_goal,
    redirect_back,
    report_saved,
    save_with_retry,
)
from careerplan.goals.views.undo import report_with_undo


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    asks = workload_check(request.user, today)

    def make() -> FullStepForm:
        return FullStepForm.of_goal(get_goal_or_404(request, pk), form_data(request), today=today, workload_check=asks)

    def save(form: FullStepForm) -> None:
        key = form.cleaned_data["form_key"]
        step, resources = form.step_changes(), form.entered_resources()
        add_step(goal=form.goal, changes=step, resources=resources, form_key=key, now=timezone.now())

    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        messages.success(request, _("Step added."))
        return redirect(form.goal)
    context = {"section": "goals", "form": form, "goal": form.goal, **_past_like(request, form, form.goal)}
    return render(request, "goals/step_new.html", context)


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def step_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Edit a step or move its date. Conflicts with another tab are shown for a choice."""
    now = timezone.now()
    today = timezone.localdate(now)

    def make() -> FullStepForm:
        step = get_step_or_404(request, pk)
        asks = workload_check(request.user, today, step)
        return FullStepForm.of_step(step, form_data(request), today=today, workload_check=asks)

    def save(form: FullStepForm) -> None:
        if form.seen:
            changes, resources = form.step_changes(), form.entered_resources()
            update_step(step=form.seen, changes=changes, resources=resources, now=now, version=form.seen.version)

    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        report_saved(request, form, _("Changes saved."))
        return redirect(form.goal)
    context = {"section": "goals", "form": form, "step": form.seen, "goal": form.goal}
    context["times"] = list_occurrences(form.seen) if form.seen and form.seen.has_times else None  # type: ignore[attr-defined]
    return render(request, "goals/step_edit.html", context | _past_like(request, form, form.goal))


def _past_like(request: AuthenticatedRequest, form: FullStepForm, goal: Goal) -> dict[str, Any]:
    """Return what the form shows beside it: ratings by kind of step, and of similar steps."""
    title = str(form["step_title"].value() or "")
    similar = similar_steps(request.user, title) if title.strip() else rated_steps(goal)
    return {
        "summary": load_evaluation_summary(request.user),
        "similar": similar,
        "similar_by_title": bool(title.strip()),
    }


@require_safe
def steps_similar(request: AuthenticatedRequest) -> HttpResponse:
    """Return the rated steps most similar to a title, for the open form (static/js/similar.js)."""
    similar = similar_steps(request.user, request.GET.get("title", ""))
    return render(request, "goals/_similar.html", {"similar": similar, "similar_by_title": True})


@post_only(gettext_lazy("Start"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_start(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mark a step as in progress."""
    step = start_step(step=get_step_or_404(request, pk))
    messages.success(request, _("In progress: %(title)s.") % {"title": step.title})
    return redirect_back(request, step.goal)


@post_only(gettext_lazy("Drop step"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_drop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Drop a step, or stop a repeating one."""
    step, now = get_step_or_404(request, pk), timezone.now()
    record = UndoRecord.of(made_at=now, steps=[step])
    dropped = drop_step(step=step, now=now)
    if step.state != dropped.state:
        text = _("No longer repeats: %(title)s.") if step.repeats else _("Dropped: %(title)s.")
        report_with_undo(request, text % {"title": step.title}, record)
    return redirect(dropped.goal)


@post_only(gettext_lazy("Done"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_complete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mark a step as done, and go back to where its row was: there it can be rated, and undone."""
    done = _answer_row(request, pk, complete_step, _("Done: %(title)s. Next on %(day)s."), _("Done: %(title)s."))
    return redirect_back(request, done.goal, done=done)


@post_only(gettext_lazy("Skip this time"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_skip(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Skip the time of a repeating step that its row shows."""
    last = _("Skipped: %(title)s. It was the last time.")
    skipped = _answer_row(request, pk, skip_step, _("Skipped: %(title)s. Next on %(day)s."), last)
    return redirect_back(request, skipped.goal)


def _answer_row(
    request: AuthenticatedRequest, pk: int, answer: Callable[..., ActionStep], again: str, last: str
) -> ActionStep:
    """Complete or skip what the row of a step shows, and say when it comes up again, or that it is over."""
    step, now = get_step_or_404(request, pk), timezone.now()
    record = UndoRecord.of(made_at=now, steps=[step])
    found = answer(step=step, day=_occurrence(request), now=now)
    if found.is_open and found.due_on and step.due_on != found.due_on:
        words = {"title": step.title, "day": date_format(found.due_on, "D j M")}
        report_with_undo(request, again % words, record)
    elif step.state != found.state:
        report_with_undo(request, last % {"title": step.title}, record)
    return found


def _occurrence(request: AuthenticatedRequest) -> date | None:
    """Return the day of a repeating step that the button belongs to; None if it was not sent."""
    try:
        return date.fromisoformat(request.POST.get("occurrence", ""))
    except ValueError:
        return None


@post_only(gettext_lazy("Reopen"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Reopen a step that was done or dropped."""
    step = reopen_step(step=get_step_or_404(request, pk))
    messages.success(request, _("Reopened: %(title)s.") % {"title": step.title})
    return redirect_back(request, step.goal)


WAYS = {"earlier": -1, "later": 1}


@nothing_typed
@require_http_methods(FORM_METHODS)
@handle_closed_goal
def steps_order(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show or save the order of open steps. POST takes the whole order from static/js/order.js: 204, or 409."""
    goal = get_goal_or_404(request, pk)
    if request.method == "POST":
        ids = [parse_id(text) for text in request.POST.getlist("step")]
        try:
            order_steps(goal=goal, order=[-1 if key is None else key for key in ids])
        except OrderDoesNotFit:
            return HttpResponse(status=409)
        return HttpResponse(status=204)
    if not goal.is_active:
        raise GoalIsClosed
    steps = open_steps_in_order(goal)
    context = {"section": "goals", "goal": goal, "steps": steps, "focus": _focused_button(request, steps)}
    return render(request, "goals/order.html", context)


def _focused_button(request: AuthenticatedRequest, steps: list[ActionStep]) -> str:
    """Return the id of the button to focus, such as "earlier-12"; at an end the other button of the step."""
    way, _dash, key = request.GET.get("moved", "").partition("-")
    ends = {"earlier": steps[:1], "later": steps[-1:]}
    if way in ends and str(next((step.pk for step in ends[way]), "")) == key:
        way = "later" if way == "earlier" else "earlier"
    return f"{way}-{key}"


@post_only(gettext_lazy("Move up or down"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def step_move(request: AuthenticatedRequest, pk: int, way: str) -> HttpResponse:
    """Move an open step one place earlier or later."""
    step = move_step(step=get_step_or_404(request, pk), by=WAYS[way])
    return redirect(f"{reverse('goals:steps-order', args=[step.goal_id])}?moved={way}-{step.pk}")


@require_safe
def needed(request: AuthenticatedRequest) -> HttpResponse:
    """Show everything still needed across the plan, with its cost."""
    page = load_missing_page(request.user, request.GET.get("page"))
    return render(request, "goals/needed.html", {"section": "goals", "page": page})


@post_only(gettext_lazy("Change status"), "goals:needed", gettext_lazy("Go to what you need"))
@handle_closed_goal
def resource_state(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Set the state of a resource: needed, asked for or arranged."""
    resource = get_object_or_404(Resource.objects.for_user(request.user).select_related("step__goal"), pk=pk)
    state = request.POST.get("state", "")
    if state in Resource.State.values:
        resource = set_resource_state(resource=resource, state=Resource.State(state))
        told = {"state": resource.get_state_display(), "what": resource.description}
        messages.success(request, _("%(state)s: %(what)s.") % told)
    else:
        messages.error(request, _("Choose Needed, Asked for or Arranged."))
    if request.POST.get("from") == "needed":
        page = parse_id(request.POST.get("page", ""))
        return redirect(f"{reverse('goals:needed')}?page={page}" if page else "goals:needed")
    return redirect(f"{resource.step.goal.get_absolute_url()}#step-{resource.step.pk}")


@require_http_methods(FORM_METHODS)
@handle_closed_goal
@retry_when_stale
def step_evaluate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Rate a finished step, change its rating, or save a draft of it for later."""
    step, now = get_step_or_404(request, pk), timezone.now()
    form = EvaluationForm(form_data(request), step=step)
    is_done = step.state == ActionStep.State.DONE
    if not is_done:  # reopened in another tab
        messages.error(request, _("This step is not done. Mark it as done first, then rate it."))
    if request.method != "POST":
        return _evaluate_page(request, form) if is_done else redirect(step.goal)
    if is_done and "later" not in request.POST:
        if not form.is_valid():
            return _evaluate_page(request, form)
        evaluate_step(step=step, changes=form.changes(), version=form.version, now=now)
        report_saved(request, form, _("Saved. You can see it under “What was worth it”."))
        return _after_evaluation(request, step.goal)
    if not form.is_valid_draft():
        return _evaluate_page(request, form)
    save_evaluation_draft(step=step, changes=form.draft_changes(), version=form.version, now=now)
    if is_done:
        return _after_evaluation(request, step.goal)
    messages.info(request, _("We keep what you typed until then."))
    return redirect(step.goal)


def _evaluate_page(request: AuthenticatedRequest, form: EvaluationForm) -> HttpResponse:
    step, origin = form.step, request.POST.get("from") or request.GET.get("from", "")
    context = {"section": "goals", "form": form, "step": step, "goal": step.goal, "is_from_today": origin == "today"}
    return render(request, "goals/evaluate.html", context)


def _after_evaluation(request: AuthenticatedRequest, goal: Goal) -> HttpResponse:
    """Redirect to where the button was, or to the goal if it has no open step."""
    if goal.is_active and not has_next_step(goal):
        return redirect(goal)
    return redirect_back(request, goal)


@require_safe
def evaluations(request: AuthenticatedRequest) -> HttpResponse:
    """Show which kinds of step were worth it."""
    context = {"section": "goals", "summary": load_evaluation_summary(request.user), "min_ratings": MIN_RATINGS}
    context["parts"] = [part(request) for part in ledger_parts]
    return render(request, "goals/evaluations.html", context)
