"""Forms of passkeys: allauth's with our fields and messages, and nothing but cleaned data for fido2."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.factors.log import report_failure
from accounts.factors.queries import signs_in_alone
from accounts.forms import AccountFormMixin
from accounts.models import User
from careerplan.core.forms import LineField

NAME_LENGTH = 60
MOST_PASSKEYS = 20
CREDENTIAL_LENGTH = 50_000
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
BASE64URL = re.compile("[A-Za-z0-9_-]+={0,2}")
REFUSED = gettext_lazy("We could not use this passkey. Try again, or use a different way.")
# What fido2 raises for bytes that no authenticator sends.
MALFORMED = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
    *(struct.error, UnsupportedAlgorithm),
)


@contextmanager
def refuse_malformed() -> Iterator[None]:
    """Turn what fido2 raises while it reads a credential into an error of the form."""
    try:
        yield
    except MALFORMED:
        raise ValidationError(REFUSED, code="malformed") from None


class CredentialField(forms.JSONField):
    """What a browser says about a passkey: the parts that we know, and nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Passkey"))
        super().__init__(widget=forms.HiddenInput, **kwargs)
        self.error_messages |= dict.fromkeys(("required", "invalid"), REFUSED)

    def to_python(self, value: Any) -> dict[str, Any] | None:  # type: ignore[override]  # of CharField, in the stubs
        """Return the credential. Raises ValidationError for what is not one."""
        if isinstance(value, str) and len(value) > CREDENTIAL_LENGTH:
            raise ValidationError(REFUSED, code="invalid")
        with refuse_malformed():
            sent = super().to_python(value)
            return self._known_parts(sent) if sent else None

    def _known_parts(self, sent: dict[str, Any]) -> dict[str, Any]:
        number, response = sent["rawId"], sent["response"]
        parts = {name: response[name] for name in PARTS if response.get(name)}
        if not all(BASE64URL.fullmatch(part) for part in (number, *parts.values())):
            raise ValidationError(REFUSED, code="invalid")
        is_listed = sent.get("clientExtensionResults", {}).get("credProps", {}).get("rk")
        extensions = {"credProps": {"rk": is_listed}} if isinstance(is_listed, bool) else {}
        return {
            "id": number,
            "rawId": number,
            "type": "public-key",
            "response": parts,
            "clientExtensionResults": extensions,
        }


class PasskeyNameField(LineField):
    """What its owner calls a passkey."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Name of the passkey"))
        kwargs.setdefault("help_text", gettext_lazy("Where you use it, such as “Work laptop”."))
        super().__init__(max_length=NAME_LENGTH, **kwargs)
        self.widget.attrs.pop("maxlength", None)
        self.error_messages |= {
            "required": gettext_lazy("Enter a name."),
            "max_length": gettext_lazy("Use %(limit_value)s characters or fewer. You used %(show_value)s."),
        }


class AddPasskeyForm(AccountFormMixin, allauth.AddWebAuthnForm):
    """A new passkey. What it can be used for follows from what the authenticator did (queries.signs_in_alone)."""

    passwordless = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = PasskeyNameField(required=False)
        self.fields["credential"] = CredentialField()

    def clean(self) -> dict[str, Any]:
        count = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).count()
        if count >= MOST_PASSKEYS:
            raise ValidationError(_("You have 20 passkeys. Remove one that you no longer use first."), code="too_many")
        with refuse_malformed():
            return dict(super().clean())


class RenamePasskeyForm(AccountFormMixin, allauth.EditWebAuthnForm):
    """A new name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = PasskeyNameField()


class _PasskeyFormMixin(AccountFormMixin):
    """Mixin for allauth's forms that check a passkey.

    It does not count attempts, as allauth does by account: nobody can guess a passkey, but they could lock out its
    owner.
    """

    user: User | None
    cleaned_data: dict[str, Any]
    reauthenticated: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self) -> Authenticator:
        """Return the passkey that answered."""
        credential = self.cleaned_data["credential"]
        try:
            with refuse_malformed():
                user = self.user or auth.extract_user_from_response(credential)
                return auth.complete_authentication(user, credential)
        except ValidationError:
            report_failure(self.user, reauthentication=self.reauthenticated)
            raise ValidationError(REFUSED, code="refused") from None


class SecondStepPasskeyForm(_PasskeyFormMixin, allauth.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ReauthenticatePasskeyForm(_PasskeyFormMixin, allauth.ReauthenticateWebAuthnForm):
    """A passkey before a sensitive change."""


class SignInPasskeyForm(_PasskeyFormMixin, allauth.LoginWebAuthnForm):
    """A passkey instead of the password."""

    def clean_credential(self) -> Authenticator:
        """Refuse a passkey that is only a second step, and one that did not check who uses it.

        The latter is also asked of the answer itself: a challenge made for the second step would let it pass.
        """
        sent = self.cleaned_data["credential"]
        passkey = super().clean_credential()
        with refuse_malformed():
            is_verified = auth.parse_authentication_response(sent).response.authenticator_data.is_user_verified()
        if not (is_verified and signs_in_alone(passkey)):
            report_failure(passkey.user)
            message = _("This passkey only works together with your password. Sign in with your password first.")
            raise ValidationError(message, code="second_step_only")
        return passkey
