"""Forms posted after the session had ended: saved for an hour and shown again after the user signs in.

A signed HttpOnly cookie names who signed in last in this browser and where their text is stored. It gives no access:
the text is shown only to that user, signed in, in that browser. If someone else signs in, or the user signs out, it is
deleted. Never saved: files, passwords, tokens, account pages.
"""

from contextlib import suppress
from inspect import getclosurevars
from secrets import token_urlsafe
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

SAVED_SECONDS = 3600
MAX_CHARACTERS = 200_000  # of all forms of one browser together; the oldest is dropped first
DISCARD_PARAMETER = "without"  # URL parameter: show the page as it is saved
SESSION_KEY = "kept"  # session key: the place of text for the signed-in user
LOST_ACTION = "not-done"  # instead of a path: an action was requested that is not repeated automatically
SALT = "careerplan.kept"
COOKIE_SECONDS = settings.SESSION_ABSOLUTE_AGE + settings.SESSION_COOKIE_AGE  # outlives the session
RESTORED = gettext_lazy("You were signed out. This is what you typed. Save it now.")
SavedPosts = dict[str, str]  # the typed fields, as a form sends them, by path


def set_last_user_cookie(response: HttpResponse, person: int) -> None:
    """Set a cookie with the signed-in user and a new place for what they may type after the session has ended."""
    response.set_signed_cookie(
        settings.LAST_USER_COOKIE_NAME,
        f"{person}.{token_urlsafe(16)}",
        salt=SALT,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_user(request: HttpRequest) -> tuple[int, str] | None:
    """Return the id of who signed in last in this browser, and the name of their place."""
    text = request.get_signed_cookie(settings.LAST_USER_COOKIE_NAME, None, salt=SALT, max_age=COOKIE_SECONDS)
    person, _dot, place = (text or "").partition(".")
    return (int(person), f"kept.{person}.{place}") if place else None


def delete_last_user_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Delete the text and the cookie when someone signs out."""
    if last := last_user(request):
        _write(last[1], {})
    samesite: Any = settings.SESSION_COOKIE_SAMESITE
    response.delete_cookie(settings.LAST_USER_COOKIE_NAME, samesite=samesite)


def delete_saved_posts(person: int) -> None:
    """Delete everything saved for a user in any browser, because their account is deleted.

    Needs Django's Redis cache; without it, everything expires within SAVED_SECONDS.
    """
    with suppress(RedisError):
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]  # there is no other way to look
        pattern = cache.make_key(f"kept.{person}.*")
        for key in client.scan_iter(match=pattern, count=1000):
            client.delete(key)


def save_post(request: HttpRequest) -> bool:
    """Save what was posted without a session; return whether it was saved.

    Only if we know who typed it and it has at most MAX_CHARACTERS.
    """
    last, typed = last_user(request), serialize_post(request.POST)
    if last is None or not 0 < len(typed) <= MAX_CHARACTERS:
        return False
    kept = _read(last[1])
    kept.pop(request.path, None)
    kept[request.path] = typed
    while sum(map(len, kept.values())) > MAX_CHARACTERS:
        kept.pop(next(iter(kept)))
    return _write(last[1], kept)


def save_lost_action(request: HttpRequest) -> None:
    """Record that an action was requested without a session. It is reported later, not repeated."""
    if last := last_user(request):
        _write(last[1], {**_read(last[1]), LOST_ACTION: "1"})


def restore(request: HttpRequest, person: int) -> None:
    """Restore the text of the same user at sign-in; delete that of another."""
    last = last_user(request)
    if last is None:
        return
    kept = _read(last[1])
    if last[0] != person:
        _write(last[1], {})
    elif kept:
        request.session[SESSION_KEY] = last[1]
        if kept.pop(LOST_ACTION, ""):
            messages.error(request, _("You were signed out before we could do that. Do it again here."))
            _write(last[1], kept)


def restored_data(request: HttpRequest) -> QueryDict | None:
    """Return what the user typed on this page before signing in again, with a message; None if nothing."""
    place = getattr(request, "session", {}).get(SESSION_KEY)
    if not place or not request.user.is_authenticated or DISCARD_PARAMETER in request.GET:
        return None
    text = _read(place).get(request.path)
    if text is None:
        return None
    link = format_html('<a href="?{}=1">{}</a>', DISCARD_PARAMETER, _("Discard what I typed"))
    messages.info(request, format_html("{} {}", RESTORED, link))
    return QueryDict(text)


def discard(request: HttpRequest) -> None:
    """Delete the saved text of a page that was sent again with a session."""
    place = request.session[SESSION_KEY]
    kept = _read(place)
    if kept.pop(request.path, None) is not None:
        _write(place, kept)
    if not kept:
        del request.session[SESSION_KEY]


def accepts_get(view: Any) -> bool:
    """Return whether a view accepts GET, as far as Django's decorators (require_POST and the like) tell.

    They do not expose the methods they allow; tests/architecture lists the answer for every route.
    """
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list") if hasattr(view, "__code__") else None
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def referring_path(request: HttpRequest) -> str:
    """Return the page of ours where a button was pressed; Today if the browser does not say."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return reverse(settings.LOGIN_REDIRECT_URL)
    return address.removeprefix(f"{request.scheme}://{request.get_host()}") or "/"


def serialize_post(data: QueryDict) -> str:
    """Return what was typed into a form as a query string, without secrets; "" if nothing."""
    typed = data.copy()
    for name in list(typed):
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del typed[name]
    return typed.urlencode()


def _read(place: str) -> SavedPosts:
    try:
        return cast("SavedPosts", cache.get(place, {}))
    except RedisError:
        return {}


def _write(place: str, kept: SavedPosts) -> bool:
    try:
        if kept:
            cache.set(place, kept, SAVED_SECONDS)
        else:
            cache.delete(place)
    except RedisError:
        return False
    return True
