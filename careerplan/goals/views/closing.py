"""Pages of a goal's end: closing it, opening it again, and the answer to its stop rule that it goes on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import ClosingForm
from careerplan.goals.models import Goal
from careerplan.goals.views.common import FORM_METHODS, own_goal, saved, says_when_closed


@require_http_methods(FORM_METHODS)
@says_when_closed
def goal_close(request: AuthenticatedRequest, pk: int, outcome: Goal.State) -> HttpResponse:
    """Close a goal: reached, partly reached or let go. GET asks how it went; POST closes, with or without words.

    Closed otherwise in another tab, it says so; what was typed stays. A second click finds it closed just so.
    """
    now = timezone.now()

    def make() -> ClosingForm:
        goal = own_goal(request, pk)
        return ClosingForm.of_goal(goal, posted(request), outcome=outcome, newest=queries.newest_reading(goal))

    def save(form: ClosingForm) -> None:
        words, version = form.words(), form.goal.version
        today = timezone.localdate(now)
        services.close_goal(goal=form.goal, outcome=outcome, words=words, version=version, today=today, now=now)

    form, is_saved = saved(request, make, save)
    goal = form.goal
    if is_saved:
        messages.success(request, _("%(state)s: %(title)s.") % {"state": outcome.label, "title": goal.title})
    if is_saved or (request.method == "POST" and form.is_said):
        return redirect(goal)
    return render(request, "goals/close.html", {"section": "goals", "form": form, "goal": goal, "outcome": outcome})


@require_POST
@says_when_closed
def goal_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Work on a closed goal again."""
    goal = services.reopen_goal(goal=own_goal(request, pk))
    messages.success(request, _("You are working on it again."))
    return redirect(goal)


@require_POST
@says_when_closed
def stop_rule_met(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What the stop rule asks for is so: the goal goes on."""
    goal = services.keep_going(goal=own_goal(request, pk), now=timezone.now())
    messages.success(request, _("Good. The goal goes on, and you are not asked again."))
    return redirect(goal)
