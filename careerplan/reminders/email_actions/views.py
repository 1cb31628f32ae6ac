"""Pages behind the links in an email. GET shows what will happen and changes nothing; POST does it.

The link is the permission, so no one is signed in and the page shows only the target, and the title of a step that this
link added. A POST needs the usual CSRF token. Referrer-Policy is `strict-origin` and not `no-referrer`: with that,
browsers send `Origin: null` with a form, which Django's CSRF check refuses. Neither puts the address, which is a key,
into a Referer.
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

from careerplan.goals.forms.progress import NewEvaluationForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.steps import has_next_step
from careerplan.goals.services.goals import ClosingNotes
from careerplan.goals.texts import workload_question
from careerplan.reminders.email_actions import links, queries, services
from careerplan.reminders.email_actions.forms import LetGoForm, ReachedForm, StuckForm, WeekForm
from careerplan.reminders.email_actions.links import (
    CONFIRM,
    DONE,
    GOOD_FOR,
    LET_GO,
    STUCK,
    WEEK,
    WORTH,
    ActionTarget,
    BadLink,
    OldLink,
)
from careerplan.reminders.email_actions.queries import (
    ActionRequest,
    Unavailable,
    find_action_request,
    unavailable_reason,
)

View = Callable[[HttpRequest, ActionRequest], HttpResponse]
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin",
}


def _action_view(name: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """View decorator: verify the link and load its target, or say why the action is not available."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            response = _respond(request, token, name, view)
            for header, value in PRIVATE.items():
                response.headers[header] = value
            return response

        return wrapped

    return decorate


def _respond(request: HttpRequest, token: str, name: str, view: View) -> HttpResponse:
    try:
        action = find_action_request(token, timezone.now())
        if name not in links.ACTIONS[action.target] and (action.target, name) != (ActionTarget.STEP, WORTH):
            raise BadLink
        with timezone.override(action.user.zone):  # days of the owner's zone
            if unavailable := unavailable_reason(action, name):
                return _show_unavailable(request, action, unavailable)
            try:
                return view(request, action)
            except services.ActionUnavailable as error:
                return _show_unavailable(request, action, error.unavailable)
    except (BadLink, OldLink, queries.TargetDeleted) as error:
        return _show_invalid_link(request, error)


def _show_invalid_link(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say why the link does not work: 404 for one that is not ours, 410 for one that worked before."""
    context = {"error": type(error).__name__, "good_for_days": GOOD_FOR.days}
    status = 404 if isinstance(error, BadLink) else 410
    return render(request, "reminders/email_actions/invalid_link.html", context, status=status)


def _show_unavailable(request: HttpRequest, action: ActionRequest, unavailable: Unavailable) -> HttpResponse:
    context = {
        "unavailable": unavailable,
        "worth_path": links.action_path(WORTH, action.token) if unavailable.asks_for_rating else "",
    }
    return _show(request, "unavailable", action, **context)


def _show(request: HttpRequest, page: str, action: ActionRequest, **context: Any) -> HttpResponse:
    return render(request, f"reminders/email_actions/{page}.html", {"action": action, "today": action.today, **context})


def _ask(request: HttpRequest, name: str, action: ActionRequest, **context: Any) -> HttpResponse:
    """Show the page of an action with its button and links to the other actions."""
    others = [
        {"label": links.label(action.target, other), "path": links.action_path(other, action.token)}
        for other in links.ACTIONS[action.target]
        if other != name
    ]
    return _show(request, name.replace("-", "_"), action, others=others, pause=queries.pause_now(action), **context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@_action_view(DONE)
def done(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Complete a step, then ask for its rating; or close a goal as reached or partly reached."""
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
    notes = ClosingNotes(
        closing_note=data["closing_note"], worth=data["worth"], final_value=data.get("final_value"), learned=""
    )
    goal = services.close(action, Goal.State(data["outcome"]), notes)
    return _show(request, "thanks", action, heading=goal.get_state_display(), words=_("This goal is now closed."))


@_action_view(WORTH)
def worth(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Rate a step that is done."""
    if action.step is None:
        raise BadLink
    form = NewEvaluationForm(_posted(request), step=action.step)
    if not form.is_valid():
        return _ask_worth(request, action, form)
    services.rate(action, form.changes())
    return _show(request, "thanks", action, heading=_("Saved"), words=_("Your rating is saved with the step."))


def _ask_worth(request: HttpRequest, action: ActionRequest, form: NewEvaluationForm) -> HttpResponse:
    is_last = action.goal.is_active and not has_next_step(action.goal)
    path = links.action_path(WORTH, action.token)
    return _show(request, "worth", action, form=form, worth_path=path, is_last=is_last)


@_action_view(WEEK)
def week(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Move a date by a week, after showing both dates and what else moves."""
    form = WeekForm(_posted(request))
    is_as_shown = True
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = services.move_by_a_week(
                action, shown=data["to"], reason=data["reason"], moved_steps=form.moved_steps
            )
        except services.OutcomeChanged:
            is_as_shown = False
        else:
            along = [move for move in moved.moves if move.step.pk in form.moved_steps]
            return _show(request, "moved", action, week=moved, moves_along=along)
    found = queries.week_move(action)
    load = workload_question(found.overfull, asks=False) if found.overfull else ""
    return _ask(request, WEEK, action, form=form, week=found, load=load, is_as_shown=is_as_shown)


@_action_view(STUCK)
def stuck(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Save an obstacle and add a smaller step."""
    form = StuckForm(_posted(request), action=action)
    if not form.is_valid():
        return _ask(request, STUCK, action, form=form, is_possible=queries.smallest_step_by(action) is not None)
    data = form.cleaned_data
    blocker = data.get("blocker", "")
    step = services.add_smaller_step(action, blocker=blocker, next_step=form.step_changes())
    return _show(request, "unstuck", action, step=step, blocker=blocker)


@_action_view(LET_GO)
def let_go(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Drop a step, or close a goal as let go."""
    form = LetGoForm(_posted(request))
    if not form.is_valid():
        return _ask(request, LET_GO, action, form=form)
    if action.step:
        dropped = services.drop(action)
        heading = _("The step no longer repeats") if dropped.repeats else _("Step dropped")
        words = _("You can still read this step and reopen it.")
        return _show(request, "thanks", action, heading=heading, words=words)
    services.close(action, Goal.State.LET_GO, ClosingNotes(**form.cleaned_data))
    return _show(request, "thanks", action, heading=_("Let go"), words=_("You can reopen this goal at any time."))


@_action_view(CONFIRM)
def confirm(request: HttpRequest, action: ActionRequest) -> HttpResponse:
    """Confirm that the condition of a stop rule is met."""
    if request.method != "POST":
        return _ask(request, CONFIRM, action)
    services.keep_going(action)
    words = _("Condition met. We will not ask you again.")
    return _show(request, "thanks", action, heading=_("Goal continues"), words=words)
