"""Pages of a mentor who is in: the plan, a goal, and the way out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.post_only import post_only
from careerplan.mentoring.mentor.access import end_session, mentor_page
from careerplan.mentoring.mentor.content import goal_context, plan_context
from careerplan.mentoring.mentor.mentored import list_mentored
from careerplan.mentoring.mentor.pages import render_mentor
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.ending import leave
from careerplan.mentoring.services.outbox import send_soon


@mentor_page(place="plan")
@require_safe
def plan(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Show what is shared of the plan."""
    return render(request, "mentor/plan.html", plan_context(request, mentorship, now=timezone.now()))


@mentor_page(place="goal")
@require_safe
def goal(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Show one shared goal: progress and steps."""
    context = goal_context(request, mentorship, pk, now=timezone.now())
    if context is None:
        raise Http404
    return render(request, "mentor/goal.html", context)


@post_only(gettext_lazy("Sign out"), "mentor:invitation", gettext_lazy("Go to the plan"))
@mentor_page()
def sign_out(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Close this device; the plan stays shared."""
    response = redirect("mentor:invitation", key=mentorship.key)
    end_session(request, response, mentorship)
    return response


@mentor_page()
@require_http_methods(["GET", "HEAD", "POST"])
def leave_page(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Ask whether to leave for good, and do it."""
    if request.method == "POST":
        leave(mentorship=mentorship, now=timezone.now())
        send_soon()
        return redirect("mentor:invitation", key=mentorship.key)
    return render_mentor(request, mentorship, "mentor/leave.html", {})


@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """List the people that an account mentors."""
    return render(
        request, "mentor/people.html", {"section": "mentored", "people": list_mentored(request.user, timezone.now())}
    )
