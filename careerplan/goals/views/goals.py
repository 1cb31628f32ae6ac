"""Pages of goals: find the owner's object, call one query or one service, answer."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.catalogue.queries import occupation_named
from careerplan.core.addresses import id_in
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import NewGoalForm, ReadingForm
from careerplan.goals.suggestions import suggest_from_education, suggest_from_skill, suggest_from_split
from careerplan.goals.views.common import FORM_METHODS, own_goal, says_when_closed
from careerplan.skills.queries import Standing, lacking_of, standing_of


@require_safe
def goal_list(request: AuthenticatedRequest) -> HttpResponse:
    """All goals, professional and personal side by side."""
    today = timezone.localdate()
    found = queries.goal_list(request.user, today, request.GET.get("page"))
    return render(request, "goals/list.html", {"section": "goals", "list": found, "today": today})


@require_http_methods(FORM_METHODS)
def goal_new(request: AuthenticatedRequest) -> HttpResponse:
    """The form for a goal and its first step; filled in where it starts from a skill or from the education."""
    now = timezone.now()
    today = timezone.localdate(now)
    standing, initial = _asked_for(request, today)
    form = NewGoalForm(
        posted(request),
        user=request.user,
        today=today,
        initial=initial,
        skill_groups=queries.skill_choices(request.user, initial.get("skills", ())),
        asks_load=queries.asks_load(request.user, today),
    )
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        goal = services.create_goal(
            user=request.user,
            form_key=entered["form_key"],
            data=form.answers(),
            first_step=form.step(),
            skill=form.grew_from(),
            more_skills=entered["skills"],
            takes=form.takes(),
            now=now,
        )
        messages.success(request, _("Goal saved. Its first step is on your list."))
        return redirect(goal)
    return render(request, "goals/new.html", {"section": "goals", "form": form, "standing": standing})


def _asked_for(request: AuthenticatedRequest, today: date) -> tuple[Standing | None, dict[str, Any]]:
    """What the address says the goal is about, and what the form starts with: a skill, education (the id of an
    assessment that says what is missing), or a goal that is split. Beside it the occupation that the results page
    compared with.
    """
    split = id_in(request.GET.get("split", ""))
    if split is not None:
        goal = own_goal(request, split)
        return None, suggest_from_split(goal, list(goal.skills.values_list("pk", flat=True)), today)
    skill = _skill_asked_for(request)
    education = id_in(request.GET.get("education", ""))
    occupation = occupation_named(request.GET.get("occupation", "")) if skill or education else None
    if skill:
        standing = standing_of(request.user, skill, occupation)
        return standing, suggest_from_skill(standing, today)
    lacking = lacking_of(request.user, education, occupation) if education else ""
    return None, suggest_from_education(lacking, today) if lacking else {}


def _skill_asked_for(request: AuthenticatedRequest) -> Skill | None:
    """The skill named in the address or sent back with the form, if the person may see it."""
    key = id_in(request.POST.get("skill") or request.GET.get("skill", ""))
    return Skill.objects.visible_to(request.user).filter(pk=key).first() if key is not None else None


@require_safe
def goal_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One goal with its progress and its steps; of an archived plan to be read only."""
    today, goal = timezone.localdate(), own_goal(request, pk, archived_too=True)
    if not goal.plan.is_active:
        return render(request, "goals/archived.html", {"section": "plan", "page": queries.archived_goal(goal)})
    page = queries.goal_page(goal, request.user, today)
    form = ReadingForm(None, goal=page.goal, today=today, value=page.progress.value_words)
    context = {"section": "goals", "page": page, "goal": page.goal, "form": form, "today": today}
    return render(request, "goals/detail.html", context)


@require_http_methods(FORM_METHODS)
@says_when_closed
def goal_delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete a goal for good; GET asks."""
    goal = own_goal(request, pk)
    if request.method == "POST":
        services.delete_goal(goal=goal)
        messages.success(request, _("Deleted: %(title)s.") % {"title": goal.title})
        return redirect("goals:list")
    return render(request, "goals/delete.html", {"section": "goals", "goal": goal})
