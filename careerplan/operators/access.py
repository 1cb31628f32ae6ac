"""Who opens the operator's pages: operators who have signed in with a second step. For others they do not exist."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from careerplan.core.expired_session import last_user

NAMESPACES = {"operators", "operations"}
PAGE_TO_CONFIRM = {
    Authenticator.Type.TOTP: "mfa_reauthenticate",
    Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn",
}


class OperatorMiddleware:
    """Guard every page of the namespaces, so that none can forget it.

    A signed-out browser gets the sign-in page only if the last person in it was an operator.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the page that asks for the second step, or None to go on. Raises Http404 for everyone else."""
        match = request.resolver_match
        if match is None or NAMESPACES.isdisjoint(match.namespaces):
            return None
        if request.user.is_anonymous:
            if not was_operator_here(request):
                raise Http404
            return None  # SignInMiddleware asks
        if not request.user.is_staff:
            raise Http404
        return ask_for_second_step(request, request.user)


def was_operator_here(request: HttpRequest) -> bool:
    """Return whether the last person who was signed in in this browser is an operator."""
    last = last_user(request)
    return last is not None and User.objects.filter(pk=last[0], is_staff=True, is_active=True).exists()


def ask_for_second_step(request: HttpRequest, user: User) -> HttpResponse | None:
    """Return None where the account has a second step and this sign-in used it; else the page that asks for it."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    page = next((PAGE_TO_CONFIRM[kind] for kind in PAGE_TO_CONFIRM if kind in kinds), None)
    if page is None:
        return render(request, "operators/second_step.html", status=403)
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return None
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
