"""The owner's pages that turn a comment or a suggestion into a change of the plan, and undo that."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.conversation.models import Comment, Suggestion
from careerplan.conversation.owner.forms import DeclineSuggestionForm, FinishForm, SuggestedDayForm
from careerplan.conversation.owner.goal_date import change_goal_date
from careerplan.conversation.owner.views import METHODS, own_comment, place_of
from careerplan.conversation.proposed_words import propose_day, propose_title
from careerplan.conversation.services.made_steps import AlreadyMade, UndoTaken, make_step, undo_taken
from careerplan.conversation.services.suggestions import AlreadyAnswered, decline, take_date, take_step
from careerplan.conversation.threads import comment_url
from careerplan.core.forms import form_data
from careerplan.core.http import not_found_if_deleted
from careerplan.core.post_only import post_only
from careerplan.goals.forms.steps import StepForm
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.workload import workload_check
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.plans.models import Plan

handle_deleted = not_found_if_deleted(
    Goal.DoesNotExist, ActionStep.DoesNotExist, Comment.DoesNotExist, Suggestion.DoesNotExist
)
UNDO = "undo_conversation"  # in the session: the last change that can be undone, as JSON
CLOSED = gettext_lazy("This goal is closed. You can read it but not change it.")
ANSWERED = gettext_lazy("You have answered this already. Nothing has changed.")


def step_form(request: AuthenticatedRequest, goal: Goal, initial: dict[str, Any]) -> StepForm:
    """Return the form for a step of a goal, filled in with what is proposed."""
    today = timezone.localdate()
    check = workload_check(request.user, today)
    return StepForm(form_data(request), goal_due_on=goal.due_on, today=today, workload_check=check, initial=initial)


@require_http_methods(METHODS)
@handle_deleted
def make_step_page(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the form for a step beside the comment that it grows from, and add it."""
    comment = own_comment(request, pk)
    goal = comment.goal
    if goal is None or not goal.is_active or not goal.plan.is_active or comment.made_step_id:
        messages.error(request, ANSWERED if comment.made_step_id else CLOSED)
        return redirect(place_of(comment))
    today = timezone.localdate()
    day = propose_day(comment.text, today, goal.due_on)
    form = step_form(request, goal, {"step_title": propose_title(comment.text), "step_due_on": day})
    finish = _finish_form(request, comment)
    if request.method == "POST" and form.is_valid() and (finish is None or finish.is_valid()):
        finishes = finish is not None and finish.cleaned_data["finishes"]
        key, now = form.cleaned_data["form_key"], timezone.now()
        try:
            step = make_step(
                comment=comment, goal=goal, changes=form.step_changes(), finishes=finishes, form_key=key, now=now
            )
        except (AlreadyMade, GoalIsClosed) as refusal:
            messages.error(request, CLOSED if isinstance(refusal, GoalIsClosed) else ANSWERED)
            return redirect(place_of(comment))
        _report_step(request, step, finished=comment.step_id if finishes else None)
        return redirect(comment_url(goal.get_absolute_url(), comment.pk))
    context = {"section": "goals", "form": form, "finish": finish, "comment": comment, "goal": goal, "day": day}
    return render(request, "conversation/make_step.html", context)


def _finish_form(request: AuthenticatedRequest, comment: Comment) -> FinishForm | None:
    """Return the question about the step that a comment is about, where that is still open."""
    step = comment.step
    return FinishForm(form_data(request), title=step.title) if step and step.is_open and not step.repeats else None


def own_suggestion(request: AuthenticatedRequest, pk: int) -> Suggestion:
    """Return a suggestion for the user's active plan, else raise 404."""
    own = Suggestion.objects.for_user(request.user).filter(goal__plan__state=Plan.State.ACTIVE)
    return get_object_or_404(own.select_related("goal__plan", "step", "mentorship"), pk=pk)


def suggestion_place(suggestion: Suggestion) -> str:
    return f"{suggestion.goal.get_absolute_url()}#comments"


@post_only(gettext_lazy("Add this step"), "conversation:waiting", gettext_lazy("Go to your comments"))
@handle_deleted
def take(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a suggestion as it is; one whose day no longer fits is shown in the form first."""
    found = own_suggestion(request, pk)
    day, today = found.due_on, timezone.localdate()
    if found.is_goal_date and not found.answer:  # a goal does not move without a reason
        return redirect("conversation:change", pk=pk)
    if day and not today <= day <= found.goal.due_on and not found.answer:
        return redirect("conversation:change", pk=pk)
    return _take(request, found, {"title": found.title, "due_on": day})


def _take(request: AuthenticatedRequest, found: Suggestion, changes: dict[str, Any]) -> HttpResponse:
    now, before = timezone.now(), found.step
    try:
        if found.is_goal_date:
            messages.info(request, ANSWERED)
        elif before is not None:
            step = take_date(suggestion=found, due_on=changes["due_on"], now=now)
            _report_moved(request, step, before, found)
        elif found.answer:
            messages.info(request, ANSWERED)
        else:
            _report_step(request, take_step(suggestion=found, changes=changes, now=now), suggestion=found.pk)
    except (AlreadyAnswered, GoalIsClosed) as refusal:
        messages.error(request, CLOSED if isinstance(refusal, GoalIsClosed) else ANSWERED)
    return redirect(suggestion_place(found))


@require_http_methods(METHODS)
@handle_deleted
def change(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the form with what was suggested, and take it with the owner's words and day."""
    found = own_suggestion(request, pk)
    if found.answer:
        messages.info(request, ANSWERED)
        return redirect(suggestion_place(found))
    if found.is_goal_date:
        return change_goal_date(request, found)
    form: StepForm | SuggestedDayForm
    if found.step is None:
        form = step_form(request, found.goal, {"step_title": found.title, "step_due_on": found.due_on})
    else:
        days: dict[str, Any] = {"goal_due_on": found.goal.due_on, "today": timezone.localdate()}
        form = SuggestedDayForm(form_data(request), initial={"due_on": found.due_on}, **days)
    if request.method == "POST" and form.is_valid():
        changes = form.step_changes() if isinstance(form, StepForm) else {"due_on": form.cleaned_data["due_on"]}
        return _take(request, found, changes)
    context = {"section": "goals", "form": form, "suggestion": found, "goal": found.goal}
    return render(request, "conversation/change.html", context)


@require_http_methods(METHODS)
@handle_deleted
def decline_page(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask for a line to the mentor, and decline a suggestion."""
    found = own_suggestion(request, pk)
    form = DeclineSuggestionForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            decline(suggestion=found, line=form.cleaned_data["line"], now=timezone.now())
        except AlreadyAnswered:
            messages.error(request, ANSWERED)
        else:
            messages.success(request, _("Declined. %(name)s sees that.") % {"name": found.mentorship.first_name})
        return redirect(suggestion_place(found))
    context = {"section": "goals", "form": form, "suggestion": found, "goal": found.goal}
    return render(request, "conversation/decline.html", context)


# --- Undo ----------------------------------------------------------------------------------------------------
def _report_step(
    request: HttpRequest, step: ActionStep, *, finished: int | None = None, suggestion: int | None = None
) -> None:
    step.refresh_from_db()
    words = {"title": step.title}
    if step.due_on:
        words["day"] = date_format(step.due_on, "D j M")
        text = _("Step added for %(day)s: %(title)s.") % words
    else:
        text = _("Step added without a day: %(title)s.") % words
    record = UndoTaken(step=step.pk, version=step.version, suggestion=suggestion, finished=finished)
    _report(request, text, record)


def _report_moved(request: HttpRequest, step: ActionStep, before: ActionStep, taken: Suggestion) -> None:
    step.refresh_from_db()
    words = {"day": date_format(step.due_on, "D j M") if step.due_on else "", "title": step.title}
    record = UndoTaken(
        step=step.pk, version=step.version, suggestion=taken.pk, due_on=before.due_on, due_set_at=before.due_set_at
    )
    _report(request, _("Moved to %(day)s: %(title)s.") % words, record)


def _report(request: HttpRequest, text: str, record: UndoTaken) -> None:
    """Add a message with a button that undoes the change. Only the last one can be undone."""
    key = str(uuid4())
    values = {
        "key": key,
        "step": record.step,
        "version": record.version,
        "suggestion": record.suggestion,
        "finished": record.finished,
        "due_on": record.due_on and record.due_on.isoformat(),
        "due_set_at": record.due_set_at and record.due_set_at.isoformat(),
    }
    request.session[UNDO] = json.dumps(values)
    messages.success(request, text, extra_tags=f"undo-talk {key}")


@post_only(gettext_lazy("Undo"), "conversation:waiting", gettext_lazy("Go to your comments"))
@handle_deleted
def undo(request: AuthenticatedRequest) -> HttpResponse:
    """Take back the last step that came from a comment or a suggestion, or the date that was moved."""
    record = _stored(request, request.POST.get("key", ""))
    step = ActionStep.objects.for_user(request.user).filter(pk=record.step).first() if record else None
    is_undone = False
    if record and step:
        request.session.pop(UNDO)
        try:
            is_undone = undo_taken(user=request.user, record=record)
        except GoalIsClosed:
            is_undone = False
    if is_undone:
        messages.success(request, _("Undone. The change is no longer in your plan."))
    else:
        messages.error(request, _("It is too late to undo this. Nothing has changed."))
    return redirect(step.goal) if step else redirect("goals:list")


def _stored(request: HttpRequest, key: str) -> UndoTaken | None:
    stored = json.loads(request.session.get(UNDO, "null"))
    if not stored or stored.pop("key") != key:
        return None
    stored["due_on"] = stored["due_on"] and date.fromisoformat(stored["due_on"])
    stored["due_set_at"] = stored["due_set_at"] and datetime.fromisoformat(stored["due_set_at"]).astimezone(UTC)
    return UndoTaken(**stored)
