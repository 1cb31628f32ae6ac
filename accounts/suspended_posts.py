"""A form that was sent when its owner had to confirm who they are first: kept, and done when they have.

allauth keeps the whole request in the session, with its cookies and every field, readable for whoever reads the
database. Here the session holds the fields alone, encrypted, without passwords and files.
"""

import json
from typing import Any, cast

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from cryptography.fernet import InvalidToken
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve

from accounts.factors import encryption
from careerplan.core import expired_session

KEPT_SECONDS = 3600
MOST_CHARACTERS = 200_000
"""Longer forms are not kept: their page is shown again instead."""


def suspend(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to the page that asks who someone is, and from there back; keep what was posted."""
    path = request.get_full_path()
    if request.method == "POST":
        _keep(request, path)
    return redirect(add_query_params(page, {REDIRECT_FIELD_NAME: path}))


def _keep(request: HttpRequest, path: str) -> None:
    request.session.pop(STATE_SESSION_KEY, None)
    fields = expired_session.serialize_post(request.POST)
    if len(fields) <= MOST_CHARACTERS:
        kept = {
            "user": request.user.pk,
            "path": path,
            "path_info": request.path_info,
            "fields": fields,
            "page": expired_session.referring_path(request),
        }
        request.session[STATE_SESSION_KEY] = {
            "state": {"kept": encryption.encrypt(json.dumps(kept))},
            "callback": f"{__name__}.{resume.__name__}",
        }


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Do what was posted, if its owner was asked for the sake of it; else go on to the page (allauth's callback)."""
    page = get_next_redirect_url(request, REDIRECT_FIELD_NAME)
    kept = _read(request, state, page)
    return _post(request, kept) if kept else redirect(page or "accounts:security")


def waiting_post(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits in the session, for `resume_at`: a sign-in at the OpenID provider makes a new session."""
    suspended: dict[str, Any] | None = request.session.get(STATE_SESSION_KEY)
    return suspended["state"] if suspended else None


def resume_at(request: HttpRequest, state: dict[str, Any], page: str, *, is_confirmed: bool) -> HttpResponse | None:
    """Do what the user posted to the page to which the OpenID provider led them back; None if that was another page.

    Back to the form if the provider did not confirm who they are (`is_confirmed`).
    """
    kept = _read(request, state, page)
    if kept is None:
        return None
    request.session.pop(STATE_SESSION_KEY, None)
    return _post(request, kept) if is_confirmed else redirect(kept["page"])


def _read(request: HttpRequest, state: dict[str, Any], page: str | None) -> dict[str, Any] | None:
    """Return what this user posted to a page; None if they did not, or too long ago."""
    try:
        kept: dict[str, Any] = json.loads(encryption.decrypt(state["kept"], max_age=KEPT_SECONDS))
    except InvalidToken:  # too old, or the keys were changed
        return None
    return kept if kept["user"] == request.user.pk and kept["path"] == page else None


def _post(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    path, _mark, query = kept["path"].partition("?")
    request.method, request.path, request.path_info = "POST", path, kept["path_info"]
    request.META |= {"REQUEST_METHOD": "POST", "PATH_INFO": kept["path_info"], "QUERY_STRING": query}
    request.GET, request.POST = QueryDict(query), QueryDict(kept["fields"])
    match = request.resolver_match = resolve(request.path_info)
    return cast("HttpResponse", match.func(request, *match.args, **match.kwargs))
