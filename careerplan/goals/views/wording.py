"""The hint under a title, as somebody leaves the field. Without a script it stands on the page that follows."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import AuthenticatedRequest
from careerplan.goals.forms import GoalForm


@require_safe
def look(request: AuthenticatedRequest) -> HttpResponse:
    """A part of a page: what would make the title measurable, with the measure that stands beside it. No query."""
    form = GoalForm(request.GET, today=timezone.localdate())
    return render(request, "goals/_wording.html", {"wording": form.wording, "on_form": True})
