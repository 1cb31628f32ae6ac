"""Pages of the assessment: find the person's own draft, call one service, go where they want to go."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import posted
from careerplan.skills import queries, services
from careerplan.skills.forms import FORMS, WizardForm
from careerplan.skills.models import Assessment
from careerplan.skills.pages import Kind, Page
from careerplan.skills.wizard import Wizard

FORM_METHODS = ["GET", "HEAD", "POST"]
TO_CHECK = "check"  # the value of ?then= on the links of "check your answers"
STAYS = {"add": "own", "find": "occupations"}  # buttons that save and come back to the page, and where to


@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """The skills inventory where there is one, else the way to it."""
    return redirect("skills:results" if queries.newest_inventory(request.user) else "skills:start")


@require_http_methods(FORM_METHODS)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Quick or full, with honest minutes; where a draft is under way, the offer to go on."""
    now = timezone.now()
    mode = request.POST.get("mode", "")
    if request.method == "POST" and mode in Assessment.Mode.values:
        services.start_assessment(user=request.user, mode=Assessment.Mode(mode), now=now)
        return redirect("skills:continue")
    draft = queries.draft_for(request.user)
    context = {"section": "skills", "draft": draft, "offers": [] if draft else queries.offers(request.user, now)}
    return render(request, "skills/start.html", context)


@require_safe
def go_on(request: AuthenticatedRequest) -> HttpResponse:
    """To the first page that is not answered."""
    draft = queries.draft_of(request.user)
    if draft is None:
        return redirect("skills:home")
    return redirect("skills:page", queries.load_wizard(draft).first_unanswered.key)


@require_http_methods(FORM_METHODS)
def page(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """One page of the wizard. Leaving it in any direction saves it."""
    draft = queries.draft_of(request.user)
    if draft is None:
        return _draft_is_gone(request)
    wizard = queries.load_wizard(draft)
    here = wizard.page(key)
    if here is None:
        raise Http404
    form = _form(request, wizard, here)
    if request.method == "POST":
        try:
            is_valid = form.is_valid()
            form.save()
        except services.DraftIsGone:
            return _draft_is_gone(request)
        if is_valid:
            return _leave(request, wizard, here)
        draft.refresh_from_db()
    return _show(request, wizard, here, form)


@require_POST
def finish(request: AuthenticatedRequest) -> HttpResponse:
    """Freeze the draft and show its results; where something is missing, go there."""
    now = timezone.now()
    draft = queries.draft_of(request.user)
    if draft is None:
        return redirect("skills:home")
    try:
        done = services.finish_assessment(assessment=draft, now=now, today=timezone.localdate(now))
    except services.DraftIsGone:
        return _draft_is_gone(request)
    except services.AssessmentIncomplete as missing:
        messages.error(request, _("One page still needs an answer. Nothing is lost; answer it and finish."))
        return redirect("skills:page", missing.page_key)
    return redirect(done)


@require_http_methods(FORM_METHODS)
def discard(request: AuthenticatedRequest) -> HttpResponse:
    """Asks before the draft and its answers are deleted."""
    if request.method == "POST":
        services.discard_draft(user=request.user)
        messages.success(request, _("The assessment is discarded. Your earlier results are still there."))
        return redirect("skills:home")
    draft = queries.draft_for(request.user)
    if draft is None:
        return redirect("skills:home")
    return render(request, "skills/discard.html", {"section": "skills", "draft": draft})


def _form(request: HttpRequest, wizard: Wizard, here: Page) -> WizardForm:
    """The form of a page: as posted, or as stored."""
    is_get = request.method != "POST"
    return FORMS[here.kind](
        posted(request),
        wizard=wizard,
        page=here,
        now=timezone.now(),
        go=request.GET.get("go", "") if is_get else request.POST.get("go", "next"),
        earlier=queries.earlier_answers(wizard, here) if is_get else {},
    )


def _leave(request: HttpRequest, wizard: Wizard, here: Page) -> HttpResponse:
    """Where a saved page leads: on, back, away, or to itself."""
    go = request.POST.get("go", "next")
    if go == "close":
        messages.success(request, _("Your answers are saved. You can go on whenever you like."))
        return redirect("dashboard:today")
    if go in STAYS:
        return redirect(f"{reverse('skills:page', args=[here.key])}?go={go}#{STAYS[go]}")
    if go == "back":
        return redirect("skills:page", wizard.before(here).key)
    if request.POST.get("then") == TO_CHECK:
        return redirect("skills:page", wizard.pages[-1].key)
    return redirect("skills:page", wizard.after(here).key)


def _show(request: AuthenticatedRequest, wizard: Wizard, here: Page, form: WizardForm) -> HttpResponse:
    """The page as it stands now. After a saving with errors, the state is read anew."""
    if form.is_bound:
        wizard = queries.load_wizard(wizard.answers.assessment)
    errors = len(form.errors)
    error_heading = ngettext(
        "%(n)s answer needs your attention. The others are saved.",
        "%(n)s answers need your attention. The others are saved.",
        errors,
    )
    context: dict[str, Any] = {
        "wizard": wizard,
        "page": here,
        "form": form,
        "stages": wizard.stages(here),
        "place": wizard.place_in_stage(here),
        "draft": wizard.answers.assessment,
        "today": timezone.localdate(form.now),
        "then": TO_CHECK if TO_CHECK in (request.POST.get("then"), request.GET.get("then")) else "",
        "error_heading": error_heading % {"n": errors},
        "sections": queries.summary_of(wizard) if here.kind is Kind.CHECK else [],
    }
    return render(request, f"skills/page_{here.kind.value.replace('-', '_')}.html", context)


def _draft_is_gone(request: HttpRequest) -> HttpResponse:
    """There is nothing to save into: it was finished or discarded elsewhere."""
    if request.method == "POST":
        messages.error(request, _("This assessment was finished or discarded elsewhere; it does not change any more."))
    return redirect("skills:home")
