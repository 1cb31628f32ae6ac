"""Views for weighing up: skills needed, questions, comparison and criteria."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.goals.queries.goal_page import skill_choices
from careerplan.goals.views.shortcuts import FORM_METHODS, report_saved, save_with_retry
from careerplan.opportunities import services, texts
from careerplan.opportunities.forms.weighing import CriteriaForm, NeededSkillsForm, WeighUpForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import skill_matches
from careerplan.opportunities.queries.weighing import (
    compare_matches,
    plan_criteria,
    scores_by_question,
    weigh_up,
    weighing_questions,
)
from careerplan.opportunities.views.opportunities import (
    COMPARE_MAX,
    COMPARE_MIN,
    SECTION,
    get_opportunity_or_404,
    handle_archived_plan,
    handle_form,
)
from careerplan.plans.models import Plan

PART = "part"  # in the address: only the score, of answers that are not saved


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def skills(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Choose the skills needed and their levels."""
    now = timezone.now()

    def make() -> NeededSkillsForm:
        opportunity = get_opportunity_or_404(request, pk)
        match = skill_matches(request.user, [pk])[pk]
        groups = skill_choices(request.user, list(match.levels))
        names = {skill: name for _group, rows in groups for skill, name in rows}
        return NeededSkillsForm(form_data(request), opportunity=opportunity, match=match, names=names, groups=groups)

    def save(form: NeededSkillsForm) -> None:
        services.set_needed_skills(opportunity=form.opportunity, levels=form.levels(), now=now)

    return handle_form(request, "opportunities/skills.html", make, save, pk, stay="another" in request.POST)


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def weigh(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Weigh up an opportunity: effects on goals, scores, and reasons for and against. With `PART` in the address the
    score of the answers there alone, for static/js/weigh.js.
    """
    now = timezone.now()
    if request.method != "POST" and PART in request.GET:
        return _score_of_typed(request, get_opportunity_or_404(request, pk))

    def make() -> WeighUpForm:
        opportunity = get_opportunity_or_404(request, pk)
        return WeighUpForm(form_data(request), opportunity=opportunity, questions=weighing_questions(opportunity))

    def save(form: WeighUpForm) -> None:
        services.weigh_opportunity(opportunity=form.opportunity, answers=form.answers(), now=now)

    def score_so_far(opportunity: Opportunity) -> dict[str, Any]:
        weighed = weigh_up(request.user, opportunity.plan, [opportunity])[0]
        return {"weighed": weighed, "today": timezone.localdate(now)}

    return handle_form(request, "opportunities/weigh.html", make, save, pk, more=score_so_far)


def _score_of_typed(request: AuthenticatedRequest, opportunity: Opportunity) -> HttpResponse:
    form = WeighUpForm(None, opportunity=opportunity, questions=weighing_questions(opportunity))
    typed = form.typed_scores(request.GET.dict())
    names = {criterion.pk: criterion.name for criterion, _saved in form.questions.criteria}
    criteria = {names[pk]: score for pk, score in typed.criteria.items()}
    weighed = weigh_up(request.user, opportunity.plan, [opportunity])[0]
    weighed = weighed.with_scores(typed.vision_score, typed.priorities, criteria)
    return render(request, "opportunities/_score_so_far.html", {"weighed": weighed, "is_typed": True})


@require_safe
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Compare the two to four opportunities that are ticked."""
    numbers = request.GET.getlist("o")[: 2 * COMPARE_MAX]
    ids = list(dict.fromkeys(pk for text in numbers if (pk := parse_id(text)) is not None))
    chosen = Opportunity.objects.for_user(request.user).of_active_plans().filter(pk__in=ids[: COMPARE_MAX + 1])
    found = list(chosen.select_related("plan"))
    if not COMPARE_MIN <= len(found) <= COMPARE_MAX:
        messages.error(request, _("Tick 2, 3 or 4 opportunities to compare."))
        return redirect("opportunities:list")
    rows = weigh_up(request.user, found[0].plan, found)
    matches = compare_matches(rows)
    context = {
        "section": SECTION,
        "today": timezone.localdate(),
        "heading": texts.compare_heading(len(rows)),
        "lead": texts.compare_lead(rows, matches),
        "rows": rows,
        "matches": matches,
        "has_effects": any(row.effects for row in rows),
        "has_summary": any(row.opportunity.summary for row in rows),
        "priorities": scores_by_question(rows, [row.priorities for row in rows]),
        "criteria": scores_by_question(rows, [row.criteria for row in rows]),
    }
    return render(request, "opportunities/compare.html", context)


@require_http_methods(FORM_METHODS)
@handle_archived_plan
def criteria(request: AuthenticatedRequest) -> HttpResponse:
    """Edit the criteria for every opportunity."""
    plan = Plan.objects.for_user(request.user).active().first()
    if plan is None:
        messages.info(request, _("Add an opportunity first. Then you can set your criteria."))
        return redirect("opportunities:list")

    def make() -> CriteriaForm:
        return CriteriaForm(form_data(request), criteria=plan_criteria(plan))

    def save(form: CriteriaForm) -> None:
        services.set_criteria(plan=plan, criteria=form.changed_criteria(), seen=form.criteria)

    form, is_saved = save_with_retry(request, make, save)
    if is_saved:
        report_saved(request, form, _("Criteria saved. Score your opportunities by them when you weigh them up."))
        return redirect("opportunities:list")
    return render(request, "opportunities/criteria.html", {"section": SECTION, "form": form})
