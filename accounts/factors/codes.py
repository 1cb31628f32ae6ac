"""Codes as people type them: from an app or from the list of recovery codes."""

import unicodedata

import structlog
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.core.cache import cache

from accounts.factors import encryption
from accounts.models import User

log = structlog.get_logger(__name__)

CODE_LENGTH = 64  # characters: six or eight digits, with room for what a paste brings along
GROUP = 4


def normalise(typed: str) -> str:
    """Return the digits of a code in ASCII, without spaces and dashes, whatever keyboard wrote them."""
    letters = unicodedata.normalize("NFKC", typed)
    return "".join(str(unicodedata.decimal(one, one)) for one in letters if one.isalnum())


def in_groups(code: str, between: str = "-") -> str:
    """Return a code as we show it, such as 1234-5678."""
    return between.join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def use_app_code(user: User, code: str) -> Authenticator | None:
    """Return the authenticator app if the code is its own and unused; the code is used then."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    secret = _secret(app, "secret") if app else None
    if app is None or secret is None or not use_code_of_secret(user, secret, code):
        return None
    return app


def use_code_of_secret(user: User, secret: str, code: str) -> bool:
    """Return whether an app with this secret shows the code now and it is unused; the code is used then."""
    if not validate_totp_code(secret, code):
        return False
    # allauth remembers a used code for one period only, but with the tolerance it is right for longer.
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    return bool(cache.add(f"accounts.app_code:{user.pk}:{code}", 1, periods * app_settings.TOTP_PERIOD))


def use_recovery_code(user: User, code: str) -> Authenticator | None:
    """Return the recovery codes if the code is an unused one of them; it is used then."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None or _secret(codes, "seed") is None:
        return None
    return codes if codes.wrap().validate_code(code) else None


def _secret(row: Authenticator, name: str) -> str | None:
    """Return a decrypted secret; None, with an error in the log, if no key fits."""
    try:
        return encryption.decrypt(row.data[name])
    except encryption.InvalidToken:
        log.error("factor_unreadable", user=row.user_id, factor=row.type)
        return None
