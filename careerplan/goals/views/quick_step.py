"""Add a step in one line, from Today, a goal or the list of all steps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.forms.quick_step import LINE, LONGEST_LINE, QuickStepForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.step_list import goals_for_a_step
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.steps import add_step
from careerplan.goals.views.shortcuts import FORM_METHODS, redirect_back

PART = "part"  # in the address: only what was understood, for static/js/quick.js


@require_http_methods(FORM_METHODS)
def quick_step(request: AuthenticatedRequest) -> HttpResponse:
    """Show what was understood of a line; POST adds the step, or asks for what is missing."""
    today = timezone.localdate()
    data = form_data(request)
    given = request.GET if data is None else data
    form = QuickStepForm(
        data,
        line=given.get(LINE, ""),
        goals=goals_for_a_step(request.user),
        first=given.get("goal", ""),
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        goal, changes, key = form.chosen_goal(), form.step_changes(), form.cleaned_data["form_key"]
        try:
            add_step(goal=goal, changes=changes, form_key=key, now=timezone.now())
        except (GoalIsClosed, Goal.DoesNotExist):
            form.add_error("goal", form.fields["goal"].error_messages["invalid_choice"])
        else:
            words, due_on = {"title": changes["title"], "goal": goal.title}, changes["due_on"]
            if due_on is None:
                text = _("Added without a day: %(title)s. It belongs to “%(goal)s”.")
            else:
                text, words["day"] = (
                    _("Added for %(day)s: %(title)s. It belongs to “%(goal)s”."),
                    date_format(due_on, "D j M"),
                )
            messages.success(request, text % words)
            return redirect_back(request, goal)
    context = {"section": "goals", "form": form, "today": today, "place": given.get("from", "")}
    context["line"] = given.get(LINE, "")[:LONGEST_LINE]
    name = "goals/_quick_understood.html" if PART in request.GET else "goals/quick_step.html"
    return render(request, name, context)
