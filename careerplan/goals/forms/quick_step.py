"""Form of a step that was typed in one line: what was understood, to be changed, and the goal it belongs to."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careerplan.core.http import parse_id
from careerplan.goals.forms.steps import RepeatFields, repeat_answers
from careerplan.goals.models import Goal
from careerplan.goals.quick_step import QuickStep, parse_step

LONGEST_LINE = 300
LINE = "line"  # in the address and in posts: what was typed


class QuickStepForm(RepeatFields):
    """A step and its goal. A post with the line alone is read as the page shows it."""

    goal = forms.TypedChoiceField(
        label=_("For which goal?"),
        coerce=int,
        error_messages={
            "required": _("Choose a goal."),
            "invalid_choice": _("This goal is closed or was deleted. Choose another one."),
        },
    )

    def __init__(self, data: QueryDict | None, *, line: str, goals: list[Goal], first: str, today: date) -> None:
        self.goals = {goal.pk: goal for goal in goals}
        self.understood = parse_step(line[:LONGEST_LINE], today)
        answers = self._answers(self.understood)
        chosen = parse_id(first) or 0
        newest = max(goals, key=lambda goal: goal.newest_step, default=None)  # type: ignore[attr-defined]
        initial = {**answers, "goal": chosen if chosen in self.goals else newest.pk if newest else None}
        if data is not None and LINE in data and "step_title" not in data:
            data = data.copy()
            for name, text in answers.items():
                data[name] = text
            data.setdefault("form_key", str(uuid4()))
        picked = self.goals.get(parse_id(data.get("goal", "")) or 0) if data is not None else None
        super().__init__(data, initial=initial, today=today, goal_due_on=picked.due_on if picked else None)
        self.fields["goal"].choices = [(goal.pk, goal.title) for goal in goals]  # type: ignore[attr-defined]
        self.fields["goal"].widget.attrs["class"] = "form-select"

    @staticmethod
    def _answers(step: QuickStep) -> dict[str, Any]:
        return {
            "step_title": step.title,
            "step_due_on": step.due_on.isoformat() if step.due_on else "",
            "effort_hours": "" if step.hours is None else f"{step.hours.normalize():f}",
            **{name: "" if value is None else str(value) for name, value in repeat_answers(step.repeats).items()},
        }

    def _rule(self, cleaned: dict[str, Any]) -> str:
        """Return the rule that was understood while its day and choice stay: "on the 30th" may begin on 28 February."""
        step = self.understood
        before = {"step_due_on": step.due_on, **repeat_answers(step.repeats)}
        names = ("step_due_on", "repeats", "repeats_days")
        if step.repeats and all(cleaned.get(name) == before[name] for name in names):
            return str(step.repeats)
        return super()._rule(cleaned)

    def chosen_goal(self) -> Goal:
        """Return the goal of a valid form."""
        return self.goals[self.cleaned_data["goal"]]
