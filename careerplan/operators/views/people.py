"""Pages about people: the list, one person, an act on an account, invitations."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services as accounts
from accounts.models import AuthenticatedRequest, Invitation, User
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.operators import mails
from careerplan.operators.actors import operator
from careerplan.operators.acts import ACTS, NOT_SENT
from careerplan.operators.forms.people import InviteForm
from careerplan.operators.models import AuditAction
from careerplan.operators.queries.people import Filter, find_people
from careerplan.operators.queries.person import load_person
from careerplan.operators.services.audit import record, record_look
from careerplan.operators.services.people import IsOperator

INVITATIONS_SHOWN = 200
IS_OPERATOR = gettext_lazy("This is an operator. End the rights first, with the command people operator.")


@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """List people, or find some by address or name."""
    asked = request.GET.get("filter", "")
    chosen = Filter(asked) if asked in {*Filter} else Filter.ALL
    query = request.GET.get("q", "")
    before = parse_id(request.GET.get("before", ""))
    page = find_people(query=query, chosen=chosen, before=before, now=timezone.now())
    labels = {
        Filter.ALL: _("All"),
        Filter.UNCONFIRMED: _("Not confirmed"),
        Filter.NO_EMAILS: _("No emails arrive"),
        Filter.BLOCKED: _("Blocked"),
        Filter.DELETING: _("To be deleted"),
        Filter.INACTIVE: _("Inactive for a year"),
        Filter.OPERATORS: _("Operators"),
    }
    filters = [(str(one), label, page.counts[str(one)]) for one, label in labels.items()]
    context = {"part": "people", "page": page, "filters": filters, "chosen": str(chosen), "query": query}
    return render(request, "operators/people.html", context)


@require_safe
def person(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one account, and write down who looked."""
    found, now = get_object_or_404(User, pk=pk), timezone.now()
    page = load_person(found, now)
    record_look(actor=operator(request.user), person=found, now=now)
    offered = [name for name, act in ACTS.items() if act.applies(found)]
    return render(request, "operators/person.html", {"part": "people", "page": page, "person": found, "acts": offered})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: AuthenticatedRequest, pk: int, name: str) -> HttpResponse:
    """Explain an act and ask why; do it on the click.

    A post that was kept until its sender confirmed who they are comes here past OperatorMiddleware.
    """
    if not request.user.is_staff:
        raise Http404
    found = get_object_or_404(User, pk=pk)
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    if chosen.needs_confirmation:
        raise_if_reauthentication_required(request, app="allauth.account")
    if request.method == "POST" and not chosen.applies(found):
        messages.error(request, IS_OPERATOR if found.is_staff else _("This does not fit the state of the account."))
        return redirect("operators:person", pk=pk)
    form = chosen.form(form_data(request), person=found, why_required=chosen.why_required)
    if request.method == "POST" and form.is_valid():
        data = {"at_once": False, **form.cleaned_data}
        try:
            with transaction.atomic():
                outcome = chosen.run(operator(request.user), found, data, timezone.now())
        except IsOperator:
            messages.error(request, IS_OPERATOR)
            return redirect("operators:person", pk=pk)
        except User.DoesNotExist:  # deleted meanwhile
            raise Http404 from None
        messages.success(request, outcome.done)
        if not outcome.send():
            messages.error(request, str(NOT_SENT))
        return redirect("operators:person", pk=pk)
    context = {"part": "people", "person": found, "act": chosen, "form": form, "applies": chosen.applies(found)}
    return render(request, "operators/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: AuthenticatedRequest) -> HttpResponse:
    """Invite somebody, and list the invitations."""
    form, now = InviteForm(form_data(request)), timezone.now()
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            invitation = accounts.invite(email=form.cleaned_data["email"], now=now)
            record(actor=operator(request.user), action=AuditAction.INVITED, now=now, invitation=invitation.pk)
        if mails.send_invitation(invitation):
            messages.success(request, _("Invitation sent."))
        else:
            messages.error(request, _("The mail server did not take the invitation. Invite the person again."))
        return redirect("operators:invitations")
    rows = Invitation.objects.order_by("-invited_at")[:INVITATIONS_SHOWN]
    context = {"part": "people", "form": form, "rows": rows, "now": now}
    return render(request, "operators/invitations.html", context)


@post_only(gettext_lazy("Cancel the invitation"), "operators:invitations", gettext_lazy("Go to the invitations"))
def cancel_invitation(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Cancel an invitation: its link stops working."""
    invitation, now = get_object_or_404(Invitation, pk=pk), timezone.now()
    with transaction.atomic():
        was_open = accounts.revoke_invitation(invitation=invitation, now=now)
        if was_open:
            record(actor=operator(request.user), action=AuditAction.INVITATION_CANCELLED, now=now, invitation=pk)
    messages.success(request, _("Invitation cancelled.") if was_open else _("This invitation had ended already."))
    return redirect("operators:invitations")
