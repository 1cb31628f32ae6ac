"""View for editing the plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.forms import form_data
from careerplan.plans import queries, services
from careerplan.plans.forms import PlanForm
from careerplan.plans.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: AuthenticatedRequest) -> HttpResponse:
    """Edit the plan; the first save creates it."""
    for _attempt in range(3):  # another request may save between our read and our write
        plan = queries.active_plan(request.user)
        form = PlanForm.of_plan(plan or Plan(title=_("My career plan")), form_data(request))
        if request.method != "POST" or not form.is_valid():
            break
        try:
            plan = plan or services.ensure_active_plan(user=request.user, today=timezone.localdate())
            services.update_plan(plan=plan, changes=form.changes())
        except StaleObjectError:
            continue
        except services.PlanIsArchived:
            messages.error(request, _("Not saved: this plan was archived in another tab."))
        else:
            messages.success(request, _("Changes saved."))
        return redirect("plans:plan")
    return render(request, "plans/edit.html", {"section": "plan", "form": form, "plan": plan})
