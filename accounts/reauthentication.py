"""When somebody must confirm who they are before a sensitive change: if they last did over 10 minutes ago.

allauth's decorator `reauthentication_required` asks, and goes on with what was being done. It counts only what was
confirmed on its own page; here the sign-in counts too.
"""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest

CONFIRMING = {"password", "mfa"}
"""Methods of signing in that confirm who someone is."""
OPENID_AUTH_TIME = "openid_auth_time"
"""Session key: when the OpenID provider itself last asked who someone is (seconds since 1970).

For those who have nothing else. That they come from the provider does not suffice: while they are signed in there, it
lets whoever sits at the browser pass without a question.
"""


def signed_in_recently(request: HttpRequest) -> bool:
    """Return whether the user signed in with a password or a factor within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    if get_reauthentication_flows(request.user):
        records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
        at = max((record["at"] for record in records if record["method"] in CONFIRMING), default=0)
    else:
        at = request.session.get(OPENID_AUTH_TIME, 0)
    return _is_recent(at)


def record_openid_sign_in(request: HttpRequest, auth_time: object) -> bool:
    """Remember the time that the ID token gives; return whether it confirms who someone is. None does not."""
    at = min(auth_time, time.time()) if isinstance(auth_time, int | float) else 0
    request.session[OPENID_AUTH_TIME] = at
    return _is_recent(at)


def _is_recent(at: float) -> bool:
    return bool(time.time() - at < app_settings.REAUTHENTICATION_TIMEOUT)
