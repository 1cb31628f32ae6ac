"""View of the advert of an opportunity: its text is kept, and what is found in it can be taken over."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.core.edit_conflicts import retry_when_stale
from careerplan.core.forms import form_data
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import services, texts
from careerplan.opportunities.forms.weighing import AdvertForm, AdvertSkillsForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.advert import AdvertTasks, changes_of, propose_facts, tasks_in, without_facts
from careerplan.opportunities.queries.opportunity_list import skill_matches
from careerplan.opportunities.views.opportunities import SECTION, get_opportunity_or_404, handle_archived_plan
from careerplan.reading.language import language_of
from careerplan.reading.skill_finder import SearchedSkill, read_advert

KEEP, FORGET = "keep", "forget"  # names of buttons


@dataclass(frozen=True)
class FoundInAdvert:
    """What the text of an advert asks for: skills and facts in a form, tasks, and sentences that are neither."""

    form: AdvertSkillsForm
    unread_language: str
    tasks: AdvertTasks | None
    others: list[str]


@require_http_methods(FORM_METHODS)
@handle_archived_plan
@retry_when_stale
def advert(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the text of an advert. A post keeps it and shows what it asks for, takes what is ticked, or removes it."""
    opportunity = get_opportunity_or_404(request, pk)
    if FORGET in request.POST:
        services.keep_advert(opportunity=opportunity, text="")
        messages.success(request, _("Removed: the text of the advert."))
        return redirect(opportunity)
    form = AdvertForm(form_data(request), initial={"text": opportunity.advert})
    context = {"section": SECTION, "opportunity": opportunity, "form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        opportunity = services.keep_advert(opportunity=opportunity, text=text)
        found = _find(request, opportunity, text)
        if KEEP in request.POST and _take(request, opportunity, found.form):
            return redirect(opportunity)
        context |= {
            "opportunity": opportunity,
            "found": found.form,
            "unread_language": found.unread_language,
            "tasks": found.tasks,
            "others": found.others,
        }
    return render(request, "opportunities/advert.html", context)


def _find(request: AuthenticatedRequest, opportunity: Opportunity, text: str) -> FoundInAdvert:
    visible = Skill.objects.visible_to(request.user).in_use().in_order()
    reading = read_advert(text, [SearchedSkill(one.pk, one.name, "" if one.is_own else one.key) for one in visible])
    form = AdvertSkillsForm(
        request.POST if KEEP in request.POST else None,
        found=reading.skills,
        levels=skill_matches(request.user, [opportunity.pk])[opportunity.pk].levels,
        facts=propose_facts(opportunity, text, today=timezone.localdate()),
    )
    if unread := texts.unread_language(language_of(text)):
        return FoundInAdvert(form, unread, tasks=None, others=[])
    return FoundInAdvert(form, "", tasks_in(opportunity, text), without_facts(reading.others, form.facts))


def _take(request: HttpRequest, opportunity: Opportunity, form: AdvertSkillsForm) -> bool:
    """Add the skills and facts that are ticked; return whether there were any."""
    if not form.is_valid():
        return False
    levels, facts = form.confirmed(), form.taken_facts()
    if not levels and not facts:
        messages.info(request, _("Not saved: tick at least one entry."))
        return False
    changes, left_out = changes_of(opportunity, facts)
    services.take_from_advert(opportunity=opportunity, changes=changes, levels=levels, now=timezone.now())
    messages.success(request, _("Saved. The text of the advert is below, with the opportunity."))
    if left_out:
        messages.info(request, texts.no_room_in_summary([fact.shown for fact in left_out]))
    return True
