"""The goal: a measurable outcome with a date."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Skill
from careerplan.core.addresses import page_url
from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.goals.pace import MeasureRange, share_of_time_gone
from careerplan.goals.triggers import (
    has_a_step,
    keep_entries_measurable,
)
from careerplan.plans.models import Plan

TITLE_LENGTH = 200
OBSTACLE_LENGTH = 300
NOT_BLANK = r"\S"


class GoalQuerySet(OwnedQuerySet["Goal"]):
    owner_path = "plan__user"

    def active(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.ACTIVE)


@track_history()
class Goal(models.Model):
    """A goal of a plan.

    Its measure is part of it: a number with unit, start and target (rising or falling), or a yes/no outcome with what
    counts as done. A check constraint keeps the two kinds apart.
    """

    class Area(models.TextChoices):
        """Professional or personal."""

        PROFESSIONAL = "professional", _("Professional")
        PERSONAL = "personal", _("Personal")

    class MeasureKind(models.TextChoices):
        """How the goal is measured."""

        NUMBER = "number", _("A number")
        YES_NO = "yes_no", _("Yes or no")

    class State(models.TextChoices):
        """A goal is reached, partly reached or let go; never failed."""

        ACTIVE = "active", _("Active")
        REACHED = "reached", _("Reached")
        PARTLY = "partly", _("Partly reached")
        LET_GO = "let_go", _("Let go")

    LOOKED_BACK_ON: ClassVar = frozenset({State.REACHED, State.PARTLY})  # states with a page on how it went

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    area = models.CharField(_("area"), max_length=12, choices=Area)
    title = models.CharField(_("what do you want to reach?"), max_length=TITLE_LENGTH)
    why = models.TextField(_("why does it matter to you?"), blank=True)
    measure_kind = models.CharField(_("measure"), max_length=6, choices=MeasureKind)
    unit = models.CharField(_("what you count"), max_length=60, blank=True)
    start_value = models.DecimalField(_("today"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_value = models.DecimalField(_("target"), max_digits=14, decimal_places=2, null=True, blank=True)
    done_when = models.CharField(_("what counts as done"), max_length=300, blank=True)
    starts_on = models.DateField(_("start"))
    due_on = models.DateField(_("due date"))
    due_set_at = models.DateTimeField(_("due date set at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # Asked when it is closed; kept when it is reopened, and shown at the next closing.
    closing_note = models.TextField(_("how did it go?"), max_length=4000, blank=True)
    learned = models.TextField(_("what did you learn?"), max_length=4000, blank=True)
    worth = models.PositiveSmallIntegerField(_("was it worth it?"), null=True, blank=True)
    # The stop rule: "I will stop on stop_on unless stop_condition", asked on that day.
    stop_on = models.DateField(_("I will stop on"), null=True, blank=True)
    stop_condition = models.CharField(_("not"), max_length=300, blank=True)
    stop_answered_at = models.DateTimeField(_("stop rule answered at"), null=True, blank=True)
    # The if-then plan: what may get in the way, and what the person will do when it does.
    obstacle = models.CharField(_("what is most likely to get in the way?"), max_length=OBSTACLE_LENGTH, blank=True)
    obstacle_plan = models.CharField(_("if that happens, I will"), max_length=OBSTACLE_LENGTH, blank=True)
    skills = models.ManyToManyField(Skill, related_name="+", blank=True, verbose_name=_("skills it builds"))
    # The skill whose gap the goal was added to close; first also one of `skills`.
    origin_skill = models.ForeignKey(
        Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("skill it grew from")
    )
    # The task that the goal was added to learn, as it was asked in an assessment (skills.TaskAnswer).
    origin_task = models.CharField(_("task it grew from"), max_length=300, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("carried over from")
    )
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    # A key from the form: a double click or a reload adds one goal, not two.
    form_key = models.UUIDField()

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], condition=Q(state="active"), name="goals_goal_due"),
            # The scheduler reads these from the index alone, without the wide rows.
            models.Index(fields=["plan", "id", "created_at"], condition=Q(state="active"), name="goals_goal_active"),
            models.Index(
                fields=["stop_on", "id"],
                condition=Q(state="active", stop_on__isnull=False, stop_answered_at__isnull=True),
                name="goals_goal_stop_rules",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "form_key"], name="goals_goal_form_key_once"),
            models.CheckConstraint(condition=Q(title__regex=NOT_BLANK), name="goals_goal_title_given"),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="goals_goal_due_after_start"),
            models.CheckConstraint(
                condition=Q(
                    ~Q(start_value=F("target_value")),
                    measure_kind="number",
                    unit__regex=NOT_BLANK,
                    start_value__isnull=False,
                    target_value__isnull=False,
                    done_when="",
                )
                | Q(
                    measure_kind="yes_no",
                    unit="",
                    start_value__isnull=True,
                    target_value__isnull=True,
                    done_when__regex=NOT_BLANK,
                ),
                name="goals_goal_measure_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="active", closed_at__isnull=True) | (~Q(state="active") & Q(closed_at__isnull=False)),
                name="goals_goal_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=1, worth__lte=5), name="goals_goal_worth_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(stop_on__isnull=True, stop_condition="", stop_answered_at__isnull=True)
                | Q(stop_on__isnull=False, stop_condition__regex=NOT_BLANK),
                name="goals_goal_stop_rule_complete",
            ),
            models.CheckConstraint(
                condition=Q(obstacle_plan="") | Q(obstacle__regex=NOT_BLANK), name="goals_goal_plan_for_an_obstacle"
            ),
        ]
        triggers: ClassVar = [
            has_a_step(),
            keep_entries_measurable(),
            immutable_fk("goals", "plan_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_url("goals:detail", self.pk)

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_closed(self) -> bool:
        """Return whether it is read-only until it is reopened (readonly_rules.py)."""
        return not self.is_active

    @property
    def closed_on(self) -> date | None:
        """Return the day it was closed, in the user's time zone."""
        return timezone.localdate(self.closed_at) if self.closed_at else None

    @property
    def measure_range(self) -> MeasureRange | None:
        """Return the range from start to target of a goal with a number."""
        if self.start_value is None or self.target_value is None:
            return None
        return MeasureRange(self.starts_on, self.due_on, self.start_value, self.target_value)

    def share_of_time_gone(self, today: date) -> int:
        """Return how much of the time from start to due date has passed, in per cent, 0 to 100."""
        return share_of_time_gone(self.starts_on, self.due_on, today)


class GoalSkill(Goal.skills.through):  # type: ignore[name-defined]  # made by the field
    """A skill that a goal builds: the through table of the field, with a trigger."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            immutable_fk("goals", "goal_id"),
        ]
