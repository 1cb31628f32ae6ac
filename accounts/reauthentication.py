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
"""Methods of signing in that confirm who someone is. A provider's word does for those who have nothing else."""


def signed_in_recently(request: HttpRequest) -> bool:
    """Return whether the user signed in with a password or a factor within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    confirming = CONFIRMING if get_reauthentication_flows(request.user) else {"socialaccount"}
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    at = max((record["at"] for record in records if record["method"] in confirming), default=0)
    return bool(time.time() - at < app_settings.REAUTHENTICATION_TIMEOUT)
