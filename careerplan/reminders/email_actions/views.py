"""Views behind the links of an email. GET shows what will happen and changes nothing; POST does it.

The link is the permission, so no one is signed in, and only its target is shown, and the title of a step that this link
added. A POST carries the usual CSRF token. Referrer-Policy is `strict-origin`, because with `no-referrer` browsers send
`Origin: null`, which Django's CSRF check refuses; either way the secret URL is in no Referer.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careerplan.goals.forms.evaluations import NewEvaluationForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.steps import has_open_step
from careerplan.goals.services.goals import ClosingNotes
from careerplan.goals.texts import workload_question as load_words
from careerplan.reminders.email_actions import actions, queries, services
from careerplan.reminders.email_actions.actions import CONFIRM, DONE, LET_GO, STUCK, WEEK, WORTH
from careerplan.reminders.email_actions.forms import LetGoForm, ReachedForm, StuckForm, WeekForm
from careerplan.reminders.email_actions.links import GOOD_FOR, ActionTarget, BadLink, OldLink
from careerplan.reminders.email_actions.queries import (
    ActionRequest,
    Unavailable,
    find_action_request,
    unavailable_reason,
)

View = Callable[[HttpRequest, ActionRequest], HttpResponse]
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "strict-origin",
}


def _answers(answer: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """View decorator: verify the link, find its target, and explain if the action is unavailable."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            response = _found(request, token, answer, view)
            for name, value in PRIVATE.items():
                response.headers[name] = value
            return response

        return wrapped

    return decorate


def _found(request: HttpRequest, token: str, answer: str, view: View) -> HttpResponse:
    try:
        action = find_action_request(token, timezone.now())
        if answer not in actions.ANSWERS[action.target] and (action.target, answer) != (ActionTarget.STEP, WORTH):
            raise BadLink
        with timezone.override(action.user.zone):  # dates are in the owner's time zone
            if unavailable := unavailable_reason(action, answer):
                return _show_unavailable(request, action, unavailable)
            try:
                return view(request, action)
            except services.ActionUnavailable as error:
                return _show_unavailable(request, action, error.unavailable)
    except (BadLink, OldLink, queries.TargetDeleted) as why:
        return _dead(request, why)


def _dead(request: HttpRequest, why: Exception) -> HttpResponse:
    """Return the page of a link that no longer works: 404 if it never was one, 410 if it was."""
    context = {"why": type(why).__name__, "good_for_days": GOOD_FOR.days}
    return render(
        request, "reminders/email_actions/dead.html", context, status=404 if isinstance(why, BadLink) else 410
    )


def _show_unavailable(request: HttpRequest, action: ActionRequest, unavailable: Unavailable) -> HttpResponse:
    context = {
        "unavailable": unavailable,
        "worth_path": actions.answer_path(WORTH, action.token) if unavailable.asks_for_rating else "",
    }
    return _show(request, "unavailable", action, **context)


def _show(request: HttpRequest, page: str, action: ActionRequest, **context: Any) -> HttpResponse:
    return render(request, f"reminders/email_actions/{page}.html", {"action": action, "today": action.today, **context})


def _ask(request: HttpRequest, answer: str, action: ActionRequest, **context: Any) -> HttpResponse:
    """Return a page with a button, and the other actions below it."""
    others = [
        {"label": actions.label(action.target, other), "path": actions.answer_path(other, action.token)}
        for other in actions.ANSWERS[action.target]
        if other != answer
    ]
    return _show(request, answer.replace("-", "_"), action, others=others, pause=queries.pause_now(action), **context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@_answers(DONE)
def done(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Mark a step as done, then ask for a rating. Close a goal as reached or partly reached."""
    if action.step is None:
        return _reached(request, action)
    if request.method != "POST":
        return _ask(request, DONE, action)
    step = services.complete(action)
    return _ask_worth(request, action, NewEvaluationForm(None, step=step))


def _reached(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    form = ReachedForm.for_goal(action.goal, _posted(request))
    if not form.is_valid():
        return _ask(request, DONE, action, form=form)
    data = form.cleaned_data
    words = ClosingNotes(
        closing_note=data["closing_note"], worth=data["worth"], final_value=data.get("final_value"), learned=""
    )
    goal = services.close(action, Goal.State(data["outcome"]), words)
    return _show(request, "thanks", action, heading=goal.get_state_display(), words=_("This goal is now closed."))


@_answers(WORTH)
def worth(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Rate a finished step."""
    if action.step is None:
        raise BadLink
    form = NewEvaluationForm(_posted(request), step=action.step)
    if not form.is_valid():
        return _ask_worth(request, action, form)
    services.rate(action, form.changes())
    return _show(request, "thanks", action, heading=_("Saved"), words=_("Your rating is saved with the step."))


def _ask_worth(request: HttpRequest, action: ActionRequest, form: NewEvaluationForm) -> HttpResponse:
    is_last = action.goal.is_active and not has_open_step(action.goal)
    path = actions.answer_path(WORTH, action.token)
    return _show(request, "worth", action, form=form, worth_path=path, is_last=is_last)


@_answers(WEEK)
def week(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Move a date by a week; the page shows from and to, and what else moves."""
    form = WeekForm(_posted(request))
    is_as_shown = True
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = services.move_by_a_week(
                action, shown=data["to"], reason=data["reason"], move_steps=data["move_steps"]
            )
        except services.OutcomeChanged:
            is_as_shown = False
        else:
            return _show(request, "moved", action, week=moved, moves_along=data["move_steps"] and moved.moves)
    found = queries.week_move(action)
    load = load_words(found.overfull, asks=False) if found.overfull else ""
    return _ask(request, WEEK, action, form=form, week=found, load=load, is_as_shown=is_as_shown)


@_answers(STUCK)
def stuck(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Save an obstacle and add a smaller step before the stuck one."""
    form = StuckForm(_posted(request), action=action)
    if not form.is_valid():
        return _ask(request, STUCK, action, form=form, is_possible=queries.smallest_step_by(action) is not None)
    data = form.cleaned_data
    blocker = data.get("blocker", "")
    step = services.add_smaller_step(action, blocker=blocker, next_step=form.step_changes())
    return _show(request, "unstuck", action, step=step, blocker=blocker)


@_answers(LET_GO)
def let_go(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Drop a step, or let a goal go, with a note if the user wants."""
    form = LetGoForm(_posted(request))
    if not form.is_valid():
        return _ask(request, LET_GO, action, form=form)
    if action.step:
        services.drop(action)
        return _show(
            request, "thanks", action, heading=_("Step dropped"), words=_("You can still read this step and reopen it.")
        )
    services.close(action, Goal.State.LET_GO, ClosingNotes(**form.cleaned_data))
    return _show(request, "thanks", action, heading=_("Let go"), words=_("You can reopen this goal at any time."))


@_answers(CONFIRM)
def confirm(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Record that the condition of the stop rule is met, so the goal continues."""
    if request.method != "POST":
        return _ask(request, CONFIRM, action)
    services.keep_going(action)
    words = _("Condition met. We will not ask you again.")
    return _show(request, "thanks", action, heading=_("Goal continues"), words=words)
