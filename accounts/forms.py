"""Forms of accounts: allauth's, in our words and with our fields, and those for one's own settings."""

from typing import Any, cast

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.confirmation import Confirmation, may_send
from accounts.fields import PASSWORD_HELP, EmailField, NameField, NewPasswordField, PasswordField, TimeZoneField
from accounts.models import User
from accounts.queries import unconfirmed_users
from accounts.services import discard_unconfirmed
from careerplan.core.forms import BaseForm

CODE_LENGTH = 32  # six digits, and whatever spaces or dashes come along when they are pasted
TOO_SOON = gettext_lazy("We sent a code to this address only just now. Wait a little, then try again.")
SignupResult = tuple[User | None, HttpResponse | None]
TYPED_AT_SIGN_UP = "typed_at_sign_up"  # session key: for a form that starts again with another address


def may_send_code(email: str) -> bool:
    """Whether a code may go to this address now; the same for known and unknown ones."""
    return may_send(allauth_context.request, email, dry_run=True)


class OurForm:
    """Mixed into allauth's forms: we answer at the field ourselves, and labels stand above fields."""

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignupForm(OurForm, allauth.SignupForm):
    """Name, e-mail address, one password, time zone. Answers the same whether the address is known or not."""

    name = NameField(help_text=gettext_lazy("It stands on your plan."))
    time_zone = TimeZoneField(help_text=gettext_lazy("Reminders come at your hour there."))
    account_already_exists: bool  # said by allauth
    field_order = ("name", "email", "password1", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(help_text=_("We send a six-digit code to confirm it."))
        self.fields["password1"] = PasswordField(autocomplete="new-password", help_text=PASSWORD_HELP)
        # allauth hides its trap for robots with a style attribute, which our policy blocks.
        self.fields["website"].label = _("Leave this field empty")
        self.fields["website"].widget = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
        self.fields["time_zone"].widget.attrs["data-time-zone"] = _(
            "Taken from your browser, so that reminders come at your hour."
        )
        self.order_fields(self.field_order)

    def validate_unique_email(self, value: str) -> str:
        """Notes whether somebody has this address; a sign-up that was never confirmed does not count."""
        if unconfirmed_users(value).exists():
            return value
        return str(super().validate_unique_email(value))

    def clean(self) -> dict[str, Any]:
        """Checks the password against the common ones and against the person's own words."""
        # Not allauth's own step, which knows the address only, not the name.
        data: dict[str, Any] = super(allauth.SignupForm, self).clean()
        person = User(name=data.get("name", ""), email=data.get("email", ""))
        if data.get("password1"):
            try:
                get_adapter().clean_password(data["password1"], user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        if not self.errors and not may_send_code(data["email"]):
            self.add_error("email", TOO_SOON)
        return data

    def try_save(self, request: HttpRequest) -> SignupResult:
        """The new user; or None and the answer that looks the same, where the address is taken."""
        typed = ("name", "email", "time_zone")
        request.session[TYPED_AT_SIGN_UP] = {name: self.cleaned_data[name] for name in typed}
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return cast("SignupResult", super().try_save(request))
            except IntegrityError:  # the same address, signed up in this very moment by another request
                self.account_already_exists = True
        make_password(self.cleaned_data["password1"])  # as long as a real account takes
        return cast("SignupResult", super().try_save(request))

    def save(self, request: HttpRequest) -> User:
        """The new user, in place of one that was never confirmed."""
        discard_unconfirmed(email=self.cleaned_data["email"])
        return cast("User", super().save(request))


class LoginForm(OurForm, allauth.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.fields["password"] = PasswordField()
        self.order_fields(("login", "password"))


class ReauthenticateForm(OurForm, allauth.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = PasswordField()


class ChangePasswordForm(OurForm, allauth.ChangePasswordForm):
    """The password now, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = PasswordField(label=_("Current password"))
        self.fields["password1"] = new = NewPasswordField()
        new.user = self.user


class ResetPasswordForm(OurForm, allauth.ResetPasswordForm):
    """The address to send the link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()


class ResetPasswordKeyForm(OurForm, allauth.ResetPasswordKeyForm):
    """A new password, behind a link that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = new = NewPasswordField()
        new.user = self.user


class ChangeEmailForm(OurForm, allauth.AddEmailForm):
    """The new address. It counts once its code was entered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(label=_("New e-mail address"), help_text=_("We send a six-digit code to it."))

    def clean_email(self) -> str:
        """The new address; the one now is refused, and a second code within seconds."""
        email = str(super().clean_email())
        if not may_send_code(email):
            raise ValidationError(TOO_SOON, code="rate_limited")
        return email


class ConfirmEmailForm(OurForm, allauth.ConfirmEmailVerificationCodeForm):
    """The six digits. Takes `confirmation`, which knows whether a code is alive and how many tries are left."""

    def __init__(self, *args: Any, confirmation: Confirmation, **kwargs: Any) -> None:
        self.confirmation = confirmation
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            max_length=CODE_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "cp-num"}),
            error_messages={
                "required": _("Enter the six digits from the e-mail."),
                "max_length": _("The code has six digits. Look for them in the e-mail."),
                "null_characters_not_allowed": _("The code has six digits. Look for them in the e-mail."),
            },
        )

    def clean_code(self) -> str:
        """The code; raises ValidationError that says why it does not count, and what to do."""
        if self.confirmation.problem:
            raise ValidationError(self.confirmation.problem, code="dead_code")
        if not self.confirmation.take_try():
            raise ValidationError(_("That were too many tries at once. Send a new code."), code="dead_code")
        if self.user is None:  # the address has an account already; no code was sent, so none is right
            raise self.wrong_code()
        if not compare_user_code(actual=self.cleaned_data["code"], expected=self.expected_code):
            raise self.wrong_code()
        discard_unconfirmed(email=self.email, keep=self.user)
        return str(super().clean_code())

    def wrong_code(self) -> ValidationError:
        """What to say to a wrong code."""
        left = self.confirmation.tries_left - 1
        if left:
            words = ngettext(
                "That is not the code we sent. You have %(left)s more try.",
                "That is not the code we sent. You have %(left)s more tries.",
                left,
            ) % {"left": left}
        else:
            words = _("That is not the code we sent, and it no longer works now. Send a new code.")
        return ValidationError(words, code="incorrect_code")


class ProfileForm(BaseForm):
    """Name and time zone."""

    name = NameField(help_text=gettext_lazy("It stands on your plan."))
    time_zone = TimeZoneField(help_text=gettext_lazy("Reminders come at your hour there."))


class ThemeForm(BaseForm):
    """How pages look."""

    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=User.Theme.choices,
        required=False,  # "" is a choice: as the device is set
        error_messages={"invalid_choice": gettext_lazy("Choose one of the three.")},
    )
