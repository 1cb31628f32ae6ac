"""Views of a goal's end: close it, look back on it, reopen it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.goals.forms.closing import ClosingForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.how_it_went import load_how_it_went
from careerplan.goals.queries.progress import newest_entry_value
from careerplan.goals.queries.steps import open_steps_by_date
from careerplan.goals.services.goals import close_goal, reopen_goal
from careerplan.goals.texts import way_text
from careerplan.goals.views.shortcuts import FORM_METHODS, get_goal_or_404, handle_closed_goal, save_with_retry


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def goal_close(request: AuthenticatedRequest, pk: int, outcome: Goal.State) -> HttpResponse:
    """Close a goal: reached, partly reached or let go. GET asks how it went; POST closes it, with or without answers.

    If another tab closed it differently, the page says so and keeps what was typed. A second click changes nothing.
    """
    now = timezone.now()

    def make() -> ClosingForm:
        goal = get_goal_or_404(request, pk)
        steps, newest = open_steps_by_date(goal), newest_entry_value(goal)
        return ClosingForm.of_goal(goal, form_data(request), outcome=outcome, newest=newest, open_steps=steps)

    def save(form: ClosingForm) -> None:
        notes, version = form.notes(), form.goal.version
        today = timezone.localdate(now)
        close_goal(goal=form.goal, outcome=outcome, notes=notes, version=version, today=today, now=now)

    form, is_saved = save_with_retry(request, make, save)
    goal = form.goal
    if is_saved and outcome == Goal.State.LET_GO:
        messages.success(request, _("%(state)s: %(title)s.") % {"state": outcome.label, "title": goal.title})
    if is_saved or (request.method == "POST" and form.is_said):
        return redirect(goal if outcome == Goal.State.LET_GO else reverse("goals:how-it-went", args=[goal.pk]))
    return render(request, "goals/close.html", {"section": "goals", "form": form, "goal": goal, "outcome": outcome})


@require_safe
def how_it_went(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Look back on a goal that is reached or partly reached, also of an archived plan."""
    today, goal = timezone.localdate(), get_goal_or_404(request, pk, archived_too=True)
    if goal.state not in Goal.LOOKED_BACK_ON:
        return redirect(goal)
    page = load_how_it_went(goal, request.user, today)
    lead = way_text(page.days_taken, page.days_early)
    return render(request, "goals/how_it_went.html", {"section": "goals", "page": page, "goal": goal, "lead": lead})


@post_only(gettext_lazy("Reopen this goal"), "goals:detail", gettext_lazy("Go to the goal"))
@handle_closed_goal
def goal_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Reopen a closed goal."""
    goal = reopen_goal(goal=get_goal_or_404(request, pk))
    messages.success(request, _("The goal is active again."))
    return redirect(goal)
