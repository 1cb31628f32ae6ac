"""Pages of the settings of the site, its logo and its legal texts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest, User
from careerplan.core.edit_conflicts import StaleObjectError, report_auto_merged, retry_when_stale
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.operators.actors import operator
from careerplan.operators.forms.site import LegalTextForm, LogoForm, SiteForm
from careerplan.operators.models import AuditAction, AuditEntry
from careerplan.operators.queries.site import newest_texts
from careerplan.operators.services.site import publish, remove_logo, save_logo, save_site
from careerplan.site_settings.models import LegalText, SiteSettings, TextKind
from careerplan.site_settings.queries import current_site

CHANGES_SHOWN = 10
TO_THE_SITE = gettext_lazy("Go to the settings of the site")


@require_http_methods(["GET", "HEAD", "POST"])
@retry_when_stale
def site(request: AuthenticatedRequest) -> HttpResponse:
    """Show the settings of the site, and save them."""
    row = SiteSettings.objects.first() or SiteSettings(version=0)
    stored = {name: getattr(row, name) for name in SiteForm.SAVED}
    form = SiteForm(form_data(request), initial=stored)
    form.check_conflicts(stored)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in SiteForm.SAVED}
        save_site(actor=operator(request.user), values=values, version=row.version, now=timezone.now())
        report_auto_merged(request, form)
        messages.success(request, _("Saved. Every page shows it within 5 seconds."))
        return redirect("operators:site")
    acts = (AuditAction.SITE_CHANGED, AuditAction.TEXT_PUBLISHED)
    context = {
        "part": "site",
        "form": form,
        "logo_form": LogoForm(),
        "texts": newest_texts(),
        "everybody": User.objects.filter(is_active=True).count(),
        "entries": AuditEntry.objects.filter(action__in=acts).order_by("-pk")[:CHANGES_SHOWN],
    }
    return render(request, "operators/site.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: AuthenticatedRequest) -> HttpResponse:
    """Ask for a logo, and show it beside the name of the site from then on."""
    form = LogoForm(request.POST, request.FILES) if request.method == "POST" else LogoForm()
    if request.method == "POST" and form.is_valid():
        kind, content = form.cleaned_data["logo"]
        save_logo(actor=operator(request.user), kind=kind, content=content, now=timezone.now())
        messages.success(request, _("Logo saved."))
        return redirect("operators:site")
    return render(request, "operators/logo.html", {"part": "site", "form": form})


@post_only(gettext_lazy("Remove the logo"), "operators:site", TO_THE_SITE)
def logo_remove(request: AuthenticatedRequest) -> HttpResponse:
    """Show our own mark again."""
    if current_site().has_logo:
        remove_logo(actor=operator(request.user), now=timezone.now())
    messages.success(request, _("Logo removed."))
    return redirect("operators:site")


@require_http_methods(["GET", "HEAD", "POST"])
def legal_text(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """Show a legal text, and publish its next version."""
    if kind not in TextKind.values:
        raise Http404
    newest = LegalText.objects.filter(kind=kind).first()
    initial = {"text": newest.text if newest else "", "after": newest.number if newest else 0}
    form = LegalTextForm(form_data(request), initial=initial, is_agreed=kind != TextKind.IMPRINT)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        answers = {"text": form.cleaned_data["text"], "asks_again": form.cleaned_data.get("asks_again", False)}
        try:
            publish(
                actor=operator(request.user),
                kind=kind,
                after=form.cleaned_data["after"],
                now=timezone.now(),
                **answers,
            )
        except StaleObjectError:
            is_stale = True
            form.data = {**form.data.dict(), "after": initial["after"]}  # type: ignore[attr-defined]  # a browser's
        else:
            messages.success(request, _("Published. Every page shows it within 5 seconds."))
            return redirect("operators:site")
    context = {"part": "site", "form": form, "label": TextKind(kind).label, "newest": newest, "is_stale": is_stale}
    return render(request, "operators/legal_text.html", context)
