"""The notice of maintenance: each session can hide it, until there is another one."""

from hashlib import sha256

from django.http import HttpRequest

HIDDEN = "hidden_notice"  # session key


def is_hidden(request: HttpRequest, notice: str) -> bool:
    """Return whether this session has hidden this notice."""
    return bool(request.session.get(HIDDEN) == _digest(notice))


def hide(request: HttpRequest, notice: str) -> None:
    """Hide this notice in this session; another one is shown."""
    request.session[HIDDEN] = _digest(notice)


def _digest(notice: str) -> str:
    return sha256(notice.encode()).hexdigest()[:16]
