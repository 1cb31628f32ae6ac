"""Pages of goals and steps: find the owner's object, call one query or one service, answer."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import GoalForm, StepForm
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.suggestions import suggest_from_skill
from careerplan.skills.queries import standing_of

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


@require_safe
def goal_list(request: AuthenticatedRequest) -> HttpResponse:
    """All active goals, professional and personal side by side."""
    rows = queries.goal_rows(request.user, timezone.localdate())
    columns = [(area, [row for row in rows if row.goal.area == area]) for area in Goal.Area]
    return render(request, "goals/list.html", {"section": "goals", "columns": columns, "count": len(rows)})


@require_http_methods(FORM_METHODS)
def goal_new(request: AuthenticatedRequest) -> HttpResponse:
    """The form for a goal and its first step; filled in where it starts from a skill."""
    now = timezone.now()
    today = timezone.localdate(now)
    skill = _skill_asked_for(request)
    standing = standing_of(request.user, skill) if skill else None
    form = GoalForm(
        posted(request),
        user=request.user,
        today=today,
        initial=suggest_from_skill(standing, today) if standing else {},
    )
    if request.method == "POST" and form.is_valid():
        goal = services.create_goal(**form.goal_data(user=request.user, now=now))
        messages.success(request, _("Goal saved. Its first step is on your list."))
        return redirect(goal)
    return render(request, "goals/new.html", {"section": "goals", "form": form, "standing": standing})


def _skill_asked_for(request: AuthenticatedRequest) -> Skill | None:
    """The skill named in the address or sent back with the form, if the person may see it."""
    key = request.POST.get("skill") or request.GET.get("skill", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Skill.objects.visible_to(request.user).filter(pk=key).first()


def _own_goal(request: AuthenticatedRequest, pk: int) -> Goal:
    return get_object_or_404(Goal.objects.for_user(request.user), pk=pk)


def _own_step(request: AuthenticatedRequest, pk: int) -> ActionStep:
    return get_object_or_404(ActionStep.objects.for_user(request.user).select_related("goal"), pk=pk)


@require_safe
def goal_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One goal with its steps."""
    page = queries.goal_page(_own_goal(request, pk), timezone.localdate())
    return render(request, "goals/detail.html", {"section": "goals", "page": page, "goal": page.goal})


@require_http_methods(FORM_METHODS)
@says_when_closed
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The form for one more step."""
    goal = _own_goal(request, pk)
    form = StepForm(posted(request), goal_due_on=goal.due_on)
    if request.method == "POST" and form.is_valid():
        services.add_step(goal=goal, step=form.step(), form_key=form.cleaned_data["form_key"], now=timezone.now())
        messages.success(request, _("Step added."))
        return redirect(goal)
    return render(request, "goals/step_new.html", {"section": "goals", "form": form, "goal": goal})


@require_POST
@says_when_closed
def step_complete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mark a step done."""
    step = services.complete_step(step=_own_step(request, pk), now=timezone.now())
    messages.success(request, _("Done: %(title)s.") % {"title": step.title})
    return _back(request, step.goal)


@require_POST
@says_when_closed
def step_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Open a step again that was ticked off too early."""
    step = services.reopen_step(step=_own_step(request, pk))
    messages.success(request, _("Open again: %(title)s.") % {"title": step.title})
    return _back(request, step.goal)


def _back(request: HttpRequest, goal: Goal) -> HttpResponse:
    """To where the button was: Today or the goal's page."""
    return redirect("dashboard:today") if request.POST.get("from") == "today" else redirect(goal)
