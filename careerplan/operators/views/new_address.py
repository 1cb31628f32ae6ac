"""The link with which a person confirms the address that an operator was asked to set. It needs no sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from careerplan.operators import mails
from careerplan.operators.actors import Actor
from careerplan.operators.services.people import AddressTaken, change_address


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link does, and do it on the click."""
    found = mails.read_address_link(token)
    if found is None:
        return render(request, "operators/new_address.html", {"state": "ended"}, status=404)
    user, email = found
    if request.method != "POST":
        return render(request, "operators/new_address.html", {"state": "asks", "email": email})
    try:
        old = change_address(actor=Actor("owner of the account", user), user=user, email=email, now=timezone.now())
    except (AddressTaken, User.DoesNotExist):
        return render(request, "operators/new_address.html", {"state": "ended"}, status=404)
    text = _("You sign in with another address from now on. This one no longer has an account.")
    mails.tell_person(user, to=old, heading=_("The address of your account was changed"), paragraphs=[text])
    return render(request, "operators/new_address.html", {"state": "done", "email": email})
