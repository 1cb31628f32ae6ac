"""An authenticator made of software, and passkeys of it."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User

FLAG = AuthenticatorData.FLAG
NO_MODEL = bytes(16)


@dataclass
class SoftKey:
    """An authenticator with one passkey: answers challenges as a browser does. `verifies`: it asks for a PIN."""

    host: str = "localhost"
    verifies: bool = True
    is_listed: bool | None = True
    user_handle: bytes = b""
    number: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, challenge: str) -> dict[str, Any]:
        """Return the answer to the challenge for a new passkey."""
        public = AttestedCredentialData.create(
            NO_MODEL, self.number, ES256.from_cryptography_key(self.private.public_key())
        )
        attested = AttestationObject.create("none", self._data(FLAG.AT, public), {})
        answer = self._answer("webauthn.create", challenge, attestationObject=websafe_encode(attested))
        props = {} if self.is_listed is None else {"credProps": {"rk": self.is_listed}}
        return answer | {"clientExtensionResults": props}

    def get(self, challenge: str, **changes: Any) -> dict[str, Any]:
        """Return the answer to the challenge of a sign-in."""
        data = self._data(FLAG(0))
        answer = self._answer("webauthn.get", challenge, authenticatorData=websafe_encode(data))
        signed = data + sha256(self._client_data("webauthn.get", challenge))
        answer["response"]["signature"] = websafe_encode(self.private.sign(signed, ec.ECDSA(SHA256())))
        answer["response"]["userHandle"] = websafe_encode(self.user_handle)
        return answer | changes

    def _data(self, flags: FLAG, public: bytes = b"") -> AuthenticatorData:
        flags |= FLAG.UP | (FLAG.UV if self.verifies else FLAG(0))
        return AuthenticatorData.create(sha256(self.host.encode()), flags, 0, public)

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, challenge, f"http://{self.host}")

    def _answer(self, kind: str, challenge: str, **response: str) -> dict[str, Any]:
        number = websafe_encode(self.number)
        response["clientDataJSON"] = websafe_encode(self._client_data(kind, challenge))
        return {"id": number, "rawId": number, "type": "public-key", "response": response}


def make_passkey(user: User, *, name: str = "Laptop", key: SoftKey | None = None) -> Authenticator:
    """A passkey of a user, as if `key` had made it."""
    key = key or SoftKey()
    key.user_handle = user_pk_to_url_str(user).encode()
    data = {"name": name, "credential": key.create(websafe_encode(b"challenge"))}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
