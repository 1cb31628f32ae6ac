"""Views of goals: list, new, detail, edit, move, stop rule and delete."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.interests import activities
from careerplan.catalogue.models import Skill
from careerplan.catalogue.queries import occupation_by_id
from careerplan.core.expired_session import nothing_typed
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.core.sentences import join_sentences
from careerplan.goals.forms.changes import EditGoalForm, MoveGoalForm, StopRuleForm
from careerplan.goals.forms.goals import GoalForm, NewGoalForm
from careerplan.goals.forms.progress import ProgressEntryForm
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.purpose_ideas import idea_for_purpose
from careerplan.goals.queries.first_goals import free_form_key, load_first_goals_offer, planned_hours
from careerplan.goals.queries.goal_list import load_goal_list
from careerplan.goals.queries.goal_page import archived_goal, goal_page, goal_panels, progress_panels, skill_choices
from careerplan.goals.queries.progress import newest_value
from careerplan.goals.queries.steps import count_due_date_moves, open_steps_by_date
from careerplan.goals.queries.workload import workload_check
from careerplan.goals.services.goals import (
    confirm_stop_rule,
    create_goal,
    delete_goal,
    extend_stop_rule,
    move_goal,
    update_goal,
)
from careerplan.goals.suggestions import (
    GapKind,
    idea_from_education,
    idea_from_skill,
    idea_from_task,
    initial_values,
    shipped_steps,
    suggest_from_reached,
    suggest_from_split,
    task_steps,
)
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_goal_or_404,
    handle_closed_goal,
    report_saved,
    review_return_url,
    save_with_retry,
)
from careerplan.goals.views.step_list import row_context
from careerplan.skills.models import TaskAnswer
from careerplan.skills.purposes import purpose_of
from careerplan.skills.queries.skill_gap import SkillGap, get_skill_gap, missing_education_at


@require_safe
def goal_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all goals, professional and personal."""
    today = timezone.localdate()
    found = load_goal_list(request.user, today, request.GET.get("page"))
    offer = load_first_goals_offer(request.user)
    context = {
        "section": "goals",
        "list": found,
        "today": today,
        "first_goals": offer.count,
        "has_declined": offer.is_declined,
    }
    return render(request, "goals/list.html", context)


@require_http_methods(FORM_METHODS)
def goal_new(request: AuthenticatedRequest) -> HttpResponse:
    """Show or save the form for a goal and its first step, filled in from a skill, a task or missing
    education.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    gap, initial = _asked_for(request, today)
    task = _task_asked_for(request)
    if task:
        initial = initial_values(idea_from_task(task), planned_hours(request.user), today)
    form = NewGoalForm(
        form_data(request),
        user=request.user,
        today=today,
        initial=initial,
        skill_groups=skill_choices(request.user, initial.get("skills", ())),
        workload_check=workload_check(request.user, today),
    )
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        goal = create_goal(
            user=request.user,
            form_key=entered["form_key"],
            changes=form.changes(),
            first_step=form.step_changes(),
            origin_skill=form.origin_skill(),
            origin_task=form.origin_task(),
            skills=entered["skills"],
            resources=form.first_resources(),
            now=now,
        )
        words = _("Goal saved, with its first step. What could get in the way? 2 questions, about 2 minutes.")
        messages.success(request, words, extra_tags=f"{OBSTACLE} {goal.pk}")
        return redirect(goal)
    ideas = task_steps(task) if task else shipped_steps(gap)
    if ideas:
        form.fields["step_title"].widget.attrs["list"] = "step-ideas"
    context = {"section": "goals", "form": form, "gap": gap, "task": task, "ideas": ideas}
    return render(request, "goals/new.html", context)


def _asked_for(request: AuthenticatedRequest, today: date) -> tuple[SkillGap | None, dict[str, Any]]:
    """Return what the URL asks for, and the initial values: a skill with a purpose, education (the id of an
    assessment), a goal to split, or an activity to try; and the occupation that the results page compared with.
    """
    if trial := activities().get(request.GET.get("try", "")):
        return None, {"title": trial.text}
    split = parse_id(request.GET.get("split", ""))
    if split is not None:
        goal = get_goal_or_404(request, split)
        return None, suggest_from_split(goal, list(goal.skills.values_list("pk", flat=True)), today)
    after = parse_id(request.GET.get("after", ""))
    if after is not None:
        goal = get_goal_or_404(request, after, archived_too=True)
        skills = list(goal.skills.values_list("pk", flat=True))
        return None, suggest_from_reached(goal, newest_value(goal), skills, open_steps_by_date(goal), today)
    skill = _skill_asked_for(request)
    education = parse_id(request.GET.get("education", ""))
    occupation = occupation_by_id(request.GET.get("occupation", "")) if skill or education else None
    if skill:
        gap = get_skill_gap(request.user, skill, occupation)
        purpose = purpose_of(request.GET.get("purpose", ""))
        idea = idea_for_purpose(skill, purpose) if purpose else idea_from_skill(gap)
        return gap, initial_values(idea, planned_hours(request.user), today)
    missing = missing_education_at(request.user, education, occupation) if education else None
    if education is None or missing is None:
        return None, {}
    initial = initial_values(idea_from_education(missing), planned_hours(request.user), today)
    return None, initial | {"form_key": free_form_key(request.user, education, GapKind.EDUCATION)}


def _task_asked_for(request: AuthenticatedRequest) -> TaskAnswer | None:
    """Return the user's own answer about a task, by its id in the URL or in the form."""
    key = parse_id(request.POST.get("task") or request.GET.get("task", ""))
    return TaskAnswer.objects.filter(pk=key, assessment__user=request.user).first() if key is not None else None


def _skill_asked_for(request: AuthenticatedRequest) -> Skill | None:
    """Return the skill in the URL or in the form, if the user may see it."""
    key = parse_id(request.POST.get("skill") or request.GET.get("skill", ""))
    return Skill.objects.visible_to(request.user).filter(pk=key).first() if key is not None else None


@require_safe
def goal_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a goal with its progress and steps; read-only in an archived plan."""
    today, goal = timezone.localdate(), get_goal_or_404(request, pk, archived_too=True)
    if not goal.plan.is_active:
        return render(request, "goals/archived.html", {"section": "plan", "page": archived_goal(goal)})
    page = goal_page(goal, request.user, today)
    form = ProgressEntryForm(None, goal=page.goal, today=today, value=page.progress.value_text)
    context = {"section": "goals", "page": page, "goal": page.goal, "form": form, **row_context(request)}
    context["progress_panels"] = [panel(request, page) for panel in progress_panels]
    context["panels"] = [panel(request, page) for panel in goal_panels] if page.goal.is_active else []
    return render(request, "goals/detail.html", context)


@nothing_typed
@require_http_methods(FORM_METHODS)
@handle_closed_goal
def goal_delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete a goal permanently; GET asks for confirmation."""
    goal = get_goal_or_404(request, pk)
    if request.method == "POST":
        delete_goal(goal=goal)
        messages.success(request, _("Deleted: %(title)s.") % {"title": goal.title})
        return redirect("goals:list")
    return render(request, "goals/delete.html", {"section": "goals", "goal": goal})


@post_only(gettext_lazy("Condition met: keep going"), "goals:detail", gettext_lazy("Go to the goal"))
@handle_closed_goal
def stop_rule_confirm(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record that the condition of the stop rule is met, so the goal continues."""
    goal = confirm_stop_rule(goal=get_goal_or_404(request, pk), now=timezone.now())
    messages.success(request, _("The goal continues. We will not ask again."))
    return redirect(goal)


@require_safe
def title_advice(request: AuthenticatedRequest) -> HttpResponse:
    """Return a page fragment with advice on a title and its measure. No query."""
    form = GoalForm(request.GET, today=timezone.localdate())
    return render(request, "goals/_title_advice.html", {"advice": form.title_advice, "on_form": True})


F = TypeVar("F", EditGoalForm, MoveGoalForm)
OBSTACLE = "obstacle"  # tag of a message that offers the if-then plan of the goal whose number follows
OFFERS_FROM = 1  # earlier moves; from the second one on, the page offers alternatives


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def goal_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Edit a goal: title, measure and dates."""
    now = timezone.now()
    today = timezone.localdate(now)

    def make() -> EditGoalForm:
        goal = get_goal_or_404(request, pk)
        skills = list(goal.skills.values_list("pk", flat=True))
        return EditGoalForm.of_goal(
            goal,
            form_data(request),
            today=today,
            skills=skills,
            skill_groups=skill_choices(request.user, skills),
            open_steps=open_steps_by_date(goal),
            title=request.GET.get("title", "")[:TITLE_LENGTH],
        )

    def save(form: EditGoalForm) -> None:
        reason, skills = form.change_reason(), form.skills_ticked()
        update_goal(goal=form.goal, changes=form.changes(), reason=reason, skills=skills, today=today, now=now)

    return _answer(request, "goals/edit.html", make, save, lambda form: _("Changes saved."))


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def goal_move(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Move the due date of a goal. GET with `part` returns its steps with the dates of `due_on`, as a fragment."""
    now = timezone.now()
    today = timezone.localdate(now)
    if "part" in request.GET and request.method != "POST":
        return _steps_that_move(request, get_goal_or_404(request, pk), today)

    def make() -> MoveGoalForm:
        goal = get_goal_or_404(request, pk)
        return MoveGoalForm.of_goal(goal, form_data(request), today=today, open_steps=open_steps_by_date(goal))

    def save(form: MoveGoalForm) -> None:
        reason = form.change_reason()
        if reason is not None:
            due_on = form.cleaned_data["due_on"]
            move_goal(goal=form.goal, due_on=due_on, reason=reason, today=today, now=now)

    return _answer(request, "goals/move.html", make, save, _moved_words)


def _steps_that_move(request: AuthenticatedRequest, goal: Goal, today: date) -> HttpResponse:
    """Return a page fragment with the goal's open steps and their dates for a new due date."""
    form = MoveGoalForm(request.GET, goal=goal, today=today, open_steps=open_steps_by_date(goal))
    form.full_clean()
    return render(request, "goals/_move_steps.html", {"form": form, "goal": goal})


def _moved_words(form: MoveGoalForm) -> str:
    """Return the message about the moved date and steps."""
    due_on: date = form.cleaned_data["due_on"]
    if due_on == form.goal.due_on:
        return _("The date has not changed.")
    moved = len(form.moved)
    steps = ngettext("%(n)s open step moved too.", "%(n)s open steps moved too.", moved)
    words = _("The goal is now due on %(day)s.") % {"day": date_format(due_on, "j M Y")}
    return join_sentences(words, steps % {"n": moved} if moved else "")


def _answer(
    request: AuthenticatedRequest,
    template: str,
    make: Callable[[], F],
    save: Callable[[F], object],
    words: Callable[[F], str],
) -> HttpResponse:
    """Return the response with the form, or redirect with `words` as the message. Someone from a review goes back
    to it.
    """
    form, is_saved = save_with_retry(request, make, save)
    review = review_return_url(request)
    if is_saved:
        report_saved(request, form, words(form))
        return redirect(review or form.goal)
    offers = count_due_date_moves(form.goal) >= OFFERS_FROM
    context = {"section": "goals", "form": form, "goal": form.goal, "offers_other_ways": offers, "review_url": review}
    return render(request, template, context)


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def stop_rule_later(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Move the date of a goal's stop rule."""
    now = timezone.now()

    def make() -> StopRuleForm:
        return StopRuleForm(form_data(request), goal=get_goal_or_404(request, pk), today=timezone.localdate(now))

    def save(form: StopRuleForm) -> None:
        day, version = form.cleaned_data["stop_on"], form.goal.version
        extend_stop_rule(goal=form.goal, stop_on=day, reason=form.change_reason(), now=now, version=version)

    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        day = date_format(form.cleaned_data["stop_on"], "j M Y")
        messages.success(request, _("We will ask you again on %(day)s.") % {"day": day})
    if is_saved or (form.goal.stop_on is None and not form.is_bound):
        return redirect(form.goal)
    return render(request, "goals/stop_rule.html", {"section": "goals", "form": form, "goal": form.goal})
