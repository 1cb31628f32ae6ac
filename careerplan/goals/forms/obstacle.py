"""Forms of the conversation about an if-then plan: one question a page, both optional."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import LongTextField
from careerplan.goals.forms.base import ActiveGoalForm
from careerplan.goals.if_then_advice import has_act, has_cue
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.models.goal import OBSTACLE_LENGTH

ADVISED = "advised"  # the answer that the hint was given for
CLOSE = "close"  # the button that saves and leads back
ANSWER = {"rows": 3, "class": "form-control cp-own-input", "autofocus": True}


class IfThenForm(ActiveGoalForm, ConflictForm):
    """One answer about a goal or a step. `advice` is a hint that is given once and never blocks."""

    NAME: ClassVar[str]
    is_good: Callable[[str], bool]
    hint: Promise

    def __init__(self, data: Any, *, target: Goal | ActionStep) -> None:
        self.target = target
        self.goal = target if isinstance(target, Goal) else target.goal
        stored = {self.NAME: getattr(target, self.NAME)}
        super().__init__(data, initial=stored)
        self.unmark_optional(self.NAME)  # the link to skip it says so
        self.check_conflicts(stored)

    def changes(self) -> dict[str, str]:
        """Return the fields to save."""
        return {self.NAME: self.answer}

    @property
    def field(self) -> forms.BoundField:
        """Return the question."""
        return self[self.NAME]

    @property
    def answer(self) -> str:
        """Return the answer that was typed."""
        return str(getattr(self, "cleaned_data", {}).get(self.NAME, ""))

    @property
    def asks_for_more(self) -> bool:
        """Return whether the hint is due: something is missing, and the person has not seen that and goes on."""
        is_new = self.data.get(ADVISED) != self.answer and self.data.get("go") != CLOSE
        return bool(self.answer) and is_new and not self.is_good(self.answer)

    def is_valid(self) -> bool:
        """Return whether it can be saved: there is no error, and no hint to give first."""
        return super().is_valid() and not self.asks_for_more


class ObstacleForm(IfThenForm):
    """What is most likely to get in the way."""

    NAME = "obstacle"
    is_good = staticmethod(has_cue)
    obstacle = LongTextField(
        label=gettext_lazy("What is most likely to get in the way?"),
        max_length=OBSTACLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs=ANSWER),
    )

    def changes(self) -> dict[str, str]:
        """Return the fields to save: without an obstacle there is no plan for it."""
        return {"obstacle": self.answer} if self.answer else {"obstacle": "", "obstacle_plan": ""}

    hint = gettext_lazy("When will you notice it? Name the moment, such as “I come home tired after a late shift”.")


class ObstaclePlanForm(IfThenForm):
    """What the person will do then."""

    NAME = "obstacle_plan"
    is_good = staticmethod(has_act)
    obstacle_plan = LongTextField(
        label=gettext_lazy("What will you do then?"),
        max_length=OBSTACLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs=ANSWER),
    )

    hint = gettext_lazy(
        "What would someone see you do? Name one action, such as “I will ask Maria to cover the last hour”."
    )
