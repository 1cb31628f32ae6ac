"""Consent to the legal texts of the site: asked at sign-up, kept with its version, asked again if a version says so."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Consent, User
from careerplan.site_settings.models import TextKind
from careerplan.site_settings.queries import current_site

FIELD = "agrees"
AGREED = "agreed_texts"  # session key: the newest version agreed to, by kind
PAGES: dict[str, str] = {TextKind.TERMS: "site:terms", TextKind.PRIVACY: "dashboard:privacy"}
SPACES = {"account_data", "operators", "operations"}
ALWAYS = {"accounts:agree", "accounts:delete", "accounts:openid-confirm"}


class AgreedTexts(forms.CheckboxInput):
    """A box to tick whose value names the versions in force: what is sent says which texts its page showed.

    Versions published since are a box that is not ticked yet.
    """

    def __init__(self) -> None:
        super().__init__(check_test=lambda value: value == versions_in_force())

    def format_value(self, value: object) -> str:
        """Return the versions in force, ticked or not."""
        return versions_in_force()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:  # type: ignore[override]
        """Return the versions that the page showed; blank if the box was not ticked."""
        return str(data.get(name, ""))


class AgreedTextsField(forms.CharField):
    """Consent to the versions in force; its value names them."""

    widget = AgreedTexts
    default_error_messages = {
        "required": gettext_lazy("Agree to create your account."),
        "changed": gettext_lazy("The texts changed after you opened this page. Read them, then agree again."),
    }

    def validate(self, value: str) -> None:
        """Refuse consent to texts that are no longer in force."""
        super().validate(value)
        if value != versions_in_force():
            raise ValidationError(self.error_messages["changed"], code="changed")


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
    form.fields[FIELD] = AgreedTextsField(
        label=labels[tuple(kinds)], help_text=format_html(" ".join(["{}"] * len(links)), *links)
    )


def versions_in_force() -> str:
    """Return the texts in force with their versions: a form carries what it showed."""
    return " ".join(f"{text.kind}:{text.number}" for text in current_site().agreed_texts)


def record_consent(*, user: User, versions: str, now: datetime) -> None:
    """Keep that a user agreed to these versions, as `versions_in_force` names them. Idempotent."""
    texts = [version.split(":") for version in versions.split()]
    rows = [Consent(user=user, kind=kind, number=int(number), agreed_at=now) for kind, number in texts]
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
