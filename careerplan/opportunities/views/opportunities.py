"""Pages of an opportunity: the list, noting one, its page, changing and deleting it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import queries, services, words
from careerplan.opportunities.forms import EditForm, NoteForm
from careerplan.opportunities.views.common import MOST, SECTION, answer, own, says_when_archived


@require_safe
def opportunity_list(request: AuthenticatedRequest) -> HttpResponse:
    """All of them, with the short form above."""
    today = timezone.localdate()
    found = queries.opportunity_list(request.user, today)
    context = {
        "section": SECTION,
        "today": today,
        "list": found,
        "lead": words.list_lead(found, today),
        "form": NoteForm(today=today),
        "ticked": [row.opportunity.pk for row in found.considering[:MOST]],
    }
    return render(request, "opportunities/list.html", context)


@require_http_methods(FORM_METHODS)
def note(request: AuthenticatedRequest) -> HttpResponse:
    """Write one down: a title is enough."""
    now = timezone.now()
    form = NoteForm(form_data(request), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"]
        services.note_opportunity(user=request.user, form_key=key, data=form.answers(), now=now)
        messages.success(request, _("Noted. Weigh it when you have the time."))
        return redirect("opportunities:list")
    return render(request, "opportunities/new.html", {"section": SECTION, "form": form})


@require_safe
def detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One opportunity weighed; of an archived plan to be read only."""
    opportunity = own(request, pk, archived_too=True)
    today, [found] = timezone.localdate(), queries.weighed(request.user, opportunity.plan, [opportunity])
    goals = active_goals_by_skill(request.user)
    context = {
        "section": SECTION,
        "today": today,
        "opportunity": opportunity,
        "weighed": found,
        "is_read_only": not opportunity.plan.is_active,
        "asks_judgement": opportunity.plan.is_active and queries.asks_judgement(opportunity, today),
        "gaps": [(gap, goals.get(gap.skill_id)) for gap in found.match.gaps],
    }
    return render(request, "opportunities/detail.html", context)


@require_http_methods(FORM_METHODS)
@says_when_archived
def edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change what it is."""
    now = timezone.now()

    def make() -> EditForm:
        return EditForm.of(own(request, pk), form_data(request), today=timezone.localdate(now))

    def save(form: EditForm) -> None:
        services.update_opportunity(opportunity=form.opportunity, data=form.answers(), now=now)

    return answer(request, "opportunities/edit.html", make, save, pk)


@require_http_methods(FORM_METHODS)
@says_when_archived
def delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete it for good; GET asks."""
    opportunity = own(request, pk)
    if request.method == "POST":
        services.delete_opportunity(opportunity=opportunity)
        messages.success(request, _("Deleted: %(title)s.") % {"title": opportunity.title})
        return redirect("opportunities:list")
    return render(request, "opportunities/delete.html", {"section": SECTION, "opportunity": opportunity})
