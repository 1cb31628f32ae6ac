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

FORM_METHODS = ["GET", "HEAD", "POST"]
PLACES = {"today": "dashboard:today", "goals": "goals:list"}
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


def own_goal(request: AuthenticatedRequest, pk: int) -> Goal:
    """The goal of that number, if it is the person's own; else "not found"."""
    return get_object_or_404(Goal.objects.for_user(request.user), pk=pk)


def own_step(request: AuthenticatedRequest, pk: int) -> ActionStep:
    """The step of that number with its goal, if it is the person's own; else "not found"."""
    return get_object_or_404(ActionStep.objects.for_user(request.user).select_related("goal"), pk=pk)


def back(request: HttpRequest, goal: Goal) -> HttpResponse:
    """To where the button was: Today, the list of goals or the goal's page."""
    came_from = PLACES.get(request.POST.get("from", ""))
    return redirect(came_from) if came_from else redirect(goal)
