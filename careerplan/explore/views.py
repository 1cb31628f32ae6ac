"""Views of the public pages of occupations: anyone may open and link to them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careerplan.catalogue.fields import FIELD_OF_SLUG, occupation_path
from careerplan.catalogue.queries import QUERY_LENGTH
from careerplan.core.text import printable
from careerplan.explore import queries

PUBLIC_FOR = "public, max-age=3600"  # seconds


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the fields; with ?q=, redirect to the occupation with that title, or show similar ones."""
    text = printable(request.GET.get("q", ""))[:QUERY_LENGTH].strip()
    if not text:
        fields = queries.count_fields()
        context = {"fields": fields, "count": sum(row.count for row in fields)}
        return _page(request, "explore/index.html", reverse("explore:index"), context)
    path = queries.exact_path(text)
    if path:
        return _cacheable(request, redirect(path))
    found = queries.find_occupations(text)
    heading = _("Which of these do you mean?") if found.is_match else _("No match for “%(text)s”") % {"text": text}
    context = {"text": text, "found": found, "heading": heading}
    return _page(request, "explore/search.html", reverse("explore:index"), context)


@login_not_required
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
@require_safe
def occupation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show one occupation; another form of its address redirects to the one it has now."""
    found = queries.occupation_by_key(key)
    if found is None:
        raise Http404
    path = occupation_path(found.code, found.title)
    if request.path != path:
        return _cacheable(request, redirect(path, permanent=True))
    page = queries.occupation_page(found, request.user if request.user.is_authenticated else None)
    return _page(request, "explore/occupation.html", path, {"page": page})


def _page(request: HttpRequest, template: str, path: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page with its canonical address."""
    response = render(request, template, {**context, "canonical": f"{settings.BASE_URL}{path}"})
    return _cacheable(request, response)


def _cacheable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let caches keep what everyone without a session sees; other pages stay private (SecurityHeadersMiddleware)."""
    if not request.user.is_authenticated and request.session.is_empty():
        response.headers["Cache-Control"] = PUBLIC_FOR
        patch_vary_headers(response, ["Cookie"])
    return response
