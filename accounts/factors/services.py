"""Writes of operators to the second factors of accounts."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.factors import encryption
from accounts.models import User

SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""The key in the data of a row under which its encrypted secret is."""


def reencrypt_secrets() -> tuple[int, list[int]]:
    """Encrypt all secrets with the first key; return how many, and the ids of users with one that fits no key.

    Each row in a transaction of its own: it can be repeated, and runs beside people who sign in.
    """
    written, unreadable = 0, []
    for pk in list(Authenticator.objects.filter(type__in=SECRETS).order_by("pk").values_list("pk", flat=True)):
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
