"""Views that change a goal: edit it, move its date, move its stop rule."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.forms.changes import EditGoalForm, MoveGoalForm, StopRuleForm
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.queries.goal_page import skill_choices
from careerplan.goals.queries.steps import count_due_date_moves, open_steps_by_date
from careerplan.goals.services.closing import extend_stop_rule
from careerplan.goals.services.goals import move_goal, update_goal
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    get_goal_or_404,
    handle_closed_goal,
    report_saved,
    review_return_url,
    save_with_retry,
)

F = TypeVar("F", EditGoalForm, MoveGoalForm)
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
    """Move the due date of a goal."""
    now = timezone.now()
    today = timezone.localdate(now)

    def make() -> MoveGoalForm:
        goal = get_goal_or_404(request, pk)
        return MoveGoalForm.of_goal(goal, form_data(request), today=today, open_steps=open_steps_by_date(goal))

    def save(form: MoveGoalForm) -> None:
        reason = form.change_reason()
        if reason is not None:
            due_on = form.cleaned_data["due_on"]
            move_goal(goal=form.goal, due_on=due_on, reason=reason, today=today, now=now)

    return _answer(request, "goals/move.html", make, save, _moved_words)


def _moved_words(form: MoveGoalForm) -> str:
    """Return the message about the moved date and steps."""
    due_on: date = form.cleaned_data["due_on"]
    if due_on == form.goal.due_on:
        return _("The date has not changed.")
    moved = len(form.moves) if form.cleaned_data["move_steps"] else 0
    steps = ngettext("%(n)s open step moved too.", "%(n)s open steps moved too.", moved)
    words = _("The goal is now due on %(day)s.") % {"day": date_format(due_on, "j M Y")}
    return f"{words} {steps % {'n': moved}}" if moved else words


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
