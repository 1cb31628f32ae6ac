"""Forms of signing up and connecting with an OpenID account."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.socialaccount import forms as allauth
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import consent
from accounts.fields import NameField, TimeZoneField
from accounts.forms import AccountFormMixin, LoginForm, SignupResult
from accounts.models import User
from accounts.openid.joining import confirmed_address, has_account
from accounts.services import discard_unconfirmed


class OpenIDSignupForm(AccountFormMixin, allauth.SignupForm):
    """Name and time zone; the address is the one that the provider has confirmed."""

    name = NameField(help_text=gettext_lazy("Shown on your plan."))
    time_zone = TimeZoneField(help_text=gettext_lazy("We use this to time your reminders."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]
        self.email = confirmed_address(self.sociallogin)
        self.fields["time_zone"].widget.attrs["data-time-zone"] = _(
            "Set from your browser. We use this to time your reminders."
        )
        self.order_fields(("name", "time_zone"))
        consent.add_field(self)

    def clean(self) -> dict[str, Any]:
        """Refuse an address that has got an account since."""
        data: dict[str, Any] = super().clean()
        if not self.email or has_account(self.email):
            raise ValidationError(_("This address has an account now. Sign in with its password."), code="email_taken")
        data["email"] = self.email
        return data

    def try_save(self, request: HttpRequest) -> SignupResult:
        """Return the new user, or None and the way to sign-in if the address got an account at this moment."""
        try:
            with transaction.atomic():
                return cast("SignupResult", super().try_save(request))
        except IntegrityError:
            messages.info(request, _("This address has an account now. Sign in."))
            return None, redirect("account_login")

    def save(self, request: HttpRequest) -> User:
        """Create the user, replacing an unconfirmed sign-up."""
        discard_unconfirmed(email=self.email)
        user: User = super().save(request)
        consent.record_consent(user=user, versions=self.cleaned_data.get(consent.FIELD, ""), now=timezone.now())
        return user


class JoinForm(LoginForm):
    """The password of the account that has the address of the OpenID account."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["login"]
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Check the password. There is no address to be wrong here."""
        self.cleaned_data["login"] = self.email
        try:
            data: dict[str, Any] = super().clean()
        except ValidationError as error:
            if error.code == "email_password_mismatch":
                raise get_adapter().validation_error("incorrect_password") from error
            raise
        return data
