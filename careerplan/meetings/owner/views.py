"""The owner's pages about meetings: the sheet, its date, and the notes."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.conversation.services.comments import NotShared, TooManyToday
from careerplan.core.forms import form_data
from careerplan.core.mail import absolute_url
from careerplan.core.post_only import post_only
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.meetings.ics import render_meeting
from careerplan.meetings.mentor.sheet import find_meeting, load_sheet
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.meetings.owner.forms import MeetingDateForm, NotesForm
from careerplan.meetings.owner.pdf import render_sheet
from careerplan.meetings.services.dates import MeetingIsPast, NobodyToMeet, cancel_meeting, set_meeting
from careerplan.meetings.services.notes import DateIsRefused, NotesAreSaved, save_notes
from careerplan.mentoring.mentor.queries import shared_goals
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver
from careerplan.mentoring.services.outbox import send_soon
from careerplan.mentoring.services.recipients import reaches_mentor
from careerplan.plan_document.pdf import RenderFailed
from careerplan.plan_document.render_slots import RenderBusy, render_slot
from careerplan.plan_document.texts import file_name

GET_POST = ["GET", "HEAD", "POST"]
SECTION = {"section": "people"}
REFUSED = (DateIsRefused, GoalIsClosed, NotShared, TooManyToday, MentorshipIsOver, MeetingIsPast, NobodyToMeet)


def _own(request: AuthenticatedRequest, pk: int) -> Mentorship:
    own = Mentorship.objects.for_user(request.user).select_related("owner")
    return get_object_or_404(own.filter(state=Mentorship.State.ACTIVE), pk=pk)


def _own_of_last(request: AuthenticatedRequest, pk: int) -> Mentorship:
    """What was agreed stays the owner's to read, also when sharing has ended."""
    own = Mentorship.objects.for_user(request.user).select_related("owner")
    return get_object_or_404(own.filter(accepted_at__isnull=False), pk=pk)


@require_http_methods(GET_POST)
def sheet(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the sheet of the next meeting, and set or move its date."""
    person, now = _own(request, pk), timezone.now()
    meeting = Meeting.objects.coming().filter(mentorship=person).first()
    initial = {"starts_at": timezone.localtime(meeting.starts_at)} if meeting else {}
    form = MeetingDateForm(form_data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_meeting(mentorship=person, starts_at=form.cleaned_data["starts_at"], now=now)
        except (MeetingIsPast, NobodyToMeet):
            messages.error(request, _("Not saved. Choose a time in the future."))
            return redirect("meeting:sheet", pk=pk)
        send_soon()
        text = _("Saved. %(name)s gets an email with the date.") if reaches_mentor(person) else _("Saved.")
        messages.success(request, text % {"name": person.first_name})
        return redirect("meeting:sheet", pk=pk)
    context = {"person": person, "meeting": meeting, "form": form, "sheet": load_sheet(person, meeting, now=now)}
    return render(request, "meetings/sheet.html", {**context, **SECTION})


@require_safe
def held(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the sheet of the last meeting with what was agreed."""
    person = _own_of_last(request, pk)
    meeting = Meeting.objects.held().filter(mentorship=person).first()
    if meeting is None:
        raise Http404
    context = {
        "person": person,
        "meeting": meeting,
        "sheet": load_sheet(person, meeting, now=timezone.now()),
        "own_notes": meeting.notes.filter(kind=MeetingNote.Kind.NOTE),
        "coming": Meeting.objects.coming().filter(mentorship=person).first(),
    }
    return render(request, "meetings/sheet.html", {**context, **SECTION})


@require_safe
def pdf(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the sheet of the next meeting, or with `?of=last` of the last one."""
    of_last, now = request.GET.get("of") == "last", timezone.now()
    person = _own_of_last(request, pk) if of_last else _own(request, pk)
    meetings = Meeting.objects.held() if of_last else Meeting.objects.coming()
    meeting = meetings.filter(mentorship=person).first()
    if of_last and meeting is None:
        raise Http404
    today = timezone.localdate(now)
    try:
        with render_slot(request.user):
            made = render_sheet(load_sheet(person, meeting, now=now), today=today)
    except (RenderBusy, RenderFailed):
        messages.error(request, _("We could not make the PDF now. Try again in a minute, or print the page."))
        return redirect("meeting:held" if of_last else "meeting:sheet", pk=pk)
    name = file_name(_("15 minutes with %(name)s") % {"name": person.first_name}, today, "pdf")
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@post_only(gettext_lazy("Cancel the meeting"), "meeting:sheet", gettext_lazy("Go to the meeting"))
def cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Cancel the next meeting."""
    person = _own(request, pk)
    meeting = Meeting.objects.coming().filter(mentorship=person).first()
    if meeting is not None:
        is_told = cancel_meeting(meeting=meeting, now=timezone.now())
        send_soon()
        is_told = is_told and reaches_mentor(person)
        text = _("Meeting cancelled. %(name)s gets an email.") if is_told else _("Meeting cancelled.")
        messages.success(request, text % {"name": person.first_name})
    return redirect("meeting:sheet", pk=pk)


@require_safe
def calendar(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the date of the next meeting."""
    person = _own(request, pk)
    meeting = find_meeting(person)
    if meeting is None or meeting.held_at is not None:
        raise Http404
    made = render_meeting(
        key=meeting.key,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=meeting.set_at,
        revision=meeting.revision,
        title=_("15 minutes with %(name)s") % {"name": person.first_name},
        url=absolute_url(reverse("meeting:sheet", args=[pk])),
    )
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(GET_POST)
def notes(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write down what was agreed; each note becomes a step, a date, a comment or stays a note."""
    person, now = _own(request, pk), timezone.now()
    meeting = Meeting.objects.coming().filter(mentorship=person).first()
    goals = list(shared_goals(person).filter(state="active").prefetch_related("steps").order_by("due_on", "id"))
    form = NotesForm(form_data(request), goals=goals, form_key=meeting.key if meeting else uuid4())
    if request.method == "POST" and form.is_valid():
        refused = _save_notes(request, person, form, now)
        if not refused:
            return redirect("meeting:held", pk=pk)
        form.add_error(None, refused)
    context: dict[str, Any] = {"person": person, "meeting": meeting, "form": form}
    return render(request, "meetings/notes.html", {**context, **SECTION})


def _save_notes(request: AuthenticatedRequest, person: Mentorship, form: NotesForm, now: datetime) -> str:
    """Save, and return why not; "" where all is saved, also by an earlier click."""
    try:
        with transaction.atomic():
            save_notes(mentorship=person, form_key=form.cleaned_data["form_key"], notes=form.notes, now=now)
            if next_at := form.cleaned_data["next_at"]:
                set_meeting(mentorship=person, starts_at=next_at, now=now)
    except NotesAreSaved:
        return ""
    except REFUSED:
        return _("Not saved: a goal or step has changed, or sharing has ended. Check your notes.")
    send_soon()
    count = len(form.notes)
    messages.success(request, ngettext("%(n)s note saved.", "%(n)s notes saved.", count) % {"n": count})
    return ""
