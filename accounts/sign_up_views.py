"""Views around signing up: the link of an invitation, and the page that asks to agree to new legal texts."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consent
from accounts.forms import next_url
from accounts.models import AuthenticatedRequest
from accounts.sign_up_rules import accept, find_invitation
from careerplan.core.expired_session import nothing_typed
from careerplan.site_settings.models import TextKind
from careerplan.site_settings.queries import current_site


@login_not_required
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Open sign-up for whoever has the link of an open invitation; say so where it is no longer open."""
    if request.user.is_authenticated:
        return redirect("dashboard:today")
    invitation = find_invitation(token, timezone.now())
    if invitation is None:
        return render(request, "accounts/invitation_ended.html", status=404)
    accept(request, invitation)
    return redirect("account_signup")


@nothing_typed
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: AuthenticatedRequest) -> HttpResponse:
    """Ask to agree to the legal texts in force, and go on to where the reader wanted to go."""
    leads_to = next_url(request) or "dashboard:today"
    texts = current_site().agreed_texts
    if not texts or not consent.must_ask(request, request.user):
        return redirect(leads_to)
    versions = consent.versions_in_force()
    if request.method == "POST" and request.POST.get("versions") == versions:  # else: published since the page was read
        consent.record_consent(user=request.user, versions=versions, now=timezone.now())
        return redirect(leads_to)
    context = {
        "texts": [(TextKind(text.kind).label, consent.PAGES[text.kind], text) for text in texts],
        "versions": versions,
        "next": leads_to if "/" in leads_to else "",
    }
    return render(request, "accounts/agree.html", context)
