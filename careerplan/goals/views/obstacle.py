"""The conversation about an if-then plan of a goal or a step: two questions, one a page, then both read back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.forms.obstacle import CLOSE, IfThenForm, ObstacleForm, ObstaclePlanForm
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import update_goal
from careerplan.goals.services.steps import update_step
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_goal_or_404,
    get_step_or_404,
    handle_closed_goal,
    report_saved,
    save_with_retry,
)

Target = Goal | ActionStep
FORMS: dict[str, type[IfThenForm]] = {"obstacle": ObstacleForm, "plan": ObstaclePlanForm}


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def if_then_question(request: AuthenticatedRequest, pk: int, of: str, question: str) -> HttpResponse:
    """Ask one of the two questions about a goal or a step. An answer is saved at once; none is needed."""
    target = _target(request, pk, of)
    if question == "plan" and not target.obstacle:
        return redirect(_address(target, "obstacle"))
    form, is_saved = save_with_retry(request, lambda: _form(request, pk, of, question), _save)
    if is_saved:
        if form.answer and request.POST.get("go") == CLOSE:
            report_saved(request, form, _("Your answer is saved."))
        if not form.answer or request.POST.get("go") == CLOSE:
            return redirect(_page_of(target))
        return redirect(_address(target, "plan" if question == "obstacle" else "ready"))
    return render(request, "goals/if_then.html", _context(form.target, question) | {"form": form})


@require_safe
def if_then_ready(request: AuthenticatedRequest, pk: int, of: str) -> HttpResponse:
    """Read the plan back."""
    target = _target(request, pk, of)
    if not target.obstacle:
        return redirect(_address(target, "obstacle"))
    return render(request, "goals/if_then_ready.html", _context(target, "ready"))


def _form(request: AuthenticatedRequest, pk: int, of: str, question: str) -> IfThenForm:
    return FORMS[question](form_data(request), target=_target(request, pk, of))


def _save(form: IfThenForm) -> None:
    now = timezone.now()
    changes: dict[str, Any] = form.changes()
    if isinstance(form.target, Goal):
        update_goal(goal=form.target, changes=changes, today=timezone.localdate(now), now=now)
    else:
        update_step(step=form.target, changes=changes, now=now, version=form.target.version)


def _target(request: AuthenticatedRequest, pk: int, of: str) -> Target:
    return get_goal_or_404(request, pk) if of == "goal" else get_step_or_404(request, pk)


def _goal_of(target: Target) -> Goal:
    return target if isinstance(target, Goal) else target.goal


def _page_of(target: Target) -> str:
    """Return where the conversation started."""
    goal = _goal_of(target).get_absolute_url()
    return goal if isinstance(target, Goal) else f"{goal}#step-{target.pk}"


def _address(target: Target, page: str) -> str:
    of = "goal" if isinstance(target, Goal) else "step"
    return reverse(f"goals:{of}-if-then-{page}", args=[target.pk])


def _context(target: Target, page: str) -> dict[str, Any]:
    back = {"obstacle": "", "plan": _address(target, "obstacle"), "ready": _address(target, "plan")}[page]
    return {
        "section": "goals",
        "target": target,
        "question": page,
        "goal": _goal_of(target),
        "place": {"obstacle": _("Question 1 of 2"), "plan": _("Question 2 of 2")}.get(page, ""),
        "page_url": _page_of(target),
        "back_url": back,
    }
