"""Addresses that only a button opens: whoever opens one by GET gets a page with the way back, and not a blank one."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponse]
ATTRIBUTE = "post_button"


class PostButton(NamedTuple):
    """The button that posts to an address: its label, and the page it is on with the label of a link to it.

    The page has the same id in its address, or none.
    """

    label: Any
    page: str
    page_label: Any


def post_only(label: Any, page: str, page_label: Any) -> Callable[[View], View]:
    """View decorator: accept POST only, and tell everyone else which button this is and where."""

    def decorate(view: View) -> View:
        wrapped: View = require_POST(view)
        setattr(wrapped, ATTRIBUTE, PostButton(label, page, page_label))
        return wrapped

    return decorate


class MethodNotAllowedMiddleware:
    """Give a blank 405 for a browser that opened an address its page: what it is, and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_blank = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        if not (is_blank and request.method in {"GET", "HEAD"} and request.accepts("text/html")):
            return response
        page = render(request, "405.html", way_back(request), status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        page._has_been_logged = True  # type: ignore[attr-defined]  # by Django, for the blank one
        return page


def way_back(request: HttpRequest) -> dict[str, Any]:
    """Return the button of the address and the link to its page; nothing where the view does not say."""
    match = request.resolver_match
    button: PostButton | None = getattr(match.func, ATTRIBUTE, None) if match else None
    if match is None or button is None:
        return {}
    found: dict[str, Any] = match.captured_kwargs  # type: ignore[attr-defined]  # the stubs do not know it
    without_id = {name: value for name, value in found.items() if name != "pk"}
    for values in (found, without_id):  # a page with the same id, or without one
        with suppress(NoReverseMatch):
            return {"button": button, "page_url": reverse(button.page, kwargs=values)}
    return {"button": button, "page_url": reverse(button.page)}
