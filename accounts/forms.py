"""Account forms: allauth's with our fields and messages, and the settings forms."""

from typing import Any, cast
from uuid import uuid4

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import consent
from accounts.confirmation import Confirmation, can_send
from accounts.fields import PASSWORD_HELP, EmailField, NameField, NewPasswordField, PasswordField, TimeZoneField
from accounts.models import User
from accounts.services import begin_with_invitation, discard_unconfirmed
from accounts.sign_up_rules import check_domain, opened_invitation
from careerplan.core.forms import BaseForm

CODE_LENGTH = 32  # six digits, with room for pasted spaces and dashes
SENT_TOO_RECENTLY = gettext_lazy(
    "We sent a code to this address less than a minute ago. Wait a minute, then try again."
)
SignupResult = tuple[User | None, HttpResponse | None]
SIGN_UP_DRAFT = "typed_at_sign_up"  # session key: for a form that starts again with another address
NEXT_LENGTH = 2000  # characters of an address


def next_url(request: HttpRequest) -> str | None:
    """Return where sign-up or sign-in leads: as the request says, or else as the sign-up of this session said."""
    url: str | None = get_next_redirect_url(request) or request.session.get(SIGN_UP_DRAFT, {}).get("next")
    return url if url and len(url) <= NEXT_LENGTH else None


def can_send_code(email: str) -> bool:
    """Return whether a code can be sent now; the same for known and unknown addresses."""
    return can_send(allauth_context.request, email, dry_run=True)


class AccountFormMixin:
    """Mixin for allauth's forms: no browser validation, no placeholders, labels above fields."""

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignupForm(AccountFormMixin, allauth.SignupForm):
    """Sign-up form. It responds the same way to known and unknown addresses."""

    name = NameField(help_text=gettext_lazy("Shown on your plan."))
    time_zone = TimeZoneField(help_text=gettext_lazy("We use this to time your reminders."))
    account_already_exists: bool  # set by allauth
    field_order = ("name", "email", "password1", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(help_text=_("We will send you a 6-digit code."))
        self.fields["password1"] = PasswordField(autocomplete="new-password", help_text=PASSWORD_HELP)
        # allauth hides its honeypot with a style attribute, which our CSP blocks.
        self.fields["website"].label = _("Leave this field empty")
        self.fields["website"].widget = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
        self.fields["time_zone"].widget.attrs["data-time-zone"] = _(
            "Set from your browser. We use this to time your reminders."
        )
        self.order_fields(self.field_order)
        self.invitation = opened_invitation(allauth_context.request)
        if self.invitation is not None:
            self.fields["email"].disabled = True
            self.initial["email"] = self.invitation.email
        consent.add_field(self)

    def clean_email(self) -> str:
        """Refuse an address at a domain that may not sign up, unless it was invited."""
        email = str(super().clean_email())
        if self.invitation is None:
            check_domain(email)
        return email

    def validate_unique_email(self, value: str) -> str:
        """Check whether the address has an account; unconfirmed sign-ups do not count."""
        if User.objects.unconfirmed(value).exists():
            return value
        return str(super().validate_unique_email(value))

    def clean(self) -> dict[str, Any]:
        """Validate the password against the name and the address."""
        # Not allauth's own step, which knows only the address, not the name.
        data: dict[str, Any] = super(allauth.SignupForm, self).clean()
        person = User(name=data.get("name", ""), email=data.get("email", ""))
        if data.get("password1"):
            try:
                get_adapter().clean_password(data["password1"], user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        if not self.errors and not can_send_code(data["email"]):
            self.add_error("email", SENT_TOO_RECENTLY)
        return data

    def try_save(self, request: HttpRequest) -> SignupResult:
        """Return the new user, or None and an identical response if the address is taken."""
        typed = ("name", "email", "time_zone")
        answers = {name: self.cleaned_data[name] for name in typed}
        request.session[SIGN_UP_DRAFT] = {**answers, "next": next_url(request)}
        if not self.account_already_exists:
            try:
                with transaction.atomic(), transaction.atomic():  # twice: `_save_and_undo` sends as many statements
                    return cast("SignupResult", super().try_save(request))
            except IntegrityError:  # another request signed up with this address at the same moment
                self.account_already_exists = True
        self._save_and_undo(request)
        return cast("SignupResult", super().try_save(request))

    def _save_and_undo(self, request: HttpRequest) -> None:
        """Do the work of creating an account, and leave none: else the time would say that the address has one.

        The transaction is committed, because that takes time too.
        """
        email = self.cleaned_data["email"]
        self.cleaned_data["email"], self.account_already_exists = f"{uuid4().hex}@nobody.invalid", False
        with transaction.atomic():
            savepoint = transaction.savepoint()
            self._read_back(self.save(request))
            transaction.savepoint_rollback(savepoint)
        self.cleaned_data["email"], self.account_already_exists = email, True

    @staticmethod
    def _read_back(user: User) -> None:
        """Read what allauth reads of a new account before it sends the code."""
        addresses = EmailAddress.objects.filter(user=user)
        addresses.filter(verified=True).exists()
        addresses.filter(email=user.email).first()
        User.objects.filter(pk=user.pk).first()
        addresses.filter(email=user.email).first()

    def save(self, request: HttpRequest) -> User:
        """Create the user, replacing an unconfirmed one."""
        discard_unconfirmed(email=self.cleaned_data["email"])
        user = cast("User", super().save(request))
        if self.invitation is not None:
            begin_with_invitation(invitation=self.invitation, user=user)
        consent.record_consent(user=user, versions=self.cleaned_data.get(consent.FIELD, ""), now=timezone.now())
        return user


class LoginForm(AccountFormMixin, allauth.LoginForm):
    """Sign-in with email address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.fields["password"] = PasswordField()
        self.order_fields(("login", "password"))


class ReauthenticateForm(AccountFormMixin, allauth.ReauthenticateForm):
    """Password confirmation before a sensitive change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = PasswordField()


class ChangePasswordForm(AccountFormMixin, allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = PasswordField(label=_("Current password"))
        self.fields["password1"] = new = NewPasswordField()
        new.user = self.user


class ResetPasswordForm(AccountFormMixin, allauth.ResetPasswordForm):
    """Request for a password reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()


class ResetPasswordKeyForm(AccountFormMixin, allauth.ResetPasswordKeyForm):
    """New password after a reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = new = NewPasswordField()
        new.user = self.user


class ChangeEmailForm(AccountFormMixin, allauth.AddEmailForm):
    """Change of email address, confirmed by a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(
            label=_("New email address"), help_text=_("We will send a 6-digit code to this address.")
        )

    def clean_email(self) -> str:
        """Refuse the current address, and a second code within seconds."""
        email = str(super().clean_email())
        if not can_send_code(email):
            raise ValidationError(SENT_TOO_RECENTLY, code="rate_limited")
        return email


class ConfirmEmailForm(AccountFormMixin, allauth.ConfirmEmailVerificationCodeForm):
    """Confirmation code of 6 digits, checked against `confirmation`."""

    def __init__(self, *args: Any, confirmation: Confirmation, **kwargs: Any) -> None:
        self.confirmation = confirmation
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            max_length=CODE_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "cp-num"}),
            error_messages={
                "required": _("Enter the 6-digit code from the email."),
                "max_length": _("The code has 6 digits. Check the email."),
                "null_characters_not_allowed": _("The code has 6 digits. Check the email."),
            },
        )

    def clean_code(self) -> str:
        """Validate the code and use one attempt."""
        if self.confirmation.problem:
            raise ValidationError(self.confirmation.problem, code="dead_code")
        if not self.confirmation.use_attempt():
            raise ValidationError(_("Too many attempts. Ask for a new code."), code="dead_code")
        if self.user is None:  # the address has an account: no code was sent, so none is valid
            raise self.wrong_code()
        if not compare_user_code(actual=self.cleaned_data["code"], expected=self.expected_code):
            raise self.wrong_code()
        discard_unconfirmed(email=self.email, keep=self.user)
        return str(super().clean_code())

    def wrong_code(self) -> ValidationError:
        left = self.confirmation.attempts_left - 1
        if left:
            words = ngettext(
                "Wrong code. You have %(left)s more attempt.",
                "Wrong code. You have %(left)s more attempts.",
                left,
            ) % {"left": left}
        else:
            words = _("Too many wrong codes. Ask for a new code.")
        return ValidationError(words, code="incorrect_code")


class AccountSettingsForm(BaseForm):
    """Name, time zone and colour theme of the user."""

    name = NameField(help_text=gettext_lazy("Shown on your plan."))
    time_zone = TimeZoneField(help_text=gettext_lazy("We use this to time your reminders."))
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=User.Theme.choices,
        widget=forms.RadioSelect,
        required=False,  # "" is a choice: same as the device
        error_messages={"invalid_choice": gettext_lazy("Choose an appearance.")},
    )
