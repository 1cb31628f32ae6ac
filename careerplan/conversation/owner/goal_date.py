"""The page on which an owner moves a goal to a day that a mentor suggested: with a reason, as everywhere."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import AuthenticatedRequest
from careerplan.conversation.models import Suggestion
from careerplan.conversation.services.goal_dates import take_goal_date
from careerplan.conversation.services.suggestions import AlreadyAnswered
from careerplan.core.forms import form_data
from careerplan.goals.forms.changes import MoveGoalForm
from careerplan.goals.queries.steps import count_due_date_moves, open_steps_by_date
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.views.shortcuts import get_goal_or_404, report_saved, save_with_retry

OFFERS_FROM = 1  # earlier moves, as on the page that moves a goal


def change_goal_date(request: AuthenticatedRequest, found: Suggestion) -> HttpResponse:
    """Show the form that moves the goal, with the suggested day in it, and move it."""
    now = timezone.now()
    today, place = timezone.localdate(now), f"{found.goal.get_absolute_url()}#comments"

    def make() -> MoveGoalForm:
        goal = get_goal_or_404(request, found.goal_id)
        steps = open_steps_by_date(goal)
        form = MoveGoalForm.of_goal(goal, form_data(request), suggested=found.due_on, today=today, open_steps=steps)
        if request.method == "POST" and form.is_valid() and form.cleaned_data["due_on"] == goal.due_on != found.due_on:
            form.add_error("due_on", _("Choose another day, or decline the suggestion."))
        return form

    def save(form: MoveGoalForm) -> None:
        day, reason = form.cleaned_data["due_on"], form.change_reason()
        take_goal_date(suggestion=found, goal=form.goal, due_on=day, reason=reason, today=today, now=now)

    try:
        form, is_saved = save_with_retry(request, make, save)
    except GoalIsClosed:
        messages.error(request, _("This goal is closed. You can read it but not change it."))
        return redirect(place)
    except AlreadyAnswered:
        messages.info(request, _("You have answered this already. Nothing has changed."))
        return redirect(place)
    if is_saved:
        day = date_format(form.cleaned_data["due_on"], "j M Y")
        report_saved(request, form, _("The goal is now due on %(day)s.") % {"day": day})
        return redirect(place)
    offers = count_due_date_moves(form.goal) >= OFFERS_FROM
    context = {"section": "goals", "form": form, "goal": form.goal, "suggestion": found, "offers_other_ways": offers}
    return render(request, "conversation/change_goal.html", context)
