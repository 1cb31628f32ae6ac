"""What the pages of goals share: finding the owner's object, and the way back."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.models import AuthenticatedRequest
from careerplan.goals import services
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan

FORM_METHODS = ["GET", "HEAD", "POST"]
View = Callable[[AuthenticatedRequest, int], HttpResponse]


def says_when_closed(view: View) -> View:
    """Answers with a sentence, not an error page, where a goal was closed meanwhile."""

    @wraps(view)
    def wrapped(request: AuthenticatedRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except services.GoalIsClosed:
            messages.error(request, _("This goal is closed and does not change any more."))
            return redirect("goals:list")

    return wrapped


def own_goal(request: AuthenticatedRequest, pk: int, *, archived_too: bool = False) -> Goal:
    """The goal of that number with its plan, if it is the person's own; else "not found".

    What changes a goal finds only those of the active plan; to be read, the archived ones are found too.
    """
    goals = Goal.objects.for_user(request.user).select_related("plan")
    return get_object_or_404(goals if archived_too else goals.filter(plan__state=Plan.State.ACTIVE), pk=pk)


def own_step(request: AuthenticatedRequest, pk: int) -> ActionStep:
    """The step of that number with its goal, if it is the person's own and in their active plan; else "not found"."""
    steps = ActionStep.objects.for_user(request.user).filter(goal__plan__state=Plan.State.ACTIVE)
    return get_object_or_404(steps.select_related("goal"), pk=pk)


def back(request: HttpRequest, goal: Goal) -> HttpResponse:
    """To where the button was: Today or the goal's page."""
    return redirect("dashboard:today") if request.POST.get("from") == "today" else redirect(goal)
