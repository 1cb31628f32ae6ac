"""Pages where opportunities are weighed: one against the plan, several side by side, and the person's own criteria."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.goals.views.shortcuts import FORM_METHODS, saved, say_saved
from careerplan.opportunities import queries, services, words
from careerplan.opportunities.forms import CriteriaForm, WeighForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.views.common import FEWEST, MOST, SECTION, answer, own, says_when_archived
from careerplan.plans.models import Plan


@require_http_methods(FORM_METHODS)
@says_when_archived
def weigh(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say what it does to goals, vision and priorities, and what is for and against it."""
    now = timezone.now()

    def make() -> WeighForm:
        opportunity = own(request, pk)
        return WeighForm(form_data(request), opportunity=opportunity, asked=queries.asked_of(opportunity))

    def save(form: WeighForm) -> None:
        services.weigh_opportunity(opportunity=form.opportunity, weighing=form.answers(), now=now)

    return answer(request, "opportunities/weigh.html", make, save, pk)


@require_safe
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Two to four side by side: those that are ticked."""
    ids = list(dict.fromkeys(pk for text in request.GET.getlist("o")[: 2 * MOST] if (pk := parse_id(text)) is not None))
    chosen = Opportunity.objects.for_user(request.user).of_active_plans().filter(pk__in=ids[: MOST + 1])
    found = list(chosen.select_related("plan"))
    if not FEWEST <= len(found) <= MOST:
        messages.error(request, _("Tick two, three or four opportunities to put them side by side."))
        return redirect("opportunities:list")
    rows = queries.weighed(request.user, found[0].plan, found)
    context = {
        "section": SECTION,
        "today": timezone.localdate(),
        "heading": words.side_by_side(len(rows)),
        "lead": words.compare_lead(rows),
        "rows": rows,
        "closest": words.closest(rows),
        "priorities": list(zip(*[row.priorities for row in rows], strict=True)),
        "criteria": list(zip(*[row.criteria for row in rows], strict=True)),
    }
    return render(request, "opportunities/compare.html", context)


@require_http_methods(FORM_METHODS)
@says_when_archived
def criteria(request: AuthenticatedRequest) -> HttpResponse:
    """What the person weighs every opportunity by."""
    plan = Plan.objects.for_user(request.user).active().first()
    if plan is None:
        messages.info(request, _("Note an opportunity first; then there is something to weigh."))
        return redirect("opportunities:list")

    def make() -> CriteriaForm:
        return CriteriaForm(form_data(request), criteria=queries.criteria_of(plan))

    def save(form: CriteriaForm) -> None:
        services.set_criteria(plan=plan, criteria=form.answers(), seen=form.criteria)

    form, is_saved = saved(request, make, save)
    if is_saved:
        say_saved(request, form, _("Saved. They are asked about every opportunity."))
        return redirect("opportunities:list")
    return render(request, "opportunities/criteria.html", {"section": SECTION, "form": form})
