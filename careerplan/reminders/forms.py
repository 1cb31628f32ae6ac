"""Forms of the reminder settings."""

from datetime import time
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from careerplan.core.forms import BaseForm
from careerplan.reminders.models import Preferences, ReminderKind


def hour_choices() -> list[tuple[int, str]]:
    """The 24 hours of a day, as they are said."""
    return [(hour, time_format(time(hour))) for hour in range(24)]


class PreferencesForm(BaseForm):
    """At which hour, and about what."""

    hour = forms.TypedChoiceField(label=_("Hour of the e-mail"), coerce=int, choices=hour_choices)
    kinds = forms.MultipleChoiceField(
        label=_("About what"),
        choices=ReminderKind,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )

    @classmethod
    def for_preferences(cls, preferences: Preferences, data: Any = None) -> "PreferencesForm":
        """The form showing what somebody wished so far."""
        wanted = [kind for kind in ReminderKind.values if kind not in preferences.muted_kinds]
        return cls(data, initial={"hour": preferences.hour, "kinds": wanted})

    def muted_kinds(self) -> list[str]:
        """The kinds that were not ticked."""
        return [kind for kind in ReminderKind.values if kind not in self.cleaned_data["kinds"]]
