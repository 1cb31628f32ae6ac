"""How a mentor comes in: the invitation, the code, an account; and how they say no."""

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from accounts.waiting import Limit, free_at, say_when
from careerplan.core.post_only import post_only
from careerplan.mentoring.mentor.access import find_mentorship, mentor_page, open_session
from careerplan.mentoring.mentor.closed_pages import closed_page
from careerplan.mentoring.mentor.code_email import send_code
from careerplan.mentoring.mentor.emails import shared_words
from careerplan.mentoring.mentor.forms import DeclineForm, MentorCodeForm
from careerplan.mentoring.models import Mentorship, hash_address
from careerplan.mentoring.services.codes import has_fresh_code, use_code
from careerplan.mentoring.services.invitations import InvitationIsOver, accept, decline
from careerplan.mentoring.services.limits import is_stopped, stop_hash
from careerplan.mentoring.services.outbox import send_soon
from careerplan.mentoring.services.sharing import set_emails

APP = "careerplan.mentoring"
LIMITS = {
    "code_sent": "10/h/key,30/d/key",
    "code_sent_here": "5/h/key,10/d/key",
    "code_tried": "30/h/key,60/d/key",
    "code_tried_here": "15/h/key,30/d/key",
    "resumed": "10/d/key",
    "resumed_here": "10/d/key",
}
"""Codes that are sent and tried, of one mentorship in all and ("here") from one client: whoever holds a forwarded link
uses up their own attempts before those of the mentor."""
GET_POST = ["GET", "HEAD", "POST"]


def _find_sent(key: UUID) -> Mentorship:
    """Return the mentorship of a link that was emailed. Raises Http404."""
    sent = Mentorship.objects.exclude(state=Mentorship.State.DRAFT).select_related("owner")
    mentorship = sent.filter(key=key).first()
    if mentorship is None:
        raise Http404
    return mentorship


def _find_open(key: UUID) -> tuple[Mentorship, bool]:
    """Return the mentorship of a link, and whether somebody can come in by it now. Raises Http404."""
    mentorship, now = _find_sent(key), timezone.now()
    open_rows = Mentorship.objects.answerable(now) | Mentorship.objects.live(now)
    return mentorship, open_rows.filter(pk=mentorship.pk).exists()


@login_not_required
@require_http_methods(["GET", "HEAD"])
def invitation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show who invites to what, and the ways in. Opening the link sends nothing and accepts nothing."""
    if find_mentorship(request, key, now=timezone.now()):
        return redirect("mentor:plan", key=key)
    mentorship, is_open = _find_open(key)
    if not is_open:
        return closed_page(request, mentorship, now=timezone.now())
    context = {
        "key": key,
        "owner_name": mentorship.owner.name,
        "owner_first_name": mentorship.owner.first_name,
        "mentor_name": mentorship.name,
        "line": mentorship.line if mentorship.state == Mentorship.State.INVITED else "",
        "shared": shared_words(mentorship),
        "until": mentorship.until,
        "is_new": mentorship.state == Mentorship.State.INVITED,
        "masked": mask_address(mentorship.email),
        "is_owner": request.user.pk == mentorship.owner_id,
        "has_account": request.user.is_authenticated and _is_own_address(request, mentorship.email),
    }
    return render(request, "mentor/invitation.html", context)


@login_not_required
@post_only(gettext_lazy("Email me a code"), "mentor:invitation", gettext_lazy("Go to the invitation"))
def code_send(request: HttpRequest, key: UUID) -> HttpResponse:
    """Email a code to the invited address."""
    mentorship, is_open = _find_open(key)
    if not is_open:
        return closed_page(request, mentorship, now=timezone.now())
    if is_stopped(mentorship.email):
        messages.error(request, _("This address takes no emails. Open the plan with an account for it."))
        return redirect("mentor:invitation", key=key)
    if has_fresh_code(mentorship=mentorship, now=timezone.now()):
        messages.info(request, _("We sent a code less than a minute ago. Check your email."))
        return redirect("mentor:code", key=key)
    if refusal := _count(request, key, "code_sent"):
        return refusal
    if not send_code(mentorship, now=timezone.now()):
        messages.error(request, _("We could not send the code. Try again in a few minutes."))
        return redirect("mentor:invitation", key=key)
    return redirect("mentor:code", key=key)


@login_not_required
@require_http_methods(GET_POST)
def code(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the code, and let this device in."""
    mentorship, is_open = _find_open(key)
    now = timezone.now()
    if not is_open:
        return closed_page(request, mentorship, now=now)
    form = MentorCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if refusal := _count(request, key, "code_tried"):
            return refusal
        if use_code(mentorship=mentorship, typed=form.cleaned_data["code"], now=now):
            return _let_in(request, mentorship, stays=form.cleaned_data["stays"])
        form.add_error("code", _("This code is wrong or too old. Check the email, or send a new code."))
    context = {
        "form": form,
        "key": key,
        "owner_name": mentorship.owner.name,
        "masked": mask_address(mentorship.email),
    }
    return render(request, "mentor/code.html", context)


def _let_in(request: HttpRequest, mentorship: Mentorship, *, stays: bool) -> HttpResponse:
    now = timezone.now()
    try:
        mentorship = accept(mentorship=mentorship, mentor=None, now=now)
    except InvitationIsOver:
        return closed_page(request, mentorship, now=now)
    send_soon()
    response = redirect("mentor:plan", key=mentorship.key)
    open_session(response, mentorship, stays=stays, now=now)
    return response


@post_only(gettext_lazy("Open with my account"), "mentor:invitation", gettext_lazy("Go to the invitation"))
def accept_by_account(request: AuthenticatedRequest, key: UUID) -> HttpResponse:
    """Accept with the account that is signed in, where its confirmed address is the one that was invited."""
    mentorship, is_open = _find_open(key)
    now = timezone.now()
    if not is_open:
        return closed_page(request, mentorship, now=now)
    if not _is_own_address(request, mentorship.email):
        raise Http404
    try:
        accept(mentorship=mentorship, mentor=request.user, now=now)
    except InvitationIsOver:
        return closed_page(request, mentorship, now=now)
    send_soon()
    return redirect("mentor:plan", key=key)


@login_not_required
@require_http_methods(GET_POST)
def decline_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask whether to decline, and do it: name and address are deleted."""
    mentorship, is_open = _find_open(key)
    if not is_open or mentorship.state != Mentorship.State.INVITED:
        return closed_page(request, mentorship, now=timezone.now())
    form = DeclineForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "key": key, "owner_first_name": mentorship.owner.first_name or mentorship.owner.name}
    if request.method == "POST" and form.is_valid():
        decline(mentorship=mentorship, stops_all=form.cleaned_data["stops_all"], now=timezone.now())
        send_soon()
        context |= {"is_done": True, "stops_all": form.cleaned_data["stops_all"]}
    return render(request, "mentor/decline.html", context)


@login_not_required
@require_http_methods(GET_POST)
def stop_address_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop invitations to the address by every owner; an invitation that is open is declined.

    It also does so after the address was deleted: its hash is kept for that.
    """
    mentorship = _find_sent(key)
    is_done, now = request.method == "POST", timezone.now()
    if is_done:
        stop_hash(mentorship.address_hash or hash_address(mentorship.email), now=now)
        decline(mentorship=mentorship, stops_all=True, now=now)
        send_soon()
    context = {"is_done": is_done, "key": key}
    return render(request, "mentor/stop_address.html", context)


@csrf_exempt  # a mail client posts without cookie or token (RFC 8058); the key in the address is the permission
@login_not_required
@require_http_methods(GET_POST)
def stop_emails(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop all emails about one owner, which needs the link alone, or send them again. GET asks, POST does it."""
    mentorship = _find_sent(key)
    if request.method == "POST" and "resume" in request.POST:
        return _resume_emails(request, key)
    if request.method == "POST":
        set_emails(mentorship=mentorship, wanted=False, now=timezone.now())
        mentorship.refresh_from_db(fields=["emails_stopped_at"])
    is_live = Mentorship.objects.live(timezone.now()).filter(pk=mentorship.pk).exists()
    context = {
        "key": key,
        "owner_first_name": mentorship.owner.first_name or mentorship.owner.name,
        "is_stopped": mentorship.emails_stopped_at is not None,
        "until": mentorship.until if is_live else None,
        "is_in": find_mentorship(request, key, now=timezone.now()) is not None,
    }
    return render(request, "mentor/stop_emails.html", context)


@csrf_protect
@mentor_page()
def _resume_emails(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Send emails again, for a mentor who is in: a link that was forwarded turns nothing on."""
    if refusal := _count(request, mentorship.key, "resumed"):
        return refusal
    set_emails(mentorship=mentorship, wanted=True, now=timezone.now())
    return redirect("mentor:stop-emails", key=mentorship.key)


def mask_address(address: str) -> str:
    """Return an address of which only its owner sees which it is: "k•••@example.org"."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def _is_own_address(request: HttpRequest, address: str) -> bool:
    own = EmailAddress.objects.filter(user=request.user.pk, email__iexact=address, verified=True)
    return bool(address) and own.exists()


def _count(request: HttpRequest, key: UUID, action: str) -> HttpResponse | None:
    """Count an attempt at a mentorship, by this client first; return the answer where there were too many."""
    for name, counted in ((f"{action}_here", f"{key} {get_ip(request)}"), (action, str(key))):
        if ratelimit.consume(request, app=APP, action=name, config=LIMITS, key=counted) is None:
            context = {"when": say_when(request, free_at(request, Limit(APP, name, LIMITS, counted)))}
            return render(request, "429.html", context, status=429)
    return None
