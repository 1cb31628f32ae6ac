"""Forms that change a goal: edit it, move its date or its stop rule."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LongTextField
from careerplan.goals.forms.base import ActiveGoalForm, ConfirmPastDates
from careerplan.goals.forms.goals import GoalForm, Groups
from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.steps import Move, moves_along
from careerplan.goals.services.goals import ChangeReason, requires_reason

# A pause moves dates automatically and gives its own reason.
REASONS = [(value, label) for value, label in Change.Reason.choices if value != Change.Reason.PAUSE]


class ReasonFields(BaseForm):
    """Reason for a change: one of a few choices, and a note."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why are you changing this?"),
        choices=REASONS,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
    )
    change_note = LongTextField(label=gettext_lazy("In your own words"), max_length=1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("reason")

    def clean_with_reason(self, cleaned: dict[str, Any]) -> None:
        """Require a reason."""
        if not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose the closest reason. We save it in the goal's history."))


class ReasonRequiredMixin(ActiveGoalForm, ConflictForm, ReasonFields, ConfirmPastDates):
    """Form of a goal that asks for a reason before the due date moves, and which open steps also move."""

    move_steps = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which open steps move too?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # The due date for which the page showed the steps and ticked those that would be due after it.
    shown_due = forms.CharField(widget=forms.HiddenInput, required=False)
    REASONED: tuple[str, ...] = ("due_on",)
    QUESTIONS = frozenset({"reason", "move_steps", "confirm_past"})

    def __init__(self, *args: Any, goal: Goal, open_steps: Sequence[ActionStep] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.open_steps = goal, open_steps
        self.fields["move_steps"].choices = [(step.pk, step.title) for step in open_steps]  # type: ignore[attr-defined]
        self.asks_for_reason = False

    @property
    def moves(self) -> list[Move]:
        """Return the open steps that have a due date, each with the date it gets if it is ticked."""
        due_on = self._due_on or self.goal.due_on
        return moves_along(self.open_steps, old=self.goal.due_on, new=due_on, today=self.today)

    @property
    def move_rows(self) -> list[tuple[Move, bool]]:
        """Return the steps that could move, and whether each is ticked."""
        ticked = {str(pk) for pk in self["move_steps"].value() or ()}
        return [(move, str(move.step.pk) in ticked) for move in self.moves]

    @property
    def moved(self) -> list[Move]:
        """Return the steps that are ticked to move."""
        return [move for move, is_ticked in self.move_rows if is_ticked and move.moves]

    @property
    def _due_on(self) -> date | None:
        """Return the new due date; None if none was entered, or not one that is possible."""
        due_on: date | None = getattr(self, "cleaned_data", {}).get("due_on")
        return due_on

    @property
    def days(self) -> int:
        """Return by how many days the due date moves; positive means later."""
        return (self._due_on - self.goal.due_on).days if self._due_on else 0

    @property
    def days_either_way(self) -> int:
        """Return the number of days without its direction."""
        return abs(self.days)

    @property
    def shows_steps(self) -> bool:
        """Return whether the page asks which open steps move too."""
        return bool(self.days and self.moves)

    def clean(self) -> dict[str, Any]:
        """Check what a change needs, and refuse a due date before a step that does not move."""
        cleaned = super().clean()
        changed = [name for name in self.REASONED if requires_reason(getattr(self.goal, name), cleaned.get(name))]
        self.asks_for_reason = bool(changed)
        if changed:
            self.clean_with_reason(cleaned)
        if "due_on" in changed and not self._ticks_late_steps(cleaned["due_on"], cleaned.get("move_steps") or []):
            self._clean_steps_that_stay(cleaned)
        return cleaned

    def _ticks_late_steps(self, due_on: date, moved: Sequence[int]) -> bool:
        """Tick the steps that would be due after their goal, once for a due date, and ask about them."""
        late = [step.pk for step in self.open_steps if step.due_on and step.due_on > due_on and step.pk not in moved]
        was_shown = self.data.get("shown_due") == due_on.isoformat()
        data = self.data.copy()
        data["shown_due"] = due_on.isoformat()
        if late and not was_shown:
            data.setlist("move_steps", [str(pk) for pk in (*moved, *late)])
            self.add_error("move_steps", _("We ticked the steps that would be due after the goal. Check, then save."))
        self.data = data
        return bool(late) and not was_shown

    def _clean_steps_that_stay(self, cleaned: dict[str, Any]) -> None:
        moved = cleaned.get("move_steps") or []
        staying = (step.due_on for step in self.open_steps if step.pk not in moved)
        last = max((due_on for due_on in staying if due_on), default=None)
        if last and cleaned["due_on"] < last and "due_on" not in self.errors:
            message = _("An open step is due on %(step)s. Move that step too, or choose that date or a later one.")
            self.add_error("due_on", message % {"step": date_format(last, "j M Y")})

    def change_reason(self) -> ChangeReason | None:
        """Return the reason for the service; None if nothing changes that needs one."""
        data = self.cleaned_data
        if not self.asks_for_reason:
            return None
        return ChangeReason(reason=data["reason"], note=data["change_note"], moved_steps=frozenset(data["move_steps"]))


class EditGoalForm(ReasonRequiredMixin, GoalForm):
    """Form for an existing goal: title, measure and dates."""

    REASONED = ("due_on", "target_value", "stop_on")
    MISSING = GoalForm.MISSING | {"start_value": gettext_lazy("Enter the number you started from. It can be 0.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_value"].label = _("At the start")  # "Today" is true only on the day it is made
        self.fields["due_on"].help_text = ""

    @classmethod
    def of_goal(
        cls, goal: Goal, data: Any, *, skills: list[int], skill_groups: Groups, title: str = "", **kwargs: Any
    ) -> "EditGoalForm":
        """Return the form for a goal; with `title`, for a suggested one."""
        initial = cls.field_values(goal)
        for name in ("start_value", "target_value"):
            if initial[name] is not None:
                initial[name] = f"{initial[name].normalize():f}"
        initial |= {"title": title or goal.title, "skills": skills, "skills_shown": " ".join(map(str, skills))}
        form = cls(data, goal=goal, initial=initial, skill_groups=skill_groups, **kwargs)
        form.check_conflicts(cls.field_values(goal))
        return form

    @classmethod
    def field_values(cls, goal: Goal) -> dict[str, Any]:
        """Return values of a goal by field name."""
        return {name: getattr(goal, name) for name in (*cls.ANSWERS, "measure_kind", *cls.MEASURE_PARTS)}


class MoveGoalForm(ReasonRequiredMixin):
    """Form for a new due date, with its reason."""

    due_on = forms.DateField(
        label=gettext_lazy("New due date"),
        widget=DateInput(),
        error_messages={"required": gettext_lazy("Choose the new date.")},
    )
    days_that_may_be_past: tuple[str, ...] = ("due_on",)

    @property
    def shows_steps(self) -> bool:
        """Return whether there is a step to choose; the page asks at once, so that it is saved in one go."""
        return bool(self.moves)

    @classmethod
    def of_goal(cls, goal: Goal, data: Any, *, suggested: date | None = None, **kwargs: Any) -> "MoveGoalForm":
        """Return the form for a goal; with `suggested`, filled in with that day."""
        form = cls(data, goal=goal, initial={"due_on": suggested or goal.due_on}, **kwargs)
        form.check_conflicts(cls.field_values(goal))
        return form

    @staticmethod
    def field_values(goal: Goal) -> dict[str, Any]:
        """Return values of a goal by field name."""
        return {"due_on": goal.due_on}

    def clean_due_on(self) -> date:
        """Refuse a date before the goal starts or before its stop rule is due."""
        due_on: date = self.cleaned_data["due_on"]
        starts, stop = self.goal.starts_on, self.goal.stop_on
        if stop and stop >= starts and due_on < stop:
            message = _("The stop rule of this goal is due on %(day)s. Choose that date or a later one.")
            raise forms.ValidationError(message % {"day": date_format(stop, "j M Y")})
        if due_on < starts:
            message = _("The goal starts on %(day)s. Choose that date or a later one.")
            raise forms.ValidationError(message % {"day": date_format(starts, "j M Y")})
        return due_on


class StopRuleForm(ActiveGoalForm, ConflictForm, ReasonFields, ConfirmPastDates):
    """Form for a new date of a goal's stop rule, with the reason."""

    stop_on = forms.DateField(
        label=gettext_lazy("New date of the stop rule"),
        widget=DateInput(),
        error_messages={"required": gettext_lazy("Choose the date when you want to decide again.")},
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        self.check_conflicts(self.field_values(goal))

    @staticmethod
    def field_values(goal: Goal) -> dict[str, Any]:
        """Return values of a goal by field name."""
        return {"stop_on": goal.stop_on}

    def clean(self) -> dict[str, Any]:
        """Refuse a date that is not in the future or is after the due date, and a removed rule."""
        cleaned = super().clean()
        if self.goal.stop_on is None:
            self.add_error(None, _("The stop rule was removed in another tab. Edit the goal to add it again."))
        stop = cleaned.get("stop_on")
        days = {"stop": date_format(stop, "j M Y") if stop else "", "due": date_format(self.goal.due_on, "j M Y")}
        if stop and stop <= self.today:
            self.add_error("stop_on", _("Choose a date in the future."))
        elif stop and stop > self.goal.due_on:
            message = _(
                "%(stop)s is after the goal's due date, %(due)s. Choose an earlier day or move the goal's date."
            )
            self.add_error("stop_on", message % days)
        self.clean_with_reason(cleaned)
        return cleaned

    def change_reason(self) -> ChangeReason:
        return ChangeReason(reason=self.cleaned_data["reason"], note=self.cleaned_data["change_note"])
