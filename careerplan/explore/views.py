"""Views of the public pages of occupations: anyone may open and link to them."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.fields import FIELD_OF_SLUG, occupation_path
from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import QUERY_LENGTH
from careerplan.core.expired_session import nothing_typed
from careerplan.core.http import allow_shared_caching
from careerplan.core.robots import indexable
from careerplan.core.text import printable
from careerplan.explore import queries, services
from careerplan.explore.forms import TryoutForm
from careerplan.explore.occupation_page import occupation_page
from careerplan.explore.sitemaps import PublicPages
from careerplan.explore.tryout import Tryout, keep_offer, keep_path, load_tryout, signup_path, tryout_path
from careerplan.skills.services.locks import DraftNotFound

SEARCH_RATES = {"search": "300/m/ip"}


@login_not_required
@indexable
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the fields; with ?q=, redirect to the occupation with that title, or show similar ones, if there are any."""
    text = printable(request.GET.get("q", ""))[:QUERY_LENGTH].strip()
    if text:
        found: HttpResponse = _search(request, text)  # the decorator has no types
        return found
    fields = queries.count_fields()
    context = {"fields": fields, "count": sum(row.count for row in fields)}
    return _page(request, "explore/index.html", reverse("explore:index"), context)


@ratelimit.decorator(app="explore", action="search", config=SEARCH_RATES, limit_get=True)
def _search(request: HttpRequest, text: str) -> HttpResponse:
    path = queries.exact_path(text)
    if path:
        return allow_shared_caching(request, redirect(path))
    found = queries.find_occupations(text)
    is_any = bool(found.occupations)
    heading = _("Which of these do you mean?") if is_any else _("No match for “%(text)s”") % {"text": text}
    fields = [] if found.occupations else queries.count_fields()
    context = {"text": text, "found": found, "heading": heading, "fields": fields}
    return _page(request, "explore/search.html", reverse("explore:index"), context)


@login_not_required
@indexable
@require_safe
def field(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the occupations of one field, shortest training first."""
    found = FIELD_OF_SLUG.get(slug)
    if found is None:
        raise Http404
    groups = queries.occupations_by_training(found)
    context = {"field": found, "groups": groups, "count": sum(len(group.occupations) for group in groups)}
    return _page(request, "explore/field.html", reverse("explore:field", args=[slug]), context)


@login_not_required
@indexable
@require_safe
def occupation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show one occupation; another form of its address redirects to the one it has now."""
    found = _occupation_or_404(key)
    path = occupation_path(found.code, found.title)
    if request.path != path:
        return allow_shared_caching(request, redirect(path, permanent=True))
    page = occupation_page(found, request.user if request.user.is_authenticated else None)
    context = {"page": page, "tryout": tryout_path(found), "keep_target": signup_path(found)}
    return _page(request, "explore/occupation.html", path, context)


@login_not_required
@indexable
@require_safe
def tryout(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask the questions about an occupation; with enough answers in the address, show the result. Stores nothing."""
    found = _occupation_or_404(key)
    path, about = tryout_path(found), occupation_path(found.code, found.title)
    if request.path != path:
        if request.GET:  # answers are nobody else's
            return redirect(f"{path}?{request.GET.urlencode()}", permanent=True)
        return allow_shared_caching(request, redirect(path, permanent=True))
    asked = load_tryout(found)
    if asked is None:
        return allow_shared_caching(request, redirect(about))
    levels = asked.read_answers(request.GET)
    context = {"asked": asked, "path": path, "about": about}
    if not levels:
        return _page(request, "explore/try.html", path, {**context, "form": TryoutForm(asked, {})})
    return _tryout_result(request, context, asked, levels)


def _tryout_result(
    request: HttpRequest, context: dict[str, Any], asked: Tryout, levels: dict[int, int | None]
) -> HttpResponse:
    """Show what the answers say, or how many are missing. Nothing of it is cached or indexed."""
    context |= {"is_private": True, "canonical": f"{settings.BASE_URL}{context['path']}"}
    missing = asked.missing(levels)
    if missing:
        more = {"missing": missing, "next_skill": asked.first_unanswered(levels)}
        return render(request, "explore/try.html", {**context, **more, "form": TryoutForm(asked, levels)})
    keep = (keep_path if request.user.is_authenticated else signup_path)(asked.occupation, levels)
    return render(request, "explore/try_result.html", {**context, "result": asked.result(levels), "keep": keep})


@nothing_typed
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Add the answers in the address to the user's assessment, after asking; without answers, show the occupation.

    Sign-up and sign-in lead here (receivers.py).
    """
    found = _occupation_or_404(key)
    asked = load_tryout(found)
    levels = asked.read_answers(request.GET) if asked else {}
    if not levels:
        return redirect(occupation_path(found.code, found.title))
    if request.method == "POST":
        try:
            services.keep_answers(user=request.user, occupation=found, levels=levels, now=timezone.now())
        except DraftNotFound:  # finished or deleted in another tab at this moment
            return redirect(request.get_full_path())
        messages.success(request, _("Your answers are saved. You can continue at any time."))
        return redirect("skills:continue")
    offer = keep_offer(request.user, levels)
    if not offer.new:
        return redirect("skills:continue")
    context = {
        "section": "skills",
        "occupation": found,
        "offer": offer,
        "path": occupation_path(found.code, found.title),
    }
    return render(request, "explore/keep.html", context)


@login_not_required
@indexable
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt (RFC 9309). It forbids nothing: a robot that may not ask never sees that a page is marked."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {settings.BASE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the addresses of the public pages for search engines."""
    found = sitemaps.sitemap(request, {"pages": PublicPages}, template_name="explore/sitemap.xml")
    return allow_shared_caching(request, found.render())


def _occupation_or_404(key: str) -> Occupation:
    found = queries.occupation_by_key(key)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, path: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page with its canonical address."""
    response = render(request, template, {**context, "canonical": f"{settings.BASE_URL}{path}"})
    return allow_shared_caching(request, response)
