"""What search engines may keep: pages for everyone. robots.txt forbids nothing, so that they see the mark (ADR 69)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., Any])
NOT_INDEXED = "noindex, nofollow"


def indexable(view: View) -> View:
    """View decorator: search engines may show this page. Say it beside `login_not_required`."""
    view.is_indexable = True  # type: ignore[attr-defined]
    return view


class RobotsMiddleware:
    """Mark every response that a robot can get and must not keep.

    A view that asks people to sign in gives a robot a redirect alone, so what it shows needs no mark.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view = request.resolver_match.func if request.resolver_match else None
        if view and not getattr(view, "login_required", True) and not getattr(view, "is_indexable", False):
            response.headers.setdefault("X-Robots-Tag", NOT_INDEXED)  # Django marks the sitemap itself
        return response
