"""What a mentor suggests: a step, or another date for one or for the goal. Nothing changes until the owner takes it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.conversation.triggers import only_of_the_owners_goals
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.mentoring.models import Mentorship

LINE_LENGTH = 500


class SuggestionQuerySet(OwnedQuerySet["Suggestion"]):
    owner_path = "mentorship__owner"

    def open(self) -> "SuggestionQuerySet":
        """Keep suggestions that the owner has not answered and the mentor has not taken back."""
        return self.filter(answer=Suggestion.Answer.NONE)

    def answerable(self) -> "SuggestionQuerySet":
        """Keep open ones that can be taken: the goal is active, and the step whose date would move is still to do."""
        is_there = Q(step=None) | Q(step__state__in=ActionStep.OPEN_STATES)
        return self.open().filter(is_there, goal__state=Goal.State.ACTIVE)


class Suggestion(models.Model):
    """A step for a goal (`title`, perhaps a day), or a new day for a `step` of it, or for the goal (no title, no step).

    `read_at` is when the owner opened the page, `answer_read_at` when the mentor saw the answer. `made_step` is the
    step that the owner added.
    """

    MOST_OPEN: ClassVar = 5  # of one mentor about one goal
    MOST_A_DAY: ClassVar = 10  # of one mentor about one plan

    class Answer(models.TextChoices):
        """What became of it. Taken with other words or another day is changed."""

        NONE = "", _("Not answered")
        TAKEN = "taken", _("Taken")
        CHANGED = "changed", _("Taken with changes")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Removed")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="suggestions")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="suggestions")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions")
    title = models.CharField(_("step"), max_length=TITLE_LENGTH, blank=True)
    due_on = models.DateField(_("suggested date"), null=True, blank=True)
    suggested_at = models.DateTimeField(_("suggested at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=9, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer_line = models.CharField(_("message to the mentor"), max_length=LINE_LENGTH, blank=True)
    answer_read_at = models.DateTimeField(_("answer read at"), null=True, blank=True)
    made_step = models.ForeignKey(
        ActionStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="made_of_suggestions"
    )
    form_key = models.UUIDField(default=uuid4)  # a double click suggests once

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering: ClassVar = ["suggested_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["mentorship", "suggested_at"], name="conversation_suggestion_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship", "form_key"], name="conversation_suggestion_form_key_once"),
            models.CheckConstraint(
                condition=Q(step__isnull=True, title__regex=r"\S")
                | Q(step__isnull=False, title="", due_on__isnull=False)
                | Q(step__isnull=True, title="", due_on__isnull=False),
                name="conversation_suggestion_step_or_day",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answer_line="")
                | (Q(answer__in=["taken", "changed", "declined", "withdrawn"]) & Q(answered_at__isnull=False)),
                name="conversation_suggestion_answered_at",
            ),
            models.CheckConstraint(
                condition=Q(made_step__isnull=True) | Q(answer__in=["taken", "changed"]),
                name="conversation_suggestion_made_when_taken",
            ),
        ]
        triggers: ClassVar = [immutable_fk("conversation", "mentorship_id"), only_of_the_owners_goals()]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.suggested_at:%Y-%m-%d}"

    @property
    def is_date(self) -> bool:
        """Return whether it moves a step that is there, or the goal."""
        return not self.title

    @property
    def is_goal_date(self) -> bool:
        """Return whether it moves the goal."""
        return self.is_date and self.step_id is None

    @property
    def shown_title(self) -> str:
        """Return the words of the step, or the title of what it moves. It reads `step` and `goal`."""
        return self.title or (self.step.title if self.step else self.goal.title)
