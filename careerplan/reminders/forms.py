"""Forms of the reminder settings and of the reminders of one goal."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careerplan.core.forms import BaseForm
from careerplan.reminders.kinds import LEAD_CHOICES, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import Preferences

# DESIGN.md's goal page; others only where somebody has them in the settings.
LEADS_OF_A_GOAL = (30, 14, 7, 1, 0)


def hour_choices() -> list[tuple[int, str]]:
    """The 24 hours of a day, as they are said."""
    return [(hour, time_format(time(hour))) for hour in range(24)]


def weekly_choices() -> list[tuple[int, str]]:
    """How many e-mails a week at most."""
    fewer = [(n, str(n)) for n in range(1, WEEK_DAYS)]
    return [*fewer, (WEEK_DAYS, str(_("One a day")))]


def lead_words(days: int) -> str:
    """A lead time in words."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else str(_("On the day"))


def lead_choices(leads: Iterable[int] = LEAD_CHOICES) -> list[tuple[int, str]]:
    """Lead times to choose from."""
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
    """When, how early and about what: one form, so that each of its buttons keeps all that was changed."""

    hour = forms.TypedChoiceField(label=_("Hour of the e-mail"), coerce=int, choices=hour_choices)
    weekly_maximum = forms.TypedChoiceField(
        label=_("E-mails in seven days, at most"),
        coerce=int,
        choices=weekly_choices,
        help_text=_(
            "What is over it waits and is in the next one, most urgent first. "
            "With few, a date may pass before you are told."
        ),
    )
    goal_leads = LeadsField(label=_("A goal is due"))
    step_leads = LeadsField(label=_("A step is due"))
    opportunity_leads = LeadsField(label=_("An opportunity closes"))
    kinds = forms.MultipleChoiceField(
        label=_("ActionTarget what"),
        choices=ReminderKind,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )

    @classmethod
    def for_preferences(cls, preferences: Preferences) -> "ReminderSettingsForm":
        """The form showing what somebody wished so far."""
        names = cls.base_fields.keys() - {"kinds"}
        kinds = [kind for kind in ReminderKind.values if kind not in preferences.muted_kinds]
        return cls(initial={name: getattr(preferences, name) for name in names} | {"kinds": kinds})

    @property
    def lead_rows(self) -> list[forms.BoundField]:
        """The fields of how early, each a row of the table."""
        return [self[name] for name in ("goal_leads", "step_leads", "opportunity_leads")]

    def wishes(self) -> dict[str, Any]:
        """What is wished, as services.save_preferences takes it; kinds that were not ticked are muted."""
        wishes = {**self.cleaned_data}
        kinds = wishes.pop("kinds")
        return wishes | {"muted_kinds": [kind for kind in ReminderKind.values if kind not in kinds]}


class GoalRemindersForm(BaseForm):
    """How early for one goal, or not at all."""

    leads = LeadsField(label=_("E-mail me before the due date"))
    is_muted = forms.BooleanField(
        label=_("Mute this goal and its steps"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        required=False,
    )

    @classmethod
    def of_goal(cls, leads: list[int], *, is_muted: bool) -> "GoalRemindersForm":
        """The form showing what holds for a goal."""
        form = cls(initial={"leads": leads, "is_muted": is_muted})
        form.fields["leads"].choices = lead_choices({*LEADS_OF_A_GOAL, *leads})  # type: ignore[attr-defined]
        return form
