"""Views of the plan document: the page, and the files made from the same facts."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.post_only import post_only
from careerplan.core.tasks import enqueue
from careerplan.plan_document import queries, services
from careerplan.plan_document.document import PRESETS, Document
from careerplan.plan_document.forms import DocumentPartsForm
from careerplan.plan_document.models import PlanFile
from careerplan.plan_document.pdf import RenderFailed, render_pdf
from careerplan.plan_document.render_slots import RenderBusy, render_slot
from careerplan.plan_document.tasks import make_plan_files
from careerplan.plan_document.texts import LABELS, file_name

TYPES: dict[str, str] = {
    PlanFile.Ending.PDF: "application/pdf",
    PlanFile.Ending.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
def own_document(request: AuthenticatedRequest) -> HttpResponse:
    """Show the document of the active plan; redirect to the plan page if there is none."""
    plan = queries.active_plan(request.user)
    return redirect("plan_document:page", plan.pk) if plan else redirect("plans:plan")


@require_safe
def document_page(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the document of one of the user's plans, and the choice of parts."""
    plan = get_object_or_404(queries.plans_for_document(request.user), pk=pk)
    form = DocumentPartsForm(request.GET)
    context = {
        "section": "plan",
        "plan": plan,
        "form": form,
        "is_long": queries.is_long(plan),
        "presets": PRESETS,
        "labels": LABELS,
        "document": queries.build_document(plan, form.parts, timezone.now()),
    }
    return render(request, "plan_document/plan.html", context)


@require_safe
def document_pdf(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _file(request, pk, PlanFile.Ending.PDF, render_pdf)


@require_safe
def document_word(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the document as a Word file."""
    return _file(request, pk, PlanFile.Ending.WORD, services.render_word)


def _file(request: AuthenticatedRequest, pk: int, ending: str, make: Callable[[Document], bytes]) -> HttpResponse:
    plan = get_object_or_404(queries.plans_for_document(request.user), pk=pk)
    form = DocumentPartsForm(request.GET)
    if not form.is_valid():  # the page says what is wrong
        return redirect(f"{reverse('plan_document:page', args=[plan.pk])}?{request.GET.urlencode()}")
    if queries.is_long(plan):  # its own page has no links here
        messages.info(request, _("Your plan is long. Prepare the file first."))
        return redirect(f"{reverse('plan_document:page', args=[plan.pk])}{form.query}")
    try:
        with render_slot(request.user):
            document = queries.build_document(plan, form.parts, timezone.now())
            made = make(document)
    except RenderBusy:
        return _render_busy(request, pk)
    except RenderFailed:
        messages.error(
            request, _("This plan is too long for a PDF. Leave some parts out, or download the Word document.")
        )
        return redirect(f"{reverse('plan_document:page', args=[plan.pk])}{form.query}")
    return _attachment(made, file_name(document.title, document.as_of, ending), TYPES[ending])


def _attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


@post_only(gettext_lazy("Prepare PDF"), "plan_document:page", gettext_lazy("Go to the document"))
def request_file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Have a worker make the file of a long plan. The address has the chosen parts, the button the kind of file."""
    plan = get_object_or_404(queries.plans_for_document(request.user), pk=pk)
    form, ending = DocumentPartsForm(request.GET), request.POST.get("ending", "")
    if not form.is_valid() or ending not in PlanFile.Ending.values:
        return redirect(f"{reverse('plan_document:page', args=[plan.pk])}?{request.GET.urlencode()}")
    services.request_plan_file(plan=plan, ending=PlanFile.Ending(ending), parts=form.parts, now=timezone.now())
    transaction.on_commit(partial(enqueue, make_plan_files))
    return redirect("plan_document:file")


@require_safe
def file_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show how far the file of a long plan is."""
    file = PlanFile.objects.for_user(request.user).current(timezone.now()).first()
    if file is None:
        return redirect("plan_document:own")
    return render(request, "plan_document/file.html", {"section": "plan", "file": file})


@post_only(gettext_lazy("Cancel"), "plan_document:own", gettext_lazy("Go to the document"))
def cancel_file(request: AuthenticatedRequest) -> HttpResponse:
    """Delete the file of a long plan, made or not."""
    services.cancel_plan_file(user=request.user)
    return redirect("plan_document:own")


@require_safe
def download_file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the file that a worker has made."""
    file = get_object_or_404(PlanFile.objects.for_user(request.user).to_download(timezone.now()), pk=pk)
    return _attachment(bytes(file.content or b""), file.name, TYPES[file.ending])


def _render_busy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the page for when too many documents are being made."""
    query = request.GET.urlencode()
    context = {"section": "plan", "pk": pk, "query": f"?{query}" if query else ""}
    response = render(request, "plan_document/busy.html", context, status=503)
    response.headers["Retry-After"] = "5"
    return response
