"""The row that each signed-in session has: by it its owner sees where they are signed in, and can sign out there.

The session names the key under which its row was made, so that a page needs no query for it, and a session without a
row, or with a new key, gets one with its next request.
"""

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuthenticatedRequest, User
from accounts.session_ending import end_sessions

LISTED_AS = "listed_as"
"""Session key: the key of the session when its row was made."""
MOST_SESSIONS = 50
"""Browsers in which an account is signed in at the same time."""


def has_row(request: AuthenticatedRequest) -> bool:
    """Return whether a row was made for this session under the key that it has now."""
    return bool(request.session.get(LISTED_AS) == request.session.session_key)


def make_row(request: AuthenticatedRequest) -> None:
    """Make the row of this session, and end the sessions beyond MOST_SESSIONS that were not used for longest."""
    UserSession.objects.create_from_request(request)
    request.session[LISTED_AS] = request.session.session_key
    last_used = sessions_elsewhere(request, request.user).order_by("-last_seen_at", "-pk")
    end_sessions(list(last_used.values_list("session_key", flat=True)[MOST_SESSIONS - 1 :]))


def record_visit(request: AuthenticatedRequest) -> None:
    """Store when, from where and with what the session was last used."""
    found = UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now(),
        ip=get_adapter().get_client_ip(request),
        user_agent=get_adapter().get_http_user_agent(request)[:HTTP_USER_AGENT_MAX_LENGTH],
    )
    if not found:
        make_row(request)


def sessions_elsewhere(request: AuthenticatedRequest, user: User) -> QuerySet[UserSession]:
    """Return the sessions of a user except the one of this request."""
    sessions: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return sessions.exclude(session_key=request.session.session_key)


def end_elsewhere(request: AuthenticatedRequest, user: User) -> None:
    """End all sessions of a user except the one of this request."""
    end_sessions(list(sessions_elsewhere(request, user).values_list("session_key", flat=True)))
