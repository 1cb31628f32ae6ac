"""Posts that were sent after the session had expired: saved for an hour, and restored after signing in again.

A signed cookie, which scripts cannot read, names the last user of this browser and the cache key of their posts. The
posts are shown to that user only, signed in, in that browser. They are deleted when anyone else signs in there, and on
signing out. Files, passwords, tokens and pages of the account are never saved.
"""

from collections.abc import Callable
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

from careerplan.core.cache import redis_client

SAVED_SECONDS = 3600
MAX_CHARACTERS = 200_000  # of all forms of one browser together; the oldest goes first
SEPARATORS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%&=+"})
DISCARD_PARAMETER = "without"  # in an address: show the page as it is saved
SESSION_KEY = "saved_posts"  # session key: cache key of saved posts of the user who is signed in
LOST_ACTION = "lost-action"  # instead of a path: an action that was not done
SALT = "careerplan.saved-posts"
COOKIE_SECONDS = settings.SESSION_ABSOLUTE_AGE + settings.SESSION_COOKIE_AGE  # outlives the session
RESTORED = gettext_lazy("You were signed out. This is what you typed. Save it now.")
SavedPosts = dict[str, str]  # path -> fields, see serialize_post


def set_last_user_cookie(response: HttpResponse, person: int) -> None:
    """Set the cookie that names the user who is signed in, with a new key for posts after the session has expired."""
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
    """Return the id of the last user of this browser and the cache key of their posts; None without the cookie."""
    text = request.get_signed_cookie(settings.LAST_USER_COOKIE_NAME, None, salt=SALT, max_age=COOKIE_SECONDS)
    person, _dot, place = (text or "").partition(".")
    return (int(person), f"saved-posts.{person}.{place}") if place else None


def delete_last_user_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Delete the saved posts and the cookie, on signing out."""
    if last := last_user(request):
        _write(last[1], {})
    samesite: Any = settings.SESSION_COOKIE_SAMESITE
    response.delete_cookie(settings.LAST_USER_COOKIE_NAME, samesite=samesite)


def delete_saved_posts(person: int) -> None:
    """Delete the saved posts of a deleted account, of all browsers.

    Needs Django's Redis cache; without the cache they expire within SAVED_SECONDS.
    """
    with suppress(RedisError):
        client = redis_client()
        pattern = cache.make_key(f"saved-posts.{person}.*")
        for key in client.scan_iter(match=pattern, count=1000):
            client.delete(key)


def save_post(request: HttpRequest) -> bool:
    """Save a post that came without a session; return whether it was saved.

    Not where the user is unknown, and not posts that are empty or have more than MAX_CHARACTERS.
    """
    last, typed = last_user(request), serialize_post(request.POST)
    if last is None or not has_answers(request.POST) or len(typed) > MAX_CHARACTERS:
        return False
    saved = _read(last[1])
    saved.pop(request.path, None)
    saved[request.path] = typed
    while sum(map(len, saved.values())) > MAX_CHARACTERS:
        saved.pop(next(iter(saved)))
    return _write(last[1], saved)


def save_lost_action(request: HttpRequest) -> None:
    """Record an action that was requested without a session, so that the user is told. It is not repeated."""
    if last := last_user(request):
        _write(last[1], {**_read(last[1]), LOST_ACTION: "1"})


def restore(request: HttpRequest, person: int) -> None:
    """Make the saved posts available at a sign-in of the same user; delete those of another user."""
    last = last_user(request)
    if last is None:
        return
    saved = _read(last[1])
    if last[0] != person:
        _write(last[1], {})
    elif saved:
        request.session[SESSION_KEY] = last[1]
        if saved.pop(LOST_ACTION, ""):
            messages.error(request, _("You were signed out before we could do that. Do it again here."))
            _write(last[1], saved)


def restored_data(request: HttpRequest) -> QueryDict | None:
    """Return the saved post of this page and add a message about it; None without one."""
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
    """Delete the saved post of a page that was posted again."""
    place = request.session[SESSION_KEY]
    saved = _read(place)
    if saved.pop(request.path, None) is not None:
        _write(place, saved)
    if not saved:
        del request.session[SESSION_KEY]


def accepts_get(view: Any) -> bool:
    """Return whether a view accepts GET, by Django's own decorators (require_POST and the like).

    They hold their methods in a closure; tests/architecture checks the answer for every route.
    """
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list") if hasattr(view, "__code__") else None
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


View = Callable[..., HttpResponse]
NOTHING_TYPED = "nothing_typed"


def nothing_typed(view: View) -> View:
    """View decorator: the form of this page is a button, and what it sends is not kept. People click again."""
    setattr(view, NOTHING_TYPED, True)
    return view


def keeps_post(view: Any) -> bool:
    """Return whether the page of a view shows a post again that came without a session."""
    return accepts_get(view) and not getattr(view, NOTHING_TYPED, False)


def referring_path(request: HttpRequest) -> str:
    """Return the path of the page that a request came from; Today where the browser does not say."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return reverse(settings.LOGIN_REDIRECT_URL)
    path = address.removeprefix(f"{request.scheme}://{request.get_host()}") or "/"
    # "https://this.site//elsewhere/" is a page of this site; "//elsewhere/" is another site.
    return path if url_has_allowed_host_and_scheme(path, None) else reverse(settings.LOGIN_REDIRECT_URL)


def serialize_post(data: QueryDict) -> str:
    """Return the fields of a post without tokens and passwords, as QueryDict reads them.

    Only separators are encoded: with `urlencode` a text in Greek would count six times, and not be kept.
    """
    fields = _without_secrets(data).lists()
    pairs = ((name, text) for name, texts in fields for text in texts)
    return "&".join(f"{name.translate(SEPARATORS)}={text.translate(SEPARATORS)}" for name, text in pairs)


def has_answers(data: QueryDict) -> bool:
    """Return whether a post has more than tokens, passwords and empty fields."""
    return any(text.strip() for text in typed_texts(data))


def typed_texts(data: QueryDict) -> list[str]:
    """Return the values of a post without tokens and passwords."""
    return [text for _name, texts in _without_secrets(data).lists() for text in texts]


def _without_secrets(data: QueryDict) -> QueryDict:
    typed = data.copy()
    for name in list(typed):
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del typed[name]
    return typed


def _read(place: str) -> SavedPosts:
    try:
        return cast("SavedPosts", cache.get(place, {}))
    except RedisError:
        return {}


def _write(place: str, saved: SavedPosts) -> bool:
    try:
        if saved:
            cache.set(place, saved, SAVED_SECONDS)
        else:
            cache.delete(place)
    except RedisError:
        return False
    return True
