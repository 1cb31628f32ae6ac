"""Forms of the reminder settings and of the reminders of one goal."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careerplan.core.forms import BaseForm
from careerplan.reminders.kinds import LEAD_CHOICES, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import Preferences

# Five fit in a row on a phone; others only where the preferences have them.
LEADS_OF_A_GOAL = (30, 14, 7, 1, 0)


def hour_choices() -> list[tuple[int, str]]:
    """Return the 24 hours of a day with their labels."""
    return [(hour, time_format(time(hour))) for hour in range(24)]


def weekly_choices() -> list[tuple[int, str]]:
    """Return the choices for the most emails a week."""
    fewer = [(n, str(n)) for n in range(1, WEEK_DAYS)]
    return [*fewer, (WEEK_DAYS, str(_("One a day")))]


def lead_words(days: int) -> str:
    """Return the label of a lead time in days."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else str(_("On the day"))


def lead_choices(leads: Iterable[int] = LEAD_CHOICES) -> list[tuple[int, str]]:
    """Return the choices for lead times."""
    return [(days, lead_words(days)) for days in sorted(leads, reverse=True)]


class LeadsField(forms.TypedMultipleChoiceField):
    """Lead times in days, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            coerce=int,
            choices=lead_choices,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            required=False,
            **kwargs,
        )


class ReminderSettingsForm(BaseForm):
    """When, how often and about what: one form with one button."""

    hour = forms.TypedChoiceField(label=_("Time of day"), coerce=int, choices=hour_choices)
    weekly_maximum = forms.TypedChoiceField(
        label=_("Maximum emails in 7 days"),
        coerce=int,
        choices=weekly_choices,
        help_text=_("The next email includes the rest, most urgent first."),
    )
    goal_leads = LeadsField(label=_("Before a goal is due"))
    step_leads = LeadsField(label=_("Before a step is due"))
    opportunity_leads = LeadsField(label=_("Before a closing date"))
    kinds = forms.MultipleChoiceField(
        label=_("What to remind you about"),
        choices=ReminderKind,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )

    @classmethod
    def for_preferences(cls, preferences: Preferences, data: QueryDict | None = None) -> "ReminderSettingsForm":
        """Return the form with the current preferences, or with what was typed."""
        names = cls.base_fields.keys() - {"kinds"}
        kinds = [kind for kind in ReminderKind.values if kind not in preferences.muted_kinds]
        return cls(data, initial={name: getattr(preferences, name) for name in names} | {"kinds": kinds})

    @property
    def lead_rows(self) -> list[forms.BoundField]:
        """The lead time fields, each a row of the table."""
        return [self[name] for name in ("goal_leads", "step_leads", "opportunity_leads")]

    def preferences(self) -> dict[str, Any]:
        """Return the fields of the preferences; kinds that were not ticked are muted."""
        changes = {**self.cleaned_data}
        kinds = changes.pop("kinds")
        return changes | {"muted_kinds": [kind for kind in ReminderKind.values if kind not in kinds]}


class GoalRemindersForm(BaseForm):
    """When to remind about one goal, or not at all."""

    leads = LeadsField(label=_("Email me before the due date"))
    is_muted = forms.BooleanField(
        label=_("Mute this goal and its steps"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        required=False,
    )

    @classmethod
    def of_goal(cls, leads: list[int], *, is_muted: bool) -> "GoalRemindersForm":
        """Return the form with the current settings of a goal."""
        form = cls(initial={"leads": leads, "is_muted": is_muted})
        form.fields["leads"].choices = lead_choices({*LEADS_OF_A_GOAL, *leads})  # type: ignore[attr-defined]
        return form
