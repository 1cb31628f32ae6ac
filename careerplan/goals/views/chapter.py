"""A new chapter, earlier chapters, the plan as it stood, and what changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.addresses import id_in
from careerplan.core.forms import posted
from careerplan.goals import queries, services
from careerplan.goals.forms import ChapterForm, DayForm
from careerplan.goals.views.common import FORM_METHODS
from careerplan.goals.views.plan import of_active_plan
from careerplan.plans.models import Plan
from careerplan.plans.queries import archived_plans

MOST_PAGES = 10_000


@require_http_methods(FORM_METHODS)
@of_active_plan
def new_chapter(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """Archive the plan and begin a new one; GET asks how it ended and what comes along."""
    if request.method == "POST" and request.POST.get("plan") != str(plan.pk):
        return _chapter_begun(request)  # the second of two clicks: the plan it is about is archived already
    goals = queries.goals_with_a_step(plan)
    form = ChapterForm(posted(request), plan=plan, goals=[goal for goal, has_step in goals if has_step])
    if form.is_bound and form.is_valid():
        entered = form.cleaned_data
        try:
            services.start_chapter(
                plan=plan,
                title=entered["title"],
                closing_words=entered["closing_words"],
                carried=set(entered["goals"]),
                now=timezone.now(),
            )
        except services.GoalHasNoStep:
            form.add_error("goals", _("One of the goals lost its last open step meanwhile. Look again."))
        else:
            messages.success(request, _("A new chapter has begun. Is this still where you want to go?"))
            return redirect("plans:edit")
    without_step = [goal for goal, has_step in goals if not has_step]
    context = {"section": "plan", "form": form, "plan": plan, "without_step": without_step}
    return render(request, "plans/new_chapter.html", context)


def _chapter_begun(request: AuthenticatedRequest) -> HttpResponse:
    messages.info(request, _("That plan is closed already; this is the one you are working on."))
    return redirect("plans:plan")


@require_safe
def chapters(request: AuthenticatedRequest) -> HttpResponse:
    """Earlier chapters."""
    return render(request, "plans/chapters.html", {"section": "plan", "plans": archived_plans(request.user)})


@require_safe
def chapter(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One archived plan, to be read."""
    archived = Plan.objects.for_user(request.user).filter(state=Plan.State.ARCHIVED)
    plan = get_object_or_404(archived.select_related("target_occupation"), pk=pk)
    context = {"section": "plan", "chapter": queries.chapter(plan), "plan": plan}
    return render(request, "plans/chapter.html", context)


@require_safe
def as_it_stood(request: AuthenticatedRequest) -> HttpResponse:
    """The plan as it stood at the end of a day."""
    form = DayForm(request.GET if "on" in request.GET else None, today=timezone.localdate())
    then = queries.plan_as_it_stood(request.user, form.cleaned_data["on"]) if form.is_valid() else None
    context = {
        "section": "plan",
        "form": form,
        "then": then,
        "is_asked": form.is_bound and not form.errors,
        "begins_on": queries.history_begins_on(request.user),
    }
    return render(request, "plans/stood.html", context)


@require_safe
@of_active_plan
def changes(request: AuthenticatedRequest, plan: Plan) -> HttpResponse:
    """What changed in the plan, newest first."""
    page = min(max(id_in(request.GET.get("page", "")) or 1, 1), MOST_PAGES)
    happenings = queries.what_changed(plan, request.user, page)
    return render(request, "plans/changes.html", {"section": "plan", "plan": plan, "happenings": happenings})
