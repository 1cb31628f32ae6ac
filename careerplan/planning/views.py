"""Views of the plan page, pauses, catching up, new and earlier plans, snapshots and the change log."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.absence import away_since, forget_absence
from careerplan.core.edit_conflicts import retry_when_stale
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.core.sentences import join_list, quoted
from careerplan.goals.views.shortcuts import FORM_METHODS
from careerplan.goals.views.step_list import row_context
from careerplan.goals.views.undo import report_with_undo
from careerplan.planning.forms import CatchUpForm, NewPlanForm, PauseForm, SnapshotDayForm
from careerplan.planning.queries.catch_up import draw_away_line, load_late_items
from careerplan.planning.queries.change_log import list_changes
from careerplan.planning.queries.pauses import overlapping_pause, preview_pause
from careerplan.planning.queries.plan_page import goals_with_a_step, load_earlier_plan, load_plan_page, who_sees_goals
from careerplan.planning.queries.snapshot import history_begins_on, load_snapshot
from careerplan.planning.queries.told_days import tell_history
from careerplan.planning.services.catch_up import CatchUp, overload_after_catch_up, spread_over_weeks
from careerplan.planning.services.catch_up import catch_up as save_catch_up
from careerplan.planning.services.new_plan import GoalHasNoStep, start_new_plan
from careerplan.planning.services.pauses import PauseOverlaps, end_pause, start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import active_plan, archived_plans, pauses_ahead
from careerplan.plans.services import PlanIsArchived

MOST_NAMED = 5  # titles in a message
PlanView = Callable[[AuthenticatedRequest, Plan], HttpResponse]


def with_active_plan(view: PlanView) -> Callable[[AuthenticatedRequest], HttpResponse]:
    """View decorator that passes the active plan; without one, or if it was just archived, redirect to the plan
    page.
    """

    @wraps(view)
    def wrapped(request: AuthenticatedRequest) -> HttpResponse:
        plan = active_plan(request.user)
        if plan is None:
            return redirect("plans:plan")
        try:
            return view(request, plan)
        except PlanIsArchived:
            messages.error(request, _("Not saved: this plan was archived in another tab."))
            return redirect("plans:plan")

    return wrapped


@require_safe
def plan_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show the plan: vision, goals, next steps, the coming weeks, and what is needed."""
    today = timezone.localdate()
    page = load_plan_page(request.user, today)
    context = {"section": "plan", "page": page, "plan": page.plan if page else None, **row_context(request)}
    return render(request, "planning/plan.html" if page else "planning/empty.html", context)


@require_http_methods(FORM_METHODS)
@with_active_plan
def plan_pause(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Pause the plan: the first POST shows what would move, the second does it."""
    now = timezone.now()
    today, moves = timezone.localdate(now), None
    form = PauseForm(form_data(request), today=today)
    if form.is_bound and form.is_valid():
        entered = form.changes()
        days = {name: entered[name] for name in ("starts_on", "ends_on")}
        if form.was_shown and request.method == "POST":
            try:
                pause = start_pause(plan=plan, form_key=form.cleaned_data["form_key"], changes=entered, now=now)
            except PauseOverlaps as overlap:
                form.refuse(overlap.pause)
            else:
                dates = {name: date_format(getattr(pause, name), "j M Y") for name in days}
                words = _("We will not send reminders from %(starts_on)s to %(ends_on)s.")
                messages.success(request, words % dates)
                return redirect("plans:plan")
        elif other := overlapping_pause(plan, **days):
            form.refuse(other)
        else:
            moves = preview_pause(plan, **days)
    pauses = pauses_ahead(plan, today)
    context = {"section": "plan", "form": form, "plan": plan, "moves": moves, "pauses": pauses, "today": today}
    return render(request, "planning/pause.html", context)


@post_only(gettext_lazy("End the pause now"), "plans:plan", gettext_lazy("Go to your plan"))
@with_active_plan
def pause_end(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """End a pause or cancel a planned one. A second click changes nothing and says nothing more."""
    now = timezone.now()
    key = parse_id(request.POST.get("pause", "")) or 0
    pause = Pause.objects.for_user(request.user).filter(plan=plan, pk=key).first()
    if pause:
        began = pause.starts_on < timezone.localdate(now)
        ended = end_pause(pause=pause, today=timezone.localdate(now), now=now)
        if ended.has_changed and began:
            messages.success(request, _("Pause ended. We moved your dates earlier by the unused days."))
        elif ended.has_changed:
            messages.success(request, _("Pause cancelled. Your dates are back to what they were."))
        if ended.stay:
            messages.info(request, _unmoved_text(ended.stay))
        if began:
            return redirect("plans:catch-up")
    return redirect("plans:plan")


def _unmoved_text(titles: list[str]) -> str:
    """Return a sentence on dates that did not move back, with the first few titles."""
    named, more = titles[:MOST_NAMED], len(titles) - MOST_NAMED
    words = {"titles": join_list(map(quoted, named)), "n": more}
    if more <= 0:
        return _("You changed these dates during the pause, so we did not move them: %(titles)s.") % words
    return (
        ngettext(
            "You changed these dates during the pause, so we did not move them: %(titles)s and %(n)s more.",
            "You changed these dates during the pause, so we did not move them: %(titles)s and %(n)s more.",
            more,
        )
        % words
    )


@require_http_methods(FORM_METHODS)
@retry_when_stale
@with_active_plan
def catch_up(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Ask about each late goal and step. The first POST shows what would change, the second does it."""
    now = timezone.now()
    today = timezone.localdate(now)
    late = load_late_items(plan, request.user, today)
    form = CatchUpForm(form_data(request), late=late, today=today)
    context = {"section": "today", "form": form, "late": late, "today": today}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        updates = form.updates()
        if form.cleaned_data["spread"] and plan.hours_a_week:
            updates = spread_over_weeks(updates, plan.hours_a_week, today)
        if form.cleaned_data["confirmed"]:
            return _caught_up(request, plan, form, updates, now)
        if updates.count:
            context |= {"updates": updates, "overload": overload_after_catch_up(plan, updates, today)}
            return render(request, "planning/catch_up_check.html", context)
        messages.info(request, _("Nothing is chosen yet. Choose what to do with at least one of them."))
    since = away_since(request)
    context["away"] = draw_away_line(since, today, late.days()) if since else None
    return render(request, "planning/catch_up.html", context)


def _caught_up(
    request: AuthenticatedRequest, plan: Plan, form: CatchUpForm, updates: CatchUp, now: datetime
) -> HttpResponse:
    """Apply the answers, say so with a button that undoes all of them, and go to Today."""
    record = save_catch_up(plan=plan, updates=updates, today=form.today, now=now)
    forget_absence(request)
    if updates.count:
        words = ngettext("Caught up: %(n)s change saved.", "Caught up: %(n)s changes saved.", updates.count)
        report_with_undo(request, words % {"n": updates.count}, record)
    if left_out := form.count_left_out:
        words = ngettext(
            "%(n)s answer is not saved, because the goal or step changed in another tab.",
            "%(n)s answers are not saved, because the goals or steps changed in another tab.",
            left_out,
        )
        messages.info(request, words % {"n": left_out})
    return redirect("dashboard:today")


@post_only(gettext_lazy("Not now"), "plans:catch-up", gettext_lazy("Catch up"))
def catch_up_later(request: AuthenticatedRequest) -> HttpResponse:
    """Stop welcoming the person back; Today still says what is late."""
    forget_absence(request)
    return redirect("dashboard:today")


MOST_PAGES = 10_000


@require_http_methods(FORM_METHODS)
@with_active_plan
def new_plan(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Archive the plan and start a new one; GET asks how it went and which goals to keep."""
    if request.method == "POST" and request.POST.get("plan") != str(plan.pk):
        return _show_current_plan(request)  # the second of two clicks: the plan is archived already
    goals = goals_with_a_step(plan)
    form = NewPlanForm(form_data(request), plan=plan, goals=[goal for goal, has_step in goals if has_step])
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        try:
            start_new_plan(
                plan=plan,
                title=entered["title"],
                closing_notes=entered["closing_notes"],
                carried=set(entered["goals"]),
                now=timezone.now(),
            )
        except GoalHasNoStep:
            form.add_error("goals", _("One of the goals no longer has an open step. Check the list again."))
        else:
            messages.success(request, _("You have started a new plan. Is this still where you want to go?"))
            return redirect("plans:edit")
    without_step = [goal for goal, has_step in goals if not has_step]
    seen_by = [name for names in who_sees_goals for name in names(plan)]
    context = {"section": "plan", "form": form, "plan": plan, "without_step": without_step, "seen_by": seen_by}
    return render(request, "planning/new_plan.html", context)


def _show_current_plan(request: AuthenticatedRequest) -> HttpResponse:
    messages.info(request, _("That plan is already archived. This is your current plan."))
    return redirect("plans:plan")


@require_safe
def earlier_plans(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "planning/earlier_plans.html", {"section": "plan", "plans": archived_plans(request.user)})


@require_safe
def earlier_plan(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an archived plan."""
    archived = Plan.objects.for_user(request.user).filter(state=Plan.State.ARCHIVED)
    plan = get_object_or_404(archived.select_related("target_occupation"), pk=pk)
    context = {"section": "plan", "earlier": load_earlier_plan(plan), "plan": plan}
    return render(request, "planning/earlier_plan.html", context)


@require_safe
def snapshot(request: AuthenticatedRequest) -> HttpResponse:
    """Show the plan at the end of a day."""
    form = SnapshotDayForm(request.GET if "on" in request.GET else None, today=timezone.localdate())
    then = load_snapshot(request.user, form.cleaned_data["on"]) if form.is_valid() else None
    context = {
        "section": "plan",
        "form": form,
        "then": then,
        "is_asked": form.is_bound and not form.errors,
        "begins_on": history_begins_on(request.user),
    }
    return render(request, "planning/snapshot.html", context)


@require_safe
@with_active_plan
def change_log(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Tell what changed in the plan and why, by day."""
    context = {"section": "plan", "plan": plan, "months": tell_history(plan)}
    return render(request, "planning/change_log.html", context)


@require_safe
@with_active_plan
def every_change(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Show every change of the plan with its time and values, newest first."""
    page = min(max(parse_id(request.GET.get("page", "")) or 1, 1), MOST_PAGES)
    context = {"section": "plan", "plan": plan, "changes": list_changes(plan, request.user, page)}
    return render(request, "planning/every_change.html", context)
