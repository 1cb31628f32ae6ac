"""Views of the landing page, Today, and the results of an assessment."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.queries import occupation_by_id
from careerplan.core.absence import away_since
from careerplan.core.http import allow_shared_caching
from careerplan.core.robots import indexable
from careerplan.dashboard import queries
from careerplan.dashboard.search import LONGEST_SEARCH, search_everything
from careerplan.goals.queries.first_goals import load_first_goals_offer
from careerplan.goals.views.step_list import row_context
from careerplan.site_settings.models import TextKind
from careerplan.site_settings.views import legal_context
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import assessment_options, draft_progress, latest_assessment
from careerplan.skills.queries.result_cache import load_results


@login_not_required
@indexable
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the landing page, or redirect to Today when signed in."""
    if request.user.is_authenticated:
        return redirect("dashboard:today")
    context = {"canonical": f"{settings.BASE_URL}{request.path}"}
    return allow_shared_caching(request, render(request, "dashboard/landing.html", context))


@login_not_required
@indexable
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the operator's text on privacy, if there is one, and what this site keeps."""
    context = legal_context(request, TextKind.PRIVACY) or {}
    return render(request, "dashboard/privacy.html", context)


@require_safe
def today(request: AuthenticatedRequest) -> HttpResponse:
    """Show what to do next, or where to start without goals. Who was away and has late goals or steps catches up
    first, unless the plan is paused.
    """
    now = timezone.now()
    rows = row_context(request)
    page = queries.today_page(request.user, now, done_row=rows["done_row"])
    if page and page.late and not page.pause and away_since(request) and not request.GET:
        return redirect("plans:catch-up")
    context = {
        "section": "today",
        "page": page,
        "draft": draft_progress(request.user) if page is None or page.has_draft else None,
        **rows,
    }
    if page is None:
        context["soon"] = queries.closing_soon(request.user, now, timezone.localdate(now))
        context["inventory"] = latest_assessment(request.user)
        context["first_goals"] = load_first_goals_offer(request.user).count
        context["minutes"] = {offer.key: offer.minutes for offer in assessment_options(request.user, now)}
        return render(request, "dashboard/empty.html", context)
    return render(request, "dashboard/today.html", context)


@require_safe
def search(request: AuthenticatedRequest) -> HttpResponse:
    """Show what contains the words of a search, among everything of the plan and the pages."""
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
    groups = search_everything(request.user, words)
    return render(request, "dashboard/search.html", {"section": "search", "words": words, "groups": groups})


RESULT_VIEWS = ("strengths", "gaps", "occupations", "ratings")  # the last has no tab: the first leads to it


@require_safe
def newest_results(request: AuthenticatedRequest, view: str = "strengths") -> HttpResponse:
    """Show the results of the newest assessment, one of the views."""
    assessment = latest_assessment(request.user)
    return _show_results(request, assessment, view, is_newest=True) if assessment else redirect("skills:start")


@require_safe
def result(request: AuthenticatedRequest, pk: int, view: str = "strengths") -> HttpResponse:
    """Show the results of one finished assessment, one of the views."""
    mine = Assessment.objects.for_user(request.user).finished()
    finished = mine.select_related("target_occupation", "education").annotate(newest_id=Subquery(mine.values("pk")[:1]))
    found = get_object_or_404(finished, pk=pk)
    return _show_results(request, found, view, is_newest=found.newest_id == found.pk)  # type: ignore[attr-defined]


def _show_results(request: AuthenticatedRequest, assessment: Assessment, view: str, *, is_newest: bool) -> HttpResponse:
    if view not in RESULT_VIEWS:
        raise Http404
    goals, task_goals = queries.goals_of_results(request.user)
    # A different occupation to compare with, instead of the target role.
    occupation = occupation_by_id(request.GET.get("occupation", ""))
    context = {
        "section": "skills",
        "view": view,
        "is_newest": is_newest,
        "shows_all": "all" in request.GET,
        "results": load_results(
            assessment,
            now=timezone.now(),
            goals=goals,
            task_goals=task_goals,
            occupation=occupation,
        ),
        "draft": draft_progress(request.user),
        # A retake can be limited to the skills that goals build.
        "again": urlencode({"skill": sorted(goals)}, doseq=True),
    }
    return render(request, "skills/results.html", context)
