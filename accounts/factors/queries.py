"""Reads of the second factors of a user, without their secrets."""

from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from accounts.models import User

Type = Authenticator.Type


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner sees it."""

    pk: int
    name: str
    added_at: datetime
    last_used_at: datetime | None
    signs_in_alone: bool


@dataclass(frozen=True)
class Factors:
    """What a user can sign in with."""

    has_password: bool
    passkeys: list[Passkey] = field(default_factory=list)
    app_since: datetime | None = None
    recovery_codes_left: int | None = None
    """None: there are none, because there is no second step."""

    @property
    def has_second_step(self) -> bool:
        return bool(self.passkeys or self.app_since)

    @property
    def signs_in_by_passkey(self) -> bool:
        return any(passkey.signs_in_alone for passkey in self.passkeys)

    @property
    def can_remove_password(self) -> bool:
        """Whether a passkey is enough, so that the password can go."""
        return self.has_password and self.signs_in_by_passkey


def load_factors(user: User) -> Factors:
    """Return the factors of a user, in one query."""
    rows: dict[str, list[Authenticator]] = {kind: [] for kind in Type}
    for row in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        rows[row.type].append(row)
    return Factors(
        has_password=user.has_usable_password(),
        passkeys=[
            Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at, signs_in_alone(row))
            for row in rows[Type.WEBAUTHN]
        ],
        app_since=next((row.created_at for row in rows[Type.TOTP]), None),
        recovery_codes_left=next((codes_left(row) for row in rows[Type.RECOVERY_CODES]), None),
    )


def signs_in_alone(passkey: Authenticator) -> bool:
    """Return whether a passkey may be used without a password.

    It was made with a check of its user (PIN, fingerprint, face), and the authenticator lists it by itself. Some
    browsers do not say the latter (`rk` is missing); then signing in shows it.
    """
    key = passkey.wrap()
    return bool(key.authenticator_data.is_user_verified()) and key.is_passwordless is not False


def codes_left(codes: Authenticator) -> int:
    """Return how many recovery codes are unused, without decrypting them."""
    return int(app_settings.RECOVERY_CODE_COUNT - int(codes.data["used_mask"]).bit_count())


def is_only_way_in(user: User, pk: int) -> bool:
    """Return whether, without this passkey, nothing would be left to start signing in with."""
    factors = load_factors(user)
    return not (factors.has_password or any(key.signs_in_alone for key in factors.passkeys if key.pk != pk))
