"""Helpers for the views of goals: load an object of the user, save a form, redirect back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AuthenticatedRequest
from careerplan.core.edit_conflicts import ATTEMPTS, ConflictForm, StaleObjectError, report_auto_merged
from careerplan.core.forms import BaseForm
from careerplan.core.http import not_found_if_deleted, parse_id
from careerplan.goals.forms.base import ActiveGoalForm
from careerplan.goals.models import ActionStep, Change, Goal, ProgressEntry, Resource, StepOccurrence
from careerplan.goals.services.goals import reopen_goal
from careerplan.goals.services.locks import GoalIsArchived, GoalIsClosed
from careerplan.plans.models import Plan

FORM_METHODS = ["GET", "HEAD", "POST"]
PLACES = {"today": "dashboard:today", "goals": "goals:list", "steps": "goals:steps", "plan": "plans:plan"}
MOST_QUERY = 500  # characters of the filters of a list that go back with a button
PAST_REVIEW = "review:"  # prefix of a return target: a finished review, by its number
F = TypeVar("F", bound=BaseForm)
View = Callable[..., HttpResponse]


handle_deleted_goal = not_found_if_deleted(
    Goal.DoesNotExist, ActionStep.DoesNotExist, ProgressEntry.DoesNotExist, Resource.DoesNotExist
)


def handle_closed_goal(view: View) -> View:
    """View decorator: show a message instead of an error page if the goal was closed in the meantime, and "not found"
    if it was deleted.
    """

    @handle_deleted_goal
    @wraps(view)
    def wrapped(request: AuthenticatedRequest, pk: int, **words: Any) -> HttpResponse:
        try:
            return view(request, pk, **words)
        except GoalIsArchived:
            messages.error(request, _("Not saved: this plan was archived in another tab."))
            return redirect("plans:plan")
        except GoalIsClosed:
            messages.error(request, _("This goal is closed. You can read it but not change it."))
            return redirect("goals:list")

    return wrapped


def get_goal_or_404(request: AuthenticatedRequest, pk: int, *, archived_too: bool = False) -> Goal:
    """Return a goal of the user with its plan, else raise 404.

    Views that change a goal find only goals of the active plan; views that read also find archived ones, and whether it
    `has_changes`.
    """
    goals = Goal.objects.for_user(request.user).select_related("plan")
    if archived_too:
        goals = goals.annotate(has_changes=Exists(Change.objects.filter(goal=OuterRef("pk"))))
    return get_object_or_404(goals if archived_too else goals.filter(plan__state=Plan.State.ACTIVE), pk=pk)


def get_step_or_404(request: AuthenticatedRequest, pk: int) -> ActionStep:
    """Return a step of the user's active plan with its goal, else raise 404. It `has_times` if times of it are over."""
    steps = ActionStep.objects.for_user(request.user).filter(goal__plan__state=Plan.State.ACTIVE)
    steps = steps.annotate(has_times=Exists(StepOccurrence.objects.filter(step=OuterRef("pk"))))
    return get_object_or_404(steps.select_related("goal__plan"), pk=pk)


def redirect_back(request: HttpRequest, goal: Goal, *, done: ActionStep | None = None) -> HttpResponse:
    """Redirect to where the button was: Today, a list, or the goal's page. `done`: the step that was ticked off."""
    came_from = PLACES.get(request.POST.get("from", ""))
    address = reverse(came_from) if came_from else goal.get_absolute_url()
    query = parse_qsl(request.POST.get("query", "")[:MOST_QUERY])
    if done:
        query = [*query, ("done", str(done.pk))]
    where = f"#step-{done.pk}" if done else ""
    return redirect(f"{address}?{urlencode(query)}{where}" if query else f"{address}{where}")


def review_return_url(request: HttpRequest) -> str:
    """Return the URL of the review the user came from, open or finished; "" if none.

    The parameter names a page instead of a URL, so that no link can lead to another site.
    """
    name = request.GET.get("from", "")
    if name == "review":
        return reverse("reviews:continue")
    number = parse_id(name.removeprefix(PAST_REVIEW)) if name.startswith(PAST_REVIEW) else None
    return reverse("reviews:detail", args=[number]) if number else ""


def save_with_retry(request: HttpRequest, make: Callable[[], F], save: Callable[[F], object]) -> tuple[F, bool]:
    """Return the form, and whether it was sent and saved. It is built again if the row changes before saving.

    If the goal is closed and the user chose to reopen it, that happens first. Raises GoalIsClosed if the goal is closed
    and nothing was typed, and GoalIsArchived.
    """
    for attempt in range(ATTEMPTS):
        form = make()
        is_closed = isinstance(form, ActiveGoalForm) and not form.goal.is_active
        if is_closed and not form.is_bound:
            raise GoalIsClosed
        if request.method != "POST" or not form.is_valid():
            return form, False
        if isinstance(form, ActiveGoalForm) and is_closed:
            reopen_goal(goal=form.goal)
            continue
        try:
            save(form)
        except GoalIsArchived:
            raise
        except (StaleObjectError, GoalIsClosed):
            if attempt == ATTEMPTS - 1:
                raise
            continue
        return form, True
    raise GoalIsClosed  # it was closed again each time


def report_saved(request: HttpRequest, form: ConflictForm, words: str) -> None:
    """Add a message that the form is saved, and which fields took a value from another tab."""
    messages.success(request, words)
    report_auto_merged(request, form)
