"""Writes of operators to the second factors of accounts."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.factors import encryption
from accounts.models import User

SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""The key in the data of a row under which its encrypted secret is."""


def secrets() -> Iterator[tuple[int, str]]:
    """Yield the id of the row and the encrypted secret of all second steps, a thousand at a time."""
    rows = Authenticator.objects.filter(type__in=SECRETS).order_by("pk").values_list("pk", "type", "data")
    for pk, kind, data in rows.iterator(chunk_size=1000):
        yield pk, data[SECRETS[Authenticator.Type(kind)]]


def reencrypt_secrets(*, most: int | None = None) -> tuple[int, list[int]]:
    """Encrypt secrets of earlier keys with the first one, `most` at most.

    Return how many, and the ids of users with one that fits no key. Each row in a transaction of its own: it can be
    repeated, and runs beside people who sign in.
    """
    written, unreadable = 0, []
    for pk in [pk for pk, secret in secrets() if not encryption.is_newest(secret)]:
        if written == most:
            break
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:  # removed meanwhile
                continue
            name = SECRETS[Authenticator.Type(row.type)]
            try:
                row.data[name] = encryption.reencrypt(row.data[name])
            except encryption.InvalidToken:
                unreadable.append(row.user_id)
                continue
            row.save(update_fields=["data"])
            written += 1
    return written, unreadable


@transaction.atomic
def remove_factors(*, user: User) -> int:
    """Remove all passkeys, the authenticator app and the recovery codes of a user; return how many."""
    return int(Authenticator.objects.filter(user=user).delete()[0])
