"""What goes into the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.calendar_feed.models import Alarm, CalendarFeed, Part
from careerplan.calendar_feed.services import Choice
from careerplan.core.forms import BaseForm


class ChoiceForm(BaseForm):
    """Which days, how steps appear, and whether anything rings."""

    EVENTS, TODOS = "events", "todos"
    parts = forms.MultipleChoiceField(
        label=_("Which days"),
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _("Tick at least one kind of day. To have no calendar, stop the address instead."),
            "invalid_choice": _("One of the kinds is not known. Tick them anew."),
        },
    )
    steps_as = forms.ChoiceField(
        label=_("Action steps appear as"),
        choices=[
            (EVENTS, _("All-day events: every calendar shows them")),
            (TODOS, _("To-dos: Thunderbird and others show them; Google, Apple and Outlook leave them out of a feed")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    alarm = forms.TypedChoiceField(
        label=_("Alarm"),
        choices=[("", _("None")), *Alarm.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("At the hour of your reminders, never during a pause. Some calendars ignore alarms of a feed."),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    with_done = forms.BooleanField(
        label=_("Also what is done: finished steps and reached goals"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, feed: CalendarFeed, **kwargs: Any) -> None:
        initial = {
            "parts": feed.parts,
            "steps_as": self.TODOS if feed.steps_as_todos else self.EVENTS,
            "alarm": "" if feed.alarm_days is None else feed.alarm_days,
            "with_done": feed.with_done,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["alarm"].label = self.base_fields["alarm"].label  # one of them is chosen already

    @property
    def choice(self) -> Choice:
        """What was chosen, of a valid form."""
        data = self.cleaned_data
        return Choice(
            parts=tuple(Part(part) for part in data["parts"]),
            steps_as_todos=data["steps_as"] == self.TODOS,
            alarm_days=data["alarm"],
            with_done=data["with_done"],
        )
