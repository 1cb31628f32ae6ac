"""Consent to the legal texts of the site: asked at sign-up, kept with its version, asked again if a version says so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Consent, User
from careerplan.site_settings.models import TextKind
from careerplan.site_settings.queries import current_site

FIELD = "agrees"
AGREED = "agreed_texts"  # session key: the newest version agreed to, by kind
PAGES: dict[str, str] = {TextKind.TERMS: "site:terms", TextKind.PRIVACY: "dashboard:privacy"}
SPACES = {"account_data", "operators"}
ALWAYS = {"accounts:agree", "accounts:delete", "accounts:openid-confirm"}


def add_field(form: forms.Form) -> None:
    """Add the box to tick, with links to the texts; nothing where the site has none."""
    kinds = [TextKind(text.kind) for text in current_site().agreed_texts]
    if not kinds:
        return
    labels = {
        (TextKind.TERMS, TextKind.PRIVACY): _("I agree to the terms and to the privacy text"),
        (TextKind.TERMS,): _("I agree to the terms"),
        (TextKind.PRIVACY,): _("I agree to the privacy text"),
    }
    read = {TextKind.TERMS: _("Read the terms"), TextKind.PRIVACY: _("Read the privacy text")}
    links = [format_html('<a href="{}" target="_blank">{}</a>', reverse(PAGES[kind]), read[kind]) for kind in kinds]
    form.fields[FIELD] = forms.BooleanField(
        label=labels[tuple(kinds)],
        help_text=format_html(" ".join(["{}"] * len(links)), *links),
        error_messages={"required": _("Agree to create your account.")},
    )


def versions_in_force() -> str:
    """Return the texts in force with their versions: a form carries what it showed."""
    return " ".join(f"{text.kind}:{text.number}" for text in current_site().agreed_texts)


def record_consent(*, user: User, now: datetime) -> None:
    """Keep that a user agrees to the texts in force. Idempotent."""
    rows = [
        Consent(user=user, kind=text.kind, number=text.number, agreed_at=now) for text in current_site().agreed_texts
    ]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)


def must_ask(request: HttpRequest, user: User) -> bool:
    """Return whether a text is in force to which this user has to agree again. A query only until the session knows."""
    wanted = {text.kind: text.agreed_from for text in current_site().agreed_texts if text.agreed_from}
    if not wanted or _is_enough(request.session.get(AGREED, {}), wanted):
        return False
    rows = Consent.objects.for_user(user).values_list("kind").annotate(newest=Max("number"))
    agreed: dict[str, int] = dict(rows.order_by())
    if _is_enough(agreed, wanted):
        request.session[AGREED] = agreed
        return False
    return True


def _is_enough(agreed: dict[str, int], wanted: dict[str, int]) -> bool:
    return all(agreed.get(kind, 0) >= number for kind, number in wanted.items())


class ConsentMiddleware:
    """Lead signed-in people to the new texts before they go on.

    Pages for everyone stay open, and so do taking one's data away, deleting the account and signing out. What is posted
    goes through: nothing typed is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect to the page that asks."""
        if request.method != "GET" or not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is None or match.view_name in ALWAYS or SPACES & {*match.namespaces}:
            return None
        if match.view_name.startswith(("account_", "mfa_")) or not request.accepts("text/html"):
            return None
        if not must_ask(request, request.user):
            return None
        return redirect(f"{reverse('accounts:agree')}?{urlencode({'next': request.get_full_path()})}")
