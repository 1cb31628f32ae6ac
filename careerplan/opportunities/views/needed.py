"""Pages of what an opportunity asks for: its skills, and the advert that names them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.core.forms import form_data
from careerplan.goals.queries.goal_page import skill_choices
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.opportunities import queries, services
from careerplan.opportunities.adverts import Named, proposals
from careerplan.opportunities.forms import AdvertForm, ProposalsForm, SkillsForm
from careerplan.opportunities.views.common import SECTION, answer, own, says_when_archived


@require_http_methods(FORM_METHODS)
@says_when_archived
def skills(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say which skills it asks for, and at which level."""
    now = timezone.now()

    def make() -> SkillsForm:
        opportunity = own(request, pk)
        match = queries.matches_of(request.user, [pk])[pk]
        groups = skill_choices(request.user, list(match.levels))
        names = {skill: name for _group, rows in groups for skill, name in rows}
        return SkillsForm(form_data(request), opportunity=opportunity, match=match, names=names, groups=groups)

    def save(form: SkillsForm) -> None:
        services.set_needed_skills(opportunity=form.opportunity, levels=form.levels(), now=now)

    return answer(request, "opportunities/skills.html", make, save, pk, again="another" in request.POST)


@require_http_methods(FORM_METHODS)
@says_when_archived
def advert(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Paste the text of an advert; what it asks for is proposed, and kept only where it is confirmed ("keep")."""
    opportunity = own(request, pk)
    form, found = AdvertForm(form_data(request)), None
    if request.method == "POST" and form.is_valid():
        visible = Skill.objects.visible_to(request.user).in_use().in_order()
        named = [Named(skill.pk, skill.name, "" if skill.is_own else skill.key) for skill in visible]
        levels = queries.matches_of(request.user, [pk])[pk].levels
        keeps = "keep" in request.POST
        proposed = proposals(form.cleaned_data["text"], named)
        found = ProposalsForm(request.POST if keeps else None, proposals=proposed, levels=levels)
        if keeps and found.is_valid() and (confirmed := found.confirmed()):
            services.add_needed_skills(opportunity=opportunity, levels=confirmed, now=timezone.now())
            messages.success(request, _("Saved. The text itself is not kept."))
            return redirect(opportunity)
        if keeps and not found.errors:
            messages.info(request, _("Nothing is ticked, so nothing is kept. Tick what it really asks for."))
    context = {"section": SECTION, "opportunity": opportunity, "form": form, "found": found}
    return render(request, "opportunities/advert.html", context)
