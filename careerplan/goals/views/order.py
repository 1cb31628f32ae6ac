"""The order of a goal's open steps: by drag, or by buttons that need no JavaScript."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import AuthenticatedRequest
from careerplan.core.addresses import id_in
from careerplan.goals import queries, services
from careerplan.goals.models import ActionStep
from careerplan.goals.views.common import FORM_METHODS, own_goal, own_step, says_when_closed

WAYS = {"earlier": -1, "later": 1}


@require_http_methods(FORM_METHODS)
@says_when_closed
def steps_order(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The open steps, to be put into order. POST takes the whole order from static/js/order.js: 204, or 409."""
    goal = own_goal(request, pk)
    if request.method == "POST":
        ids = [id_in(text) for text in request.POST.getlist("step")]
        try:
            services.order_steps(goal=goal, order=[-1 if key is None else key for key in ids])
        except services.OrderDoesNotFit:
            return HttpResponse(status=409)
        return HttpResponse(status=204)
    if not goal.is_active:
        raise services.GoalIsClosed
    steps = queries.open_steps_in_order(goal)
    context = {"section": "goals", "goal": goal, "steps": steps, "focus": _focus(request, steps)}
    return render(request, "goals/order.html", context)


def _focus(request: AuthenticatedRequest, steps: list[ActionStep]) -> str:
    """The button that was pressed keeps the focus, as "earlier-12"; at an end the other one of its step has it."""
    way, _dash, key = request.GET.get("moved", "").partition("-")
    ends = {"earlier": steps[:1], "later": steps[-1:]}
    if way in ends and str(next((step.pk for step in ends[way]), "")) == key:
        way = "later" if way == "earlier" else "earlier"
    return f"{way}-{key}"


@require_POST
@says_when_closed
def step_move(request: AuthenticatedRequest, pk: int, way: str) -> HttpResponse:
    """Move an open step one place earlier or later."""
    step = services.move_step(step=own_step(request, pk), by=WAYS[way])
    return redirect(f"{reverse('goals:steps-order', args=[step.goal_id])}?moved={way}-{step.pk}")
