"""Forms of the calendar page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.calendar_feed.models import CalendarAlert, CalendarFeed, CalendarPart
from careerplan.core.edit_conflicts import ConflictForm


class CalendarSettingsForm(ConflictForm):
    """Which dates the calendar shows, how steps appear, and when it alerts."""

    EVENTS, TODOS = "events", "todos"
    parts = forms.MultipleChoiceField(
        label=_("Dates to show"),
        choices=CalendarPart.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _("Tick at least one kind of date. To share no dates, stop the address."),
            "invalid_choice": _("One of these choices is no longer available. Tick the dates again."),
        },
    )
    steps_as = forms.ChoiceField(
        label=_("Show steps as"),
        choices=[
            (EVENTS, _("All-day events, which every calendar shows")),
            (TODOS, _("To-dos, which Google, Apple and Outlook calendars do not show")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose events or to-dos."), "invalid_choice": _("Choose events or to-dos.")},
    )
    alarm = forms.TypedChoiceField(
        label=_("Alert"),
        choices=[("", _("None")), *CalendarAlert.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("At the time you get reminders, and never during a pause."),
        error_messages={"invalid_choice": _("Choose an alert from the list.")},
    )
    with_done = forms.BooleanField(
        label=_("Also show finished steps and reached goals"),
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
        self.unmark_optional("alarm")  # one is chosen already
        self.check_conflicts(initial)

    def changes(self) -> dict[str, Any]:
        """Return the fields of the calendar."""
        data = self.cleaned_data
        return {
            "parts": data["parts"],
            "steps_as_todos": data["steps_as"] == self.TODOS,
            "alarm_days": data["alarm"],
            "with_done": data["with_done"],
        }


class AddressForm(ConflictForm):
    """The button that makes an address. It carries when the present one was made."""

    made_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, feed: CalendarFeed, **kwargs: Any) -> None:
        initial = {"made_at": feed.made_at.isoformat() if feed.made_at else ""}
        super().__init__(*args, initial=initial, auto_id=False, **kwargs)
        self.check_conflicts(initial)

    def is_valid(self) -> bool:
        """Whether the address is still the one that the page showed."""
        return super().is_valid() and not self.auto_merged
