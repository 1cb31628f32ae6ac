"""Encryption of the secrets of second factors at rest, with keys that rotate (docs/adr/0023).

The first key encrypts, all of them decrypt: MFA_ENCRYPTION_KEYS, then SECRET_KEY and its fallbacks. So the first own
key can be added, and each one replaced, without losing a secret. `manage.py reencrypt_factors` writes all of them with
the first key, and afterwards the old ones can go.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

INFO = b"careerplan accounts.factors"
KEY_BYTES = 32

__all__ = ["InvalidToken", "decrypt", "encrypt", "is_newest", "reencrypt"]


def encrypt(text: str) -> str:
    """Return a text encrypted with the first key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str, *, max_age: int | None = None) -> str:
    """Return the text. Raises InvalidToken if no key fits, or if it was encrypted more than `max_age` seconds ago."""
    return _keys().decrypt(encrypted.encode(), ttl=max_age).decode()


def is_newest(encrypted: str) -> bool:
    """Return whether a secret is encrypted with the first key."""
    text = [*settings.MFA_ENCRYPTION_KEYS, settings.SECRET_KEY][0]
    try:
        Fernet(_derive(text)).decrypt(encrypted.encode())
    except InvalidToken:
        return False
    return True


def reencrypt(encrypted: str) -> str:
    """Return the same secret encrypted with the first key. Raises InvalidToken if no key fits."""
    return _keys().rotate(encrypted.encode()).decode()


def _keys() -> MultiFernet:
    texts = [*settings.MFA_ENCRYPTION_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(text)) for text in texts])


@lru_cache(maxsize=32)  # there may be many secrets
def _derive(text: str) -> bytes:
    """Return a key for Fernet from a setting of any form and at least 32 characters."""
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=INFO).derive(text.encode())
    return base64.urlsafe_b64encode(key)
