"""`manage.py reencrypt_factors`: encrypt the secrets of second factors with the first key of MFA_ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.factors.services import reencrypt_secrets


class Command(BaseCommand):
    help = "Encrypt all secrets of authenticator apps and recovery codes with the first key. You can repeat it."

    def handle(self, *args: Any, **options: Any) -> None:
        written, unreadable = reencrypt_secrets()
        self.stdout.write(f"{written} secrets encrypted with the first key.")
        if unreadable:
            ids = ", ".join(str(pk) for pk in sorted(set(unreadable)))
            raise CommandError(f"{len(unreadable)} secrets fit no key and were left as they are. Users: {ids}.")
