"""Forms of acts on an account, and of inviting somebody."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import EmailField
from accounts.models import User
from careerplan.core.forms import BaseForm, LineField
from careerplan.operators.models import WHY_LENGTH


class WhyForm(BaseForm):
    """The reason for an act, for the audit log."""

    why = LineField(
        label=gettext_lazy("Why"),
        max_length=WHY_LENGTH,
        help_text=gettext_lazy("For the audit log. Write no email address and nothing about a plan."),
        error_messages={"required": gettext_lazy("Enter why.")},
    )

    def __init__(self, *args: Any, person: User, why_required: bool = True, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        self.fields["why"].required = why_required
        if not why_required:
            self.marked_optional.add("why")


class NewAddressForm(WhyForm):
    """The address that the person wants to have, and why."""

    email = EmailField(
        label=gettext_lazy("New email address"),
        help_text=gettext_lazy("We send a link to this address. It changes when the link is opened and confirmed."),
    )
    field_order = ("email", "why")

    def clean_email(self) -> str:
        """Refuse the present address, and one of another account."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.person.email:
            raise ValidationError(_("This is already the address."), code="same")
        taken = User.objects.filter(email=email).exclude(pk__in=User.objects.unconfirmed(email).values("pk"))
        if taken.exists():
            raise ValidationError(_("Another account has this address."), code="taken")
        return email


class DeleteForm(WhyForm):
    """Why, and the address typed once more, so that nobody deletes the wrong account."""

    address = forms.CharField(
        label=gettext_lazy("Email address of the account"),
        max_length=254,
        help_text=gettext_lazy("Type it to make sure that it is the right account."),
        error_messages={"required": gettext_lazy("Enter the address of the account.")},
    )
    at_once = forms.BooleanField(label=gettext_lazy("Delete it now, without waiting 7 days"), required=False)
    field_order = ("address", "why", "at_once")

    def clean_address(self) -> str:
        typed = str(self.cleaned_data["address"]).strip().lower()
        if typed != self.person.email:
            raise ValidationError(_("This is not the address of this account."), code="other")
        return typed


class InviteForm(BaseForm):
    """Whom to invite."""

    email = EmailField(label=gettext_lazy("Email address"))

    def clean_email(self) -> str:
        """Refuse an address that has a confirmed account."""
        email = str(self.cleaned_data["email"]).lower()
        known = User.objects.filter(email=email).exclude(pk__in=User.objects.unconfirmed(email).values("pk"))
        if known.exists():
            raise ValidationError(_("This address has an account already."), code="taken")
        return email
