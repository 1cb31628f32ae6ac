"""Models of a step, what it needs, and its rating."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careerplan.core.dates import later
from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.goals.models.goal import NOT_BLANK, OBSTACLE_LENGTH, TITLE_LENGTH, Goal
from careerplan.goals.repeats import RULE, RepeatRule
from careerplan.goals.triggers import only_of_done_steps


class ActionStepQuerySet(OwnedQuerySet["ActionStep"]):
    owner_path = "goal__plan__user"

    def open(self) -> "ActionStepQuerySet":
        """Return steps that are still to do."""
        return self.filter(state__in=ActionStep.OPEN_STATES)

    def undated(self) -> "ActionStepQuerySet":
        """Return steps without a due date."""
        return self.filter(due_on__isnull=True)


@track_history()
class ActionStep(models.Model):
    """A step of a goal: title, due date, hours. `position` is its place among the goal's steps.

    A step without a due date has no day yet: it is never late and gets no reminder (docs/adr/0040). A step that
    `repeats` by a rule (repeats.py) has the day on which it is due next (docs/adr/0041).
    """

    class Kind(models.TextChoices):
        """Kind of step, to compare which kinds are worth it."""

        STUDY = "study", _("Read, watch or study")
        COURSE = "course", _("Take a course")
        PRACTISE = "practise", _("Practise")
        PEOPLE = "people", _("Talk to someone")
        APPLY = "apply", _("Apply or ask for something")
        MAKE = "make", _("Write or make something")
        ORGANISE = "organise", _("Prepare or organise")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        TO_DO = "to_do", _("To do")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    OPEN_STATES: ClassVar = (State.TO_DO, State.IN_PROGRESS)

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(_("what will you do?"), max_length=TITLE_LENGTH)
    details = models.TextField(_("details"), max_length=4000, blank=True)
    kind = models.CharField(_("kind of step"), max_length=8, choices=Kind, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_set_at = models.DateTimeField(_("due date set at"))  # or removed at
    repeats = models.CharField(_("repeats"), max_length=20, blank=True)
    repeats_from = models.DateField(_("repeats from"), null=True, blank=True)  # the rule counts from its week or month
    repeats_until = models.DateField(_("repeats until"), null=True, blank=True)
    # A course or an interview: its hours are spent on its day, not in the weeks before.
    is_on_day = models.BooleanField(_("happens on its day"), default=False, db_default=False)
    effort_hours = models.DecimalField(_("effort in hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    # The if-then plan, as of a goal.
    obstacle = models.CharField(_("what is most likely to get in the way?"), max_length=OBSTACLE_LENGTH, blank=True)
    obstacle_plan = models.CharField(_("if that happens, I will"), max_length=OBSTACLE_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.TO_DO)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    # As for a goal: a double click or a reload adds one step, not two.
    form_key = models.UUIDField(default=uuid4)

    objects = ActionStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=["to_do", "in_progress"]), name="goals_actionstep_due"
            ),
            models.Index(
                fields=["goal", "due_on"],
                condition=Q(state__in=["to_do", "in_progress"]) & ~Q(repeats=""),
                name="goals_actionstep_repeats",
            ),
            # The scheduler reads these from the index alone.
            models.Index(fields=["goal", "id", "done_at"], condition=Q(state="done"), name="goals_actionstep_done"),
            models.Index(
                fields=["goal", "due_on", "due_set_at"],
                condition=Q(state__in=["to_do", "in_progress"]),
                name="goals_actionstep_open",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "form_key"], name="goals_actionstep_form_key_once"),
            models.UniqueConstraint(
                fields=["goal", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="goals_actionstep_position_once",
            ),
            models.CheckConstraint(condition=Q(title__regex=NOT_BLANK), name="goals_actionstep_title_given"),
            models.CheckConstraint(
                condition=Q(effort_hours__isnull=True) | Q(effort_hours__gt=0), name="goals_actionstep_effort_positive"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="goals_actionstep_done_at",
            ),
            models.CheckConstraint(
                condition=Q(repeats="", repeats_from__isnull=True, repeats_until__isnull=True)
                | Q(repeats__regex=f"^{RULE}$", repeats_from__isnull=False, due_on__isnull=False),
                name="goals_actionstep_repeats_by_rule",
            ),
            models.CheckConstraint(
                condition=Q(obstacle_plan="") | Q(obstacle__regex=NOT_BLANK), name="goals_actionstep_plan_for_obstacle"
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "goal_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Return whether it is still to do."""
        return self.state in self.OPEN_STATES

    @property
    def done_on(self) -> date | None:
        """Return the day it was done, in the user's time zone."""
        return timezone.localdate(self.done_at) if self.done_at else None

    def last_day(self, goal_due_on: date | None = None) -> date:
        """Return the last day on which it can be due: that of its goal, or until which it repeats.

        `goal_due_on`: the date to which its goal moves.
        """
        due_on = goal_due_on or self.goal.due_on
        return min(due_on, self.repeats_until or due_on)

    def shift_until(self, days: int) -> None:
        """Move the day until which it repeats by some days with its due date, never before that."""
        if self.repeats_until and self.due_on:
            self.repeats_until = max(self.due_on, later(self.repeats_until, days))

    @property
    def repeat_rule(self) -> RepeatRule | None:
        """Return the rule by which it repeats."""
        return RepeatRule.parse(self.repeats)


class ResourceQuerySet(OwnedQuerySet["Resource"]):
    owner_path = "step__goal__plan__user"

    def missing(self) -> "ResourceQuerySet":
        """Return what is not arranged yet."""
        return self.exclude(state=Resource.State.ARRANGED)


@track_history()
class Resource(models.Model):
    """Something a step needs. The cost is in the plan's currency."""

    class Kind(models.TextChoices):
        TIME_OFF = "time_off", _("Time off")
        MONEY = "money", _("Money")
        COURSE = "course", _("Course")
        PERSON = "person", _("Person")
        EQUIPMENT = "equipment", _("Equipment")
        INFORMATION = "information", _("Information")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        """Whether it is arranged."""

        NEEDED = "needed", _("Needed")
        ASKED_FOR = "asked_for", _("Asked for")
        ARRANGED = "arranged", _("Arranged")

    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    description = models.CharField(_("what it takes"), max_length=200)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEEDED)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(description__regex=NOT_BLANK), name="goals_resource_description_given"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=Decimal(0)), name="goals_resource_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["time_off", "money", "course", "person", "equipment", "information", "other"]),
                name="goals_resource_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["needed", "asked_for", "arranged"]), name="goals_resource_state_known"
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "step_id"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def next_state(self) -> "Resource.State":
        """Return the state after a click: needed, asked for, arranged, and needed again."""
        states = list(Resource.State)
        return states[(states.index(Resource.State(self.state)) + 1) % len(states)]


class EvaluationQuerySet(OwnedQuerySet["Evaluation"]):
    owner_path = "step__goal__plan__user"


@track_history()
class Evaluation(models.Model):
    """The owner's rating of a finished step. Kept if the step is reopened; counts only while it is done."""

    class Worth(models.IntegerChoices):
        """Whether it was worth the time and effort."""

        NOT_AT_ALL = 1, _("Not at all")
        HARDLY = 2, _("A little")
        PARTLY = 3, _("Partly")
        MOSTLY = 4, _("Mostly")
        FULLY = 5, _("Fully")

    class WouldRepeat(models.TextChoices):
        """Whether the owner would do it again."""

        YES = "yes", _("Yes")
        DIFFERENTLY = "differently", _("Yes, but differently")
        NO = "no", _("No")

    step = models.OneToOneField(ActionStep, on_delete=models.CASCADE, related_name="evaluation")
    worth = models.PositiveSmallIntegerField(_("was it worth your time and effort?"), choices=Worth)
    hours_spent = models.DecimalField(_("hours spent"), max_digits=6, decimal_places=2, null=True, blank=True)
    learned = models.TextField(_("what did you learn?"), max_length=4000, blank=True)
    would_repeat = models.CharField(_("would you do it again?"), max_length=11, choices=WouldRepeat, blank=True)
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(worth__gte=1, worth__lte=5), name="goals_evaluation_worth_1_to_5"),
            models.CheckConstraint(
                condition=Q(hours_spent__isnull=True) | Q(hours_spent__gte=Decimal(0)),
                name="goals_evaluation_hours_not_negative",
            ),
        ]
        triggers: ClassVar = [
            only_of_done_steps(),
            immutable_fk("goals", "step_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return f"{self.worth}"


class EvaluationDraftQuerySet(OwnedQuerySet["EvaluationDraft"]):
    owner_path = "step__goal__plan__user"


class EvaluationDraft(models.Model):
    """Answers typed before the owner chose to rate later; deleted with the rating."""

    step = models.OneToOneField(ActionStep, on_delete=models.CASCADE, related_name="evaluation_draft")
    worth = models.PositiveSmallIntegerField(
        _("was it worth your time and effort?"), choices=Evaluation.Worth, null=True, blank=True
    )
    hours_spent = models.DecimalField(_("hours spent"), max_digits=6, decimal_places=2, null=True, blank=True)
    learned = models.TextField(_("what did you learn?"), blank=True)
    would_repeat = models.CharField(
        _("would you do it again?"), max_length=11, choices=Evaluation.WouldRepeat, blank=True
    )
    saved_at = models.DateTimeField(_("saved at"))

    objects = EvaluationDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished evaluation")
        verbose_name_plural = _("unfinished evaluations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=1, worth__lte=5), name="goals_evaluationdraft_worth"
            ),
            models.CheckConstraint(
                condition=Q(hours_spent__isnull=True) | Q(hours_spent__gte=Decimal(0)),
                name="goals_evaluationdraft_hours",
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "step_id"),
        ]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d}"
