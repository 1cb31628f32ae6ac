"""Model of the dates that a pause moved."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models.goal import Goal
from careerplan.goals.models.step import ActionStep
from careerplan.plans.models import Pause


class PauseMoveQuerySet(OwnedQuerySet["PauseMove"]):
    owner_path = "pause__plan__user"


class PauseMove(models.Model):
    """A date that a pause moved: by how many days, and to which date.

    If the row has a different date now, someone changed it since. Exactly one of goal and step is set; a goal's date is
    its due date or, with `is_stop_rule`, the date of its stop rule. With a repeating step moved the day until which it
    repeats, to `until_stands_on`.
    """

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="moves")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    is_stop_rule = models.BooleanField(_("day of the stop rule"), default=False)
    days = models.PositiveSmallIntegerField(_("days by which it was moved"))
    stands_on = models.DateField(_("new date"))
    until_stands_on = models.DateField(_("new last day of a repeating step"), null=True, blank=True)

    objects = PauseMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("date moved by a pause")
        verbose_name_plural = _("dates moved by pauses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pause", "goal", "is_stop_rule"], name="planning_pausemove_goal_once"),
            models.UniqueConstraint(fields=["pause", "step"], name="planning_pausemove_step_once"),
            models.CheckConstraint(
                condition=Q(goal__isnull=False, step__isnull=True)
                | Q(goal__isnull=True, step__isnull=False, is_stop_rule=False),
                name="planning_pausemove_of_one",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="planning_pausemove_days_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.days}: {self.stands_on}"

    @property
    def key(self) -> tuple[int | None, int | None, bool]:
        """Identify the date: ids of its goal and step, and whether it belongs to the stop rule."""
        return (self.goal_id, self.step_id, self.is_stop_rule)
