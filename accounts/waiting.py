"""When a limit of attempts lets the next one through, and how a page says so: with a clock time, or in minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from time import time

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate
from allauth.mfa import app_settings as mfa_settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

UNKNOWN_SECONDS = 60
"""How long to wait where the limit is not known: those of pages are by the minute."""
MOST_MINUTES = 90
"""A longer wait is said in hours."""


@dataclass(frozen=True)
class Limit:
    """A limit as allauth counts it: an action of an app, and the key for those that are not by client or user."""

    app: str
    action: str
    config: dict[str, str] | None = None
    key: str | None = None


OPENID_BEGIN = Limit("accounts.openid", "openid_begin", {"openid_begin": "20/m/ip"})


def free_at(request: HttpRequest, *limits: Limit) -> float:
    """Return when all these limits let an attempt through (seconds since 1970); a time in the past if they do."""
    counted = {place: rate for limit in limits for place, rate in _places(request, limit)}
    ends = [0.0]
    for place, history in cache.get_many(counted).items():  # times of attempts, the newest first
        rate = counted[place]
        if len(history) >= rate.amount:
            ends.append(history[rate.amount - 1] + rate.duration)
    return max(ends)


def _places(request: HttpRequest, limit: Limit) -> list[tuple[str, Rate]]:
    """Return where the attempts of a limit are counted in the cache."""
    found = []
    for rate in ratelimit.get_rates(app=limit.app, action=limit.action, config=limit.config):
        if (rate.per == "key" and limit.key is None) or (rate.per == "user" and not request.user.is_authenticated):
            continue
        place = ratelimit.get_cache_key(request, app=limit.app, action=limit.action, rate=rate, key=limit.key)
        found.append((place, rate))
    return found


def say_when(request: HttpRequest, until: float) -> str:
    """Return when to try again: the time in the user's zone, or how long it takes where the zone is not known."""
    seconds = until - time() if until > time() else UNKNOWN_SECONDS
    minutes = ceil(seconds / 60)
    if request.user.is_authenticated:
        now = timezone.now()
        # The whole minute after it, so that the time on the page is not too early.
        at = datetime.fromtimestamp(ceil((now.timestamp() + seconds) / 60) * 60, UTC)
        return _say_time(timezone.localtime(at), timezone.localtime(now))
    if minutes <= MOST_MINUTES:
        return ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    hours = ceil(timedelta(minutes=minutes) / timedelta(hours=1))
    return ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours) % {"n": hours}


def _say_time(at: datetime, now: datetime) -> str:
    clock = date_format(at, "G:i")
    if at.date() == now.date():
        return _("Try again at %(time)s.") % {"time": clock}
    return _("Try again on %(day)s at %(time)s.") % {"day": date_format(at, "j M"), "time": clock}


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429, with the time at which no limit of the pages of accounts stops this client or user any more."""
    typed = (request.POST.get("email") or request.POST.get("login") or "").lower() or None
    limits = [Limit("allauth.account", action, key=typed) for action in app_settings.RATE_LIMITS]
    limits += [Limit("allauth.mfa", action, key=typed) for action in mfa_settings.RATE_LIMITS]
    limits.append(OPENID_BEGIN)
    until = free_at(request, *limits)
    response = render(request, "429.html", {"when": say_when(request, until)}, status=429)
    response.headers["Retry-After"] = str(ceil(until - time()) if until > time() else UNKNOWN_SECONDS)
    return response
