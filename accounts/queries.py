"""Where a user is signed in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from accounts.devices import describe_device
from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInDevice:
    """A browser in which a user is signed in. `device` is blank if it does not say what it is."""

    pk: int
    device: str
    ip: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def live_sessions(now: datetime) -> QuerySet[UserSession]:
    """Return the sessions that have neither ended nor expired."""
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    sessions: QuerySet[UserSession] = UserSession.objects.filter(Exists(live))
    return sessions


def list_signed_in_devices(user: User, *, session_key: str | None, now: datetime) -> list[SignedInDevice]:
    """Return the browsers of a user, the one of `session_key` first, then by when they were last used."""
    rows = live_sessions(now).filter(user=user).order_by("-last_seen_at", "-pk")
    devices = [
        SignedInDevice(
            pk=row.pk,
            device=describe_device(row.user_agent),
            ip=row.ip,
            since=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.session_key == session_key,
        )
        for row in rows
    ]
    return sorted(devices, key=lambda device: not device.is_this)
