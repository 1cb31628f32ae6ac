"""The plan page, pausing, and looking things through afterwards."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.addresses import id_in
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import PauseForm, TriageForm
from careerplan.goals.views.common import FORM_METHODS
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import active_plan, pauses_ahead
from careerplan.plans.services import PlanIsArchived

MOST_NAMED = 5  # titles in a message
PlanView = Callable[[AuthenticatedRequest, Plan], HttpResponse]


def of_active_plan(view: PlanView) -> Callable[[AuthenticatedRequest], HttpResponse]:
    """Gives the view the active plan; who has none, or whose plan was just archived, is led to the plan page."""

    @wraps(view)
    def wrapped(request: AuthenticatedRequest) -> HttpResponse:
        plan = active_plan(request.user)
        if plan is None:
            return redirect("plans:plan")
        try:
            return view(request, plan)
        except PlanIsArchived:
            messages.error(request, _("This plan was closed meanwhile. Nothing was saved."))
            return redirect("plans:plan")

    return wrapped


@require_safe
def plan_page(request: AuthenticatedRequest) -> HttpResponse:
    """The plan: where it leads, what matters, and the load of the weeks to come."""
    today = timezone.localdate()
    page = queries.plan_page(request.user, today)
    context = {"section": "plan", "today": today, "page": page, "plan": page.plan if page else None}
    return render(request, "plans/plan.html" if page else "plans/empty.html", context)


@require_http_methods(FORM_METHODS)
@of_active_plan
def plan_pause(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Pause: the first sending shows what would move, the second does it."""
    now = timezone.now()
    today, moves = timezone.localdate(now), None
    form = PauseForm(posted(request), today=today)
    if form.is_bound and form.is_valid():
        entered = form.answers()
        if form.was_shown and request.method == "POST":
            try:
                pause = services.start_pause(plan=plan, form_key=form.cleaned_data["form_key"], data=entered, now=now)
            except services.PauseOverlaps as overlap:
                form.refuse(overlap.pause)
            else:
                days = {name: date_format(getattr(pause, name), "j M Y") for name in ("starts_on", "ends_on")}
                words = _("No reminder is sent from %(starts_on)s to %(ends_on)s.")
                messages.success(request, words % days)
                return redirect("plans:plan")
        elif other := queries.pause_in(plan, entered.starts_on, entered.ends_on):
            form.refuse(other)
        else:
            moves = queries.what_would_move(plan, entered.starts_on, entered.ends_on)
    pauses = pauses_ahead(plan, today)
    context = {"section": "plan", "form": form, "plan": plan, "moves": moves, "pauses": pauses, "today": today}
    return render(request, "plans/pause.html", context)


@require_POST
@of_active_plan
def pause_end(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """ "I am back", or a planned pause is taken back. A second click finds it over already."""
    now = timezone.now()
    key = id_in(request.POST.get("pause", "")) or 0
    pause = Pause.objects.for_user(request.user).filter(plan=plan, pk=key).first()
    if pause:
        began = pause.starts_on < timezone.localdate(now)
        ended = services.end_pause(pause=pause, today=timezone.localdate(now), now=now)
        on, back = (
            _("Your plan goes on. What the pause moved has come back by the days left over."),
            _("The pause is taken back, and with it what it moved."),
        )
        messages.success(request, on if began else back)
        if ended.stay:
            messages.info(request, _stays(ended.stay))
        if began:
            return redirect("plans:triage")
    return redirect("plans:plan")


def _stays(titles: list[str]) -> str:
    """What did not come back as far as it could, in words; the first few by name."""
    named, more = titles[:MOST_NAMED], len(titles) - MOST_NAMED
    words = _("You had chosen dates yourself meanwhile, so these stay: %(titles)s.") % {"titles": "; ".join(named)}
    if more > 0:
        words += " " + ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more}
    return words


@require_http_methods(FORM_METHODS)
@of_active_plan
def triage(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """What is open and near, after a pause: keep, a week later, or drop; one button saves all."""
    now = timezone.now()
    today = timezone.localdate(now)
    steps = queries.steps_to_triage(request.user, today)
    form = TriageForm(posted(request), steps=steps, today=today)
    if request.method == "POST" and form.is_valid():
        changed = services.triage_steps(plan=plan, choices=form.choices(), today=today, now=now)
        words = ngettext("%(n)s step changed, the others stay.", "%(n)s steps changed, the others stay.", len(changed))
        messages.success(request, words % {"n": len(changed)} if changed else _("Looked through; everything stays."))
        return redirect("plans:plan")
    context = {"section": "plan", "form": form, "today": today}
    return render(request, "plans/triage.html", context)
