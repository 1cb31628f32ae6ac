"""The owner's pages about people: who sees what, inviting, changing and stopping it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.dates import local_day
from careerplan.core.expired_session import nothing_typed
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.mentoring.mentor.content import goal_context, plan_context
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.owner.forms import InvitationForm, SharingForm, draft_values, shared_now
from careerplan.mentoring.owner.panels import people_panels, person_lines, person_panels
from careerplan.mentoring.owner.queries import count_visits, list_changes, list_visits, load_people
from careerplan.mentoring.services import limits
from careerplan.mentoring.services.ending import close_over, stop_sharing
from careerplan.mentoring.services.invitations import (
    AllPlacesTaken,
    AlreadyInvited,
    DraftIsGone,
    cancel_invitation,
    end_of_sharing,
    last_day_of_sharing,
    save_draft,
    send_invitation,
)
from careerplan.mentoring.services.outbox import send_soon
from careerplan.mentoring.services.sharing import EXTENSION_MONTHS, SharingIsOver, change_sharing, extend

ALL_TAKEN = gettext_lazy("3 people already see your plan or are invited. Stop sharing with one of them first.")
GET_POST = ["GET", "HEAD", "POST"]
PEOPLE = gettext_lazy("Go to the people who see your plan")
SECTION = {"section": "people"}


def _own(request: AuthenticatedRequest, pk: int) -> Mentorship:
    return get_object_or_404(Mentorship.objects.for_user(request.user).select_related("owner"), pk=pk)


@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """Show who sees what, open invitations, and who saw it earlier."""
    page = load_people(request.user, timezone.now())
    rows = [
        (person, [line(request, person.mentorship) for line in person_lines] if person.is_active else [])
        for person in page.people
    ]
    context = {"page": page, "rows": rows, "panels": [panel(request) for panel in people_panels], **SECTION}
    return render(request, "people/people.html", context)


@require_http_methods(GET_POST)
def invite(request: AuthenticatedRequest) -> HttpResponse:
    """Ask whom to invite and what they see; saving leads to the preview, and sends nothing."""
    now = timezone.now()
    today = local_day(now, request.user.time_zone)
    own = Mentorship.objects.for_user(request.user)
    if request.method != "POST" and own.open().count() >= Mentorship.PLACES:
        messages.error(request, ALL_TAKEN)
        return redirect("people:list")
    form = InvitationForm(form_data(request), owner=request.user, initial=_first_values(request, today))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        values = {name: cleaned[name] for name in ("name", "email", "role", "line")} | form.shows
        values["ends_at"] = end_of_sharing(request.user, today=today, months=cleaned["months"])
        save_draft(owner=request.user, values=values, goals=cleaned["goals"], now=now)
        return redirect("people:preview")
    context = {"form": form, "until": last_day_of_sharing(today, months=3), **SECTION}
    return render(request, "people/invite.html", context)


def _first_values(request: AuthenticatedRequest, today: date) -> dict[str, Any]:
    """Return a draft, or what is ticked at first: all active goals, and nothing else."""
    draft = _draft(request)
    if draft is not None:
        return draft_values(draft, today)
    goals = InvitationForm(owner=request.user).own_goals
    return {"goals": [pk for pk, _title, is_active in goals if is_active]}


def _draft(request: AuthenticatedRequest) -> Mentorship | None:
    drafts = Mentorship.objects.for_user(request.user).filter(state=Mentorship.State.DRAFT)
    return drafts.select_related("owner").first()


@require_safe
def preview(request: AuthenticatedRequest) -> HttpResponse:
    """Show the page of the mentor before anything is sent, by the mentor's own code."""
    draft = _draft(request)
    if draft is None:
        return redirect("people:invite")
    context = plan_context(request, draft, now=timezone.now(), is_preview=True)
    return render(request, "people/preview.html", {**context, "draft": draft, "person": draft, **SECTION})


@post_only(gettext_lazy("Send the invitation"), "people:preview", gettext_lazy("Go to the preview"))
def send(request: AuthenticatedRequest) -> HttpResponse:
    """Send the draft that the preview showed; one that was replaced meanwhile is shown instead."""
    draft, shown = _draft(request), request.POST.get("draft", "")
    if draft is None:  # a second click
        return redirect("people:list")
    if shown != str(draft.pk):
        return _another_draft(request)
    try:
        send_invitation(draft=draft, now=timezone.now())
    except (AllPlacesTaken, AlreadyInvited, limits.InvitationRefused) as refused:
        messages.error(request, _refusal(refused, draft))
        return redirect("people:list" if isinstance(refused, AllPlacesTaken) else "people:preview")
    except DraftIsGone:
        return _another_draft(request)
    send_soon()
    messages.success(request, _("Invitation to %(name)s is on its way.") % {"name": draft.name})
    return redirect("people:list")


def _another_draft(request: AuthenticatedRequest) -> HttpResponse:
    messages.error(request, _("This invitation was changed in another window. Check what they see, then send it."))
    return redirect("people:preview")


def _refusal(refused: Exception, draft: Mentorship) -> str:
    texts: dict[type[Exception], str] = {
        AllPlacesTaken: str(ALL_TAKEN),
        AlreadyInvited: _("%(address)s is already invited or sees your plan."),
        limits.AddressStopped: _("%(address)s takes no invitations. Ask the person for another address."),
        limits.TooManyByOwner: ngettext(
            "You can send %(most)s invitation a day. Send this one tomorrow.",
            "You can send %(most)s invitations a day. Send this one tomorrow.",
            settings.INVITATIONS_A_DAY,
        ),
        limits.TooManyToAddress: _(
            "%(address)s got too many invitations recently. Ask the person for another address."
        ),
    }
    return texts[type(refused)] % {"address": draft.email, "most": settings.INVITATIONS_A_DAY}


@require_http_methods(GET_POST)
def person(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one person: what they see, until when, and when they looked; save what they see."""
    mentorship, now = _own(request, pk), timezone.now()
    if not mentorship.is_open:
        raise Http404
    form = SharingForm(form_data(request), owner=request.user, initial=shared_now(mentorship))
    if request.method == "POST" and form.is_valid():
        try:
            goals = form.cleaned_data["goals"]
            change_sharing(mentorship=mentorship, shows=form.shows, goals=goals, now=now)
        except SharingIsOver:
            messages.error(request, _("Sharing has ended, so nothing has changed."))
            return redirect("people:list")
        messages.success(request, _("Saved. %(name)s sees this from now on.") % {"name": mentorship.first_name})
        return redirect("people:person", pk=pk)
    is_active = mentorship.state == Mentorship.State.ACTIVE
    context = {
        "person": mentorship,
        "is_active": is_active,
        "form": form,
        "extended_until": last_day_of_sharing(mentorship.until, months=EXTENSION_MONTHS),
        "visits": list_visits(mentorship),
        "visit_count": count_visits(mentorship),
        "changes": list_changes(mentorship),
        "panels": [panel(request, mentorship) for panel in person_panels] if is_active else [],
        **SECTION,
    }
    return render(request, "people/person.html", context)


@require_safe
def view(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show exactly what a person sees."""
    mentorship = _own(request, pk)
    if mentorship.state == Mentorship.State.ENDED:
        raise Http404
    context = plan_context(request, mentorship, now=timezone.now(), is_preview=True)
    return render(request, "people/preview.html", {**context, "person": mentorship, **SECTION})


@require_safe
def view_goal(request: AuthenticatedRequest, pk: int, goal: int) -> HttpResponse:
    """Show exactly what a person sees of one goal."""
    mentorship = _own(request, pk)
    context = goal_context(request, mentorship, goal, now=timezone.now(), is_preview=True)
    if context is None or mentorship.state == Mentorship.State.ENDED:
        raise Http404
    return render(request, "people/preview_goal.html", {**context, "person": mentorship, **SECTION})


@post_only(gettext_lazy("Extend"), "people:person", gettext_lazy("Go to the person"))
def extend_sharing(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Share for three months more."""
    mentorship = _own(request, pk)
    shown = request.POST.get("until", "")
    try:
        if shown == mentorship.until.isoformat():
            mentorship = extend(mentorship=mentorship, shown_until=mentorship.until, now=timezone.now())
    except SharingIsOver:
        messages.error(request, _("Sharing has ended. Invite the person again."))
        return redirect("people:list")
    said = {"name": mentorship.first_name, "day": date_format(mentorship.until, "j M Y")}
    messages.success(request, _("%(name)s sees your plan until %(day)s.") % said)
    return redirect("people:person", pk=pk)


@nothing_typed
@require_http_methods(GET_POST)
def stop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask whether to stop sharing, and do it."""
    mentorship = _own(request, pk)
    if request.method == "POST":
        if stop_sharing(mentorship=mentorship, now=timezone.now()):
            send_soon()
            messages.success(request, _("%(name)s no longer sees your plan.") % {"name": mentorship.first_name})
        return redirect("people:list")
    if mentorship.state != Mentorship.State.ACTIVE:
        raise Http404
    return render(request, "people/stop.html", {"person": mentorship, **SECTION})


@post_only(gettext_lazy("Cancel the invitation"), "people:list", PEOPLE)
def cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take an invitation back. An email that has not left is not sent."""
    mentorship = _own(request, pk)
    close_over(now=timezone.now(), owner=request.user)
    if cancel_invitation(mentorship=mentorship, now=timezone.now()):
        messages.success(request, _("Invitation to %(name)s cancelled.") % {"name": mentorship.first_name})
    return redirect("people:list")
