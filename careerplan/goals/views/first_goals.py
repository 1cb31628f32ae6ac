"""View of the first goals: goals suggested from the newest results, taken together or one by one."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.core.sentences import join_list, quoted
from careerplan.goals.forms.first_goals import OFFER, FirstGoalsForm, OfferForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.first_goals import FirstGoals, load_first_goals
from careerplan.goals.services.first_goals import AddedGoals, add_first_goals, decline_first_goals
from careerplan.goals.suggestions import GapKind
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.plans.services import PlanIsArchived
from careerplan.skills.queries.draft import latest_assessment

RECALCULATE = "recalculate"  # value of the button `go`
ONLY = "only"  # name of the buttons that add one goal; the value is its key
TITLE_CHARACTERS = 60  # of a step in a message
INNER_QUOTES = str.maketrans("“”", "\u2018\u2019")  # of a title that is itself quoted
NO_GAPS = {GapKind.EXPLORE, GapKind.STRENGTH}


@require_http_methods(FORM_METHODS)
def first_goals(request: AuthenticatedRequest) -> HttpResponse:
    """Show up to three goals for the gaps that matter most, work out their dates again, or add those that are ticked.

    The ideas on the page are posted by their keys, so that a page that is no longer the newest is saved as shown.
    """
    found = load_first_goals(request.user)
    if found is None:
        return redirect("skills:start")
    now, data = timezone.now(), form_data(request)
    ideas = [found.ideas[key] for key in data.getlist(OFFER) if key in found.ideas] if data else []
    form = FirstGoalsForm(
        data if ideas else None,
        ideas=ideas or found.offered,
        hours_a_week=found.hours_a_week,
        today=timezone.localdate(now),
    )
    if request.method == "POST" and not ideas:
        messages.info(request, _("Your results have changed. Choose from these goals."))
        return redirect("goals:first")
    if form.is_bound and (request.method != "POST" or request.POST.get("go") == RECALCULATE):
        form = form.recalculated()
    elif request.method == "POST":
        return _add_chosen(request, found, form, now)
    return _show(request, found, form)


def _add_chosen(request: AuthenticatedRequest, found: FirstGoals, form: FirstGoalsForm, now: datetime) -> HttpResponse:
    """Add the ticked goals, or the one whose button was pressed; then the page shows the others."""
    only = request.POST.get(ONLY, "")
    chosen = [offer for offer in form.offers if offer.idea.key == only] if only else form.taken
    if form.is_valid_for(chosen):
        try:
            result = add_first_goals(
                user=request.user,
                assessment=found.assessment,
                chosen=[offer.chosen_goal() for offer in chosen],
                hours_a_week=form.hours_to_save(),
                now=now,
            )
        except PlanIsArchived:
            messages.error(request, _("Not saved: your plan was archived in another tab. Try again."))
            return _show(request, found, form)
        _report(request, result)
        rest = [offer for offer in form.offers if offer not in chosen]
        if not only or not rest:
            return redirect("dashboard:today")
        form = _form_for_rest(request.POST, form, rest)
    return _show(request, found, form)


@post_only(gettext_lazy("Not now"), "goals:first", gettext_lazy("See the goals we suggest"))
def decline(request: AuthenticatedRequest) -> HttpResponse:
    """Stop offering goals from the newest results on other pages."""
    assessment = latest_assessment(request.user)
    if assessment is not None:
        decline_first_goals(assessment=assessment, now=timezone.now())
        messages.success(request, _("We will not offer these goals again. Find them under Goals at any time."))
    return redirect("skills:results", "gaps") if assessment is not None else redirect("skills:start")


def _form_for_rest(data: QueryDict, form: FirstGoalsForm, rest: Sequence[OfferForm]) -> FirstGoalsForm:
    """Return the form without the goal that was added, with what was typed for the others."""
    ideas = [offer.idea for offer in rest]
    left = FirstGoalsForm(data, ideas=ideas, hours_a_week=form.hours, today=form.today)
    left.hide_errors()
    return left


def _report(request: HttpRequest, result: AddedGoals) -> None:
    """Say what was added and what to do first, and which gaps already had a goal."""
    if result.added:
        step = min((goal.steps.get() for goal in result.added), key=lambda step: step.due_on or date.max)
        text = ngettext(
            "%(n)s goal added. Next: “%(step)s” by %(day)s.",
            "%(n)s goals added. Next: “%(step)s” by %(day)s.",
            len(result.added),
        )
        title = Truncator(step.title.translate(INNER_QUOTES)).chars(TITLE_CHARACTERS)
        words = {"n": len(result.added), "step": title, "day": date_format(step.due_on or date.max, "j M Y")}
        messages.success(request, text % words)
    if result.existing:
        text = ngettext(
            "You already have a goal for this gap: %(goals)s.",
            "You already have goals for %(n)s of these gaps: %(goals)s.",
            len(result.existing),
        )
        messages.info(request, text % {"n": len(result.existing), "goals": _titles(result.existing)})


def _titles(goals: Sequence[Goal]) -> str:
    return join_list(quoted(goal.title) for goal in goals)


def _show(request: AuthenticatedRequest, found: FirstGoals, form: FirstGoalsForm) -> HttpResponse:
    context = {
        "section": "goals",
        "heading": _("Your next goals") if found.goals.has_any else _("Your first goals"),
        "form": form,
        "has_goals": found.goals.has_any,
        "is_for_gaps": any(offer.idea.kind not in NO_GAPS for offer in form.offers),
        "add_labels": _add_labels(len(form.offers)),
    }
    return render(request, "goals/first.html", context)


def _add_labels(most: int) -> list[str]:
    """Return the label of the button for each number of ticked goals, from 1 on (static/js/first_goals.js)."""
    return [ngettext("Add this goal", "Add these %(n)s goals", n) % {"n": n} for n in range(1, most + 1)]
