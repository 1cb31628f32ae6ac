"""The front page and Today."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.dashboard import queries
from careerplan.skills.queries import draft_for, newest_inventory


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the product is, for strangers; Today for those who are signed in."""
    if request.user.is_authenticated:
        return redirect("dashboard:today")
    return render(request, "dashboard/landing.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it."""
    return render(request, "dashboard/privacy.html")


@require_safe
def today(request: AuthenticatedRequest) -> HttpResponse:
    """What should I do now? For somebody new: where to begin."""
    day = timezone.localdate()
    page = queries.today_page(request.user, day)
    context = {"section": "today", "today": day, "page": page, "draft": draft_for(request.user)}
    if page is None:
        context["inventory"] = newest_inventory(request.user)
        return render(request, "dashboard/empty.html", context)
    return render(request, "dashboard/today.html", context)
