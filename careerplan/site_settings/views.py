"""Pages and files that the settings of the site make: legal texts, logo, colour, and the notice."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from careerplan.core import expired_session
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.site_settings import notices
from careerplan.site_settings.colours import style_sheet
from careerplan.site_settings.legal_markup import as_html
from careerplan.site_settings.models import LegalText, SiteLogo, TextKind
from careerplan.site_settings.queries import current_site

FOR_A_DAY = "public, max-age=86400"
"""For files whose address has the version of the settings."""
NOTHING_INSIDE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Policy of a logo that somebody opens by itself: a picture runs nothing and loads nothing."""


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return legal_page(request, TextKind.TERMS)


@login_not_required
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return legal_page(request, TextKind.IMPRINT)


def legal_page(request: HttpRequest, kind: TextKind) -> HttpResponse:
    """Show a legal text; 404 where the site has none."""
    context = legal_context(request, kind)
    if context is None:
        raise Http404
    return render(request, "site_settings/legal_text.html", context)


def legal_context(request: HttpRequest, kind: TextKind) -> dict[str, object] | None:
    """Return the text in force, or the earlier version that `?version=` names; None where there is none."""
    in_force = current_site().text(kind)
    asked = parse_id(request.GET.get("version", ""))
    if in_force is None:
        return None
    number = asked or in_force.number
    texts = {row.number: row for row in LegalText.objects.filter(kind=kind, number__in=[number, number - 1])}
    shown = texts.get(number)
    if shown is None or not shown.text:
        raise Http404
    earlier = texts.get(number - 1)
    return {
        "heading": TextKind(kind).label,
        "text": shown,
        "html": as_html(shown.text),
        "is_in_force": number == in_force.number,
        "earlier": earlier if earlier and earlier.text else None,
    }


@login_not_required
@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    found = SiteLogo.objects.first() if current_site().has_logo else None
    if found is None:
        raise Http404
    headers = {"Content-Security-Policy": NOTHING_INSIDE, "Cache-Control": FOR_A_DAY}
    return HttpResponse(bytes(found.content), content_type=found.kind, headers=headers)


@login_not_required
@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Return the style sheet with the colour of the site."""
    colour = current_site().colour
    if not colour:
        raise Http404
    return HttpResponse(
        style_sheet(colour), content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_A_DAY}
    )


@post_only(gettext_lazy("Hide this"), "dashboard:today", gettext_lazy("Go to Today"))
def hide_notice(request: HttpRequest) -> HttpResponse:
    """Hide the notice in this session, and go back to the page."""
    notices.hide(request, current_site().notice)
    return redirect(expired_session.referring_path(request))
