"""Forms of mentors without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.core.forms import BaseForm


class MentorCodeForm(BaseForm):
    """The code from the email, and whether this device stays signed in."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "cp-code"}),
        error_messages={"required": _("Enter the 6 digits from the email.")},
    )
    stays = forms.BooleanField(
        label=_("Stay signed in on this device for 12 hours"),
        help_text=_("Clear this on a shared computer."),
        required=False,
        initial=True,
    )


class DeclineForm(BaseForm):
    """Whether all invitations stop."""

    stops_all = forms.BooleanField(label=_("Stop all invitations to this address, from anyone"), required=False)
