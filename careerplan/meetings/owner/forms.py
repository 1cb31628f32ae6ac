"""Forms of a meeting: its date, and the notes of what was agreed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField
from careerplan.goals.models import Goal
from careerplan.meetings.models import NOTE_LENGTH, MeetingNote
from careerplan.meetings.services.notes import NoteInput

ROWS = 5
WRONG_TIME = gettext_lazy("Enter a date and a time, such as 12 Mar 2027, 17:30.")
Kind = MeetingNote.Kind


class MomentField(forms.DateTimeField):
    """A date with a time, in the time zone of the person. It must be in the future."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": WRONG_TIME, "required": WRONG_TIME}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime | None:
        """Refuse what is past."""
        try:
            moment: datetime | None = super().clean(value)
        except forms.ValidationError as error:
            if error.code == "ambiguous_timezone":  # and for a time that does not exist
                raise forms.ValidationError(_("The clocks change at that time. Choose another time.")) from error
            raise
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return moment


class MeetingDateForm(BaseForm):
    """When both meet."""

    starts_at = MomentField(label=gettext_lazy("When do you meet?"))


class NotesForm(BaseForm):
    """Up to ROWS notes, and when both meet next. A note needs what it becomes needs."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    next_at = MomentField(label=gettext_lazy("When do you meet next?"), required=False)

    def __init__(self, data: QueryDict | None = None, *, goals: Sequence[Goal], form_key: UUID) -> None:
        self.goals = {goal.pk: goal for goal in goals}
        self.steps = {step.pk: step for goal in goals for step in goal.steps.all() if step.is_open}
        super().__init__(data, initial={"form_key": form_key})
        about = [("", _("Choose a goal or step"))]
        for goal in goals:
            about.append((f"goal-{goal.pk}", goal.title))
            steps = [step for step in goal.steps.all() if step.is_open]
            about += [(f"step-{step.pk}", _("Step: %(title)s") % {"title": step.title}) for step in steps]
        for n in range(1, ROWS + 1):
            numbered = {"n": n}
            self.fields[f"text-{n}"] = LineField(
                label=_("Note %(n)s") % numbered,
                max_length=NOTE_LENGTH,
                required=False,
                widget=forms.TextInput(attrs={"class": "cp-own-input"}),
            )
            self.fields[f"kind-{n}"] = forms.ChoiceField(
                label=_("Note %(n)s becomes") % numbered,
                choices=Kind.choices,
                initial=Kind.NOTE,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"about-{n}"] = forms.ChoiceField(
                label=_("Note %(n)s is about") % numbered, choices=about, required=False
            )
            self.fields[f"day-{n}"] = forms.DateField(
                label=_("Date of note %(n)s") % numbered, required=False, widget=DateInput()
            )
        self.unmark_optional(*(name for name in self.fields if name != "next_at"))

    def rows(self) -> list[dict[str, forms.BoundField]]:
        """Return the fields of each note."""
        return [{name: self[f"{name}-{n}"] for name in ("text", "kind", "about", "day")} for n in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Ask for the goal, step or date that a note needs."""
        cleaned = super().clean() or {}
        self.notes: list[NoteInput] = []
        for n in range(1, ROWS + 1):
            if cleaned.get(f"text-{n}"):
                self._clean_note(n, cleaned)
        if not self.notes and not self.errors:
            self.add_error("text-1", _("Write at least 1 note."))
        return cleaned

    def _clean_note(self, n: int, cleaned: dict[str, Any]) -> None:
        kind, about, day = cleaned.get(f"kind-{n}") or Kind.NOTE, cleaned.get(f"about-{n}", ""), cleaned.get(f"day-{n}")
        name, _dash, number = about.partition("-")
        step = self.steps.get(int(number)) if name == "step" else None
        goal = self.goals.get(step.goal_id if step else int(number)) if number else None
        if kind in (Kind.STEP, Kind.COMMENT) and goal is None:
            self.add_error(f"about-{n}", _("Choose the goal."))
        elif kind == Kind.DATE and step is None:
            self.add_error(f"about-{n}", _("Choose the step whose date changes."))
        elif kind == Kind.DATE and day is None:
            self.add_error(f"day-{n}", _("Enter the new date."))
        elif goal is not None and day is not None and kind in (Kind.STEP, Kind.DATE) and day > goal.due_on:
            self.add_error(f"day-{n}", _("Choose a date before the goal is due."))
        else:
            text = cleaned[f"text-{n}"]
            self.notes.append(NoteInput(text=text, kind=kind, goal=goal, step=step, day=day))
