"""Forms with the codes of an authenticator app and recovery codes."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.factors import codes, encryption, limits
from accounts.factors.log import report_failure
from accounts.models import User
from careerplan.core.forms import BaseForm

SET_UP_SECONDS = 3600
"""How long the page with the QR code can be sent."""


class CodeField(forms.CharField):
    """A code of digits. Takes pastes with spaces and dashes, and digits of any script."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Code"))
        required = kwargs.pop("required_message", gettext_lazy("Enter the 6-digit code from your app."))
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "cp-code", "spellcheck": "false"}
        super().__init__(max_length=codes.CODE_LENGTH, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.widget.attrs.pop("maxlength", None)  # a browser would silently cut a paste
        wrong = get_adapter().error_messages["incorrect_code"]
        self.error_messages |= {"required": required, "max_length": wrong, "null_characters_not_allowed": wrong}

    def to_python(self, value: Any) -> str:
        return codes.normalise(super().to_python(value) or "")


class AppCodeForm(BaseForm):
    """A code that proves who someone is. The app's own here, recovery codes in a subclass."""

    code = CodeField()
    reauthenticated = False
    authenticator: Authenticator
    wrong_code = gettext_lazy("This code is wrong or too old. Enter the code that your app shows now.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Check the code, and count the attempt unless it is right."""
        request, code = allauth_context.request, self.cleaned_data["code"]
        if not limits.use_attempt(request, self.user):
            raise get_account_adapter(request).too_many_attempts(limits.free_at(request, self.user))
        found = self.find(code)
        if found is None:
            report_failure(self.user, reauthentication=self.reauthenticated)
            raise ValidationError(self.wrong_code, code="incorrect_code")
        limits.forget_attempts(request, self.user)
        found.user = self.user
        self.authenticator = found
        return str(code)

    def find(self, code: str) -> Authenticator | None:
        """Return the authenticator that the code is of, and use the code."""
        return codes.use_app_code(self.user, code)

    def save(self) -> None:
        """Record that the authenticator was used."""
        post_authentication(allauth_context.request, self.authenticator, reauthenticated=self.reauthenticated)


class RecoveryCodeForm(AppCodeForm):
    """One of the recovery codes."""

    code = CodeField(
        label=gettext_lazy("Recovery code"),
        help_text=gettext_lazy("8 digits, such as 1234-5678"),
        required_message=gettext_lazy("Enter one of your recovery codes."),
    )
    wrong_code = gettext_lazy("This code is wrong, or you have used it before. Enter a different one.")

    def find(self, code: str) -> Authenticator | None:
        return codes.use_recovery_code(self.user, code)


class ReauthenticateCodeForm(AppCodeForm):
    """A code of either kind before a sensitive change."""

    code = CodeField(
        help_text=gettext_lazy("From your authenticator app, or one of your recovery codes"),
        required_message=gettext_lazy("Enter a code from your app, or a recovery code."),
    )
    reauthenticated = True
    wrong_code = gettext_lazy("This code is wrong, too old or used before. Enter a different one.")

    def find(self, code: str) -> Authenticator | None:
        return codes.use_app_code(self.user, code) or codes.use_recovery_code(self.user, code)


class AddAppForm(BaseForm):
    """The first code of an authenticator app. Its secret is on the page, encrypted, until a code shows it has arrived.

    allauth leaves the secret in the session instead, where it would be readable in the database.
    """

    code = CodeField()
    set_up = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.secret = self._read_secret() if self.is_bound else ""
        self.has_expired = self.is_bound and not self.secret
        self.secret = self.secret or generate_totp_secret()
        self.sealed = encryption.encrypt(f"{user.pk} {self.secret}")

    def _read_secret(self) -> str:
        """Return the secret of the page that was sent; "" if it is too old or not ours."""
        try:
            text = encryption.decrypt(self.data.get("set_up", ""), max_age=SET_UP_SECONDS)
        except encryption.InvalidToken:
            return ""
        owner, _space, secret = text.partition(" ")
        return secret if owner == str(self.user.pk) else ""

    def clean_code(self) -> str:
        """Check that the app and we count alike, and use the code: it signs nobody in."""
        code = str(self.cleaned_data["code"])
        if self.has_expired:
            message = _("This page has expired. Scan the new QR code and enter the code that your app shows.")
            raise ValidationError(message, code="expired")
        if not codes.use_code_of_secret(self.user, self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SavedCodesForm(BaseForm):
    """The tick that recovery codes are saved."""

    saved = forms.BooleanField(
        label=gettext_lazy("I have saved my recovery codes"),
        error_messages={"required": gettext_lazy("Save your codes, then tick the box. We do not show them again.")},
    )
