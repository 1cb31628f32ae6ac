"""Views of progress entries."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.core.numbers import format_number
from careerplan.core.post_only import post_only
from careerplan.goals.forms.progress import ProgressEntryForm
from careerplan.goals.models import ProgressEntry
from careerplan.goals.queries.progress import newest_value
from careerplan.goals.services.progress import NotMeasuredByNumber, record_progress, remove_entry, restore_entry
from careerplan.goals.texts import progress_text
from careerplan.goals.views.shortcuts import (
    FORM_METHODS,
    PLACES,
    get_goal_or_404,
    handle_closed_goal,
    redirect_back,
    save_with_retry,
)

ENTRIES_A_PAGE = 100


@require_http_methods(FORM_METHODS)
@handle_closed_goal
def record(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record a number, then redirect to where the user came from."""
    now = timezone.now()
    today = timezone.localdate(now)

    def make() -> ProgressEntryForm:
        goal = get_goal_or_404(request, pk)
        if goal.measure_range is None:
            raise NotMeasuredByNumber
        return ProgressEntryForm(form_data(request), goal=goal, today=today, value=format_number(newest_value(goal)))

    def save(form: ProgressEntryForm) -> None:
        key = form.cleaned_data["form_key"]
        record_progress(goal=form.goal, changes=form.changes(), form_key=key, now=now, today=today)

    try:
        form, is_saved = save_with_retry(request, make, save)
    except NotMeasuredByNumber:
        messages.info(request, _("You measure this goal with a yes or no. Its steps show how far you are."))
        return redirect("goals:detail", pk)
    goal = form.goal
    if is_saved and goal.measure_range:
        words = {"title": goal.title, "words": progress_text(newest_value(goal), goal.measure_range, goal.unit)}
        messages.success(request, _("Recorded. %(title)s: %(words)s.") % words)
        return redirect_back(request, goal)
    came_from = request.POST.get("from") or request.GET.get("from", "")
    context = {"section": "goals", "form": form, "goal": goal, "newest": form.initial["value"]}
    return render(request, "goals/record.html", {**context, "came_from": came_from if came_from in PLACES else ""})


@require_safe
def progress(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show all progress entries of a goal, including removed ones, newest first."""
    goal = get_goal_or_404(request, pk)
    page = Paginator(goal.progress_entries.order_by("-measured_on", "-id"), ENTRIES_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "goals/progress.html", {"section": "goals", "goal": goal, "page": page})


@post_only(gettext_lazy("Remove"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def entry_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Remove a mistaken entry."""
    entry = remove_entry(entry=get_entry_or_404(request, pk), now=timezone.now())
    messages.success(
        request, _("Removed: %(value)s. You can restore it in the table.") % {"value": format_number(entry.value)}
    )
    return redirect(entry.goal)


@post_only(gettext_lazy("Restore"), "goals:list", gettext_lazy("Go to your goals"))
@handle_closed_goal
def entry_restore(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Restore a removed entry."""
    entry = get_entry_or_404(request, pk)
    try:
        restore_entry(entry=entry)
    except NotMeasuredByNumber:
        messages.error(request, _("You measure this goal with a yes or no. Its steps show how far you are."))
        return redirect(entry.goal)
    messages.success(request, _("Restored: %(value)s.") % {"value": format_number(entry.value)})
    return redirect(entry.goal)


def get_entry_or_404(request: AuthenticatedRequest, pk: int) -> ProgressEntry:
    entries = ProgressEntry.objects.for_user(request.user).filter(goal__plan__state="active")
    return get_object_or_404(entries.select_related("goal"), pk=pk)
