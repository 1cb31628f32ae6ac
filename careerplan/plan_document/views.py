"""Views of the plan document: the page, and the files made from the same facts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.plan_document import queries
from careerplan.plan_document.document import PRESETS, Document
from careerplan.plan_document.docx import render_docx
from careerplan.plan_document.forms import DocumentPartsForm
from careerplan.plan_document.pdf import RenderFailed, render_pdf
from careerplan.plan_document.render_slots import RenderBusy, render_slot
from careerplan.plan_document.texts import LABELS, file_name


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
        "presets": PRESETS,
        "labels": LABELS,
        "document": queries.build_document(plan, form.parts, timezone.now()),
    }
    return render(request, "plan_document/plan.html", context)


@require_safe
def document_pdf(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "pdf", "application/pdf", render_pdf)


@require_safe
def document_word(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the document as a Word file."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _file(request, pk, "docx", kind, render_docx)


def _file(
    request: AuthenticatedRequest, pk: int, ending: str, kind: str, make: Callable[[Document], bytes]
) -> HttpResponse:
    plan = get_object_or_404(queries.plans_for_document(request.user), pk=pk)
    form = DocumentPartsForm(request.GET)
    if not form.is_valid():  # the page says what is wrong
        return redirect(f"{reverse('plan_document:page', args=[plan.pk])}?{request.GET.urlencode()}")
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
    name = file_name(document.title, document.as_of, ending)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=kind, headers=headers)


def _render_busy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the page for when too many documents are being made."""
    query = request.GET.urlencode()
    context = {"section": "plan", "pk": pk, "query": f"?{query}" if query else ""}
    response = render(request, "plan_document/busy.html", context, status=503)
    response.headers["Retry-After"] = "5"
    return response
