"""The audit log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.http import parse_id
from careerplan.operators.queries.audit import list_entries


@require_safe
def audit_log(request: AuthenticatedRequest) -> HttpResponse:
    """Show who did what, the newest first."""
    person, before = (parse_id(request.GET.get(name, "")) for name in ("person", "before"))
    context = {"part": "audit", "page": list_entries(person=person, before=before), "person": person}
    return render(request, "operators/audit_log.html", context)
