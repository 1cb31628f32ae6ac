"""A meeting of fifteen minutes, and the notes of what was agreed."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import ActionStep, Goal
from careerplan.mentoring.models import Mentorship

MINUTES = 15
MOST_NOTES = 12
NOTE_LENGTH = 300


class MeetingQuerySet(OwnedQuerySet["Meeting"]):
    """Meetings. `for_user` keeps those of the owner of the plan, never those of the mentor."""

    owner_path = "mentorship__owner"

    def coming(self) -> "MeetingQuerySet":
        """Keep those without notes: a mentorship has one at most."""
        return self.filter(held_at=None)

    def held(self) -> "MeetingQuerySet":
        """Keep those with notes, newest first."""
        return self.filter(held_at__isnull=False).order_by("-held_at", "-id")


class Meeting(models.Model):
    """A date of both people. Saving notes makes it held. `revision` counts changes of its time, for calendars."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    key = models.UUIDField(unique=True, default=uuid4)
    starts_at = models.DateTimeField(_("starts at"))
    set_at = models.DateTimeField(_("last changed at"))
    revision = models.PositiveIntegerField(_("times it was moved"), default=0, db_default=0)
    held_at = models.DateTimeField(_("notes saved at"), null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship"], condition=Q(held_at__isnull=True), name="meetings_meeting_one_coming"
            ),
        ]
        triggers: ClassVar = [immutable_fk("meetings", "mentorship_id")]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.starts_at:%Y-%m-%d}"

    @property
    def ends_at(self) -> datetime:
        """When it ends: MINUTES later."""
        return self.starts_at + timedelta(minutes=MINUTES)


class MeetingNoteQuerySet(OwnedQuerySet["MeetingNote"]):
    owner_path = "meeting__mentorship__owner"


class MeetingNote(models.Model):
    """One line of what was agreed, and what it became. The mentor sees all but those that stay notes."""

    class Kind(models.TextChoices):
        """What a note becomes."""

        STEP = "step", _("Step")
        DATE = "date", _("Date")
        COMMENT = "comment", _("Comment")
        NOTE = "note", _("Just a note")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="notes")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("note"), max_length=NOTE_LENGTH)
    kind = models.CharField(_("what it becomes"), max_length=7, choices=Kind)
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The step that it became, or whose date it moved.
    step = models.ForeignKey(ActionStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    day = models.DateField(_("date"), null=True, blank=True)

    objects = MeetingNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a meeting")
        verbose_name_plural = _("notes of meetings")
        ordering: ClassVar = ["meeting", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "position"], name="meetings_meetingnote_position_once"),
            models.CheckConstraint(condition=Q(position__range=(1, MOST_NOTES)), name="meetings_note_at_most_12"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="meetings_meetingnote_text_not_blank"),
            models.CheckConstraint(
                condition=Q(kind__in=["step", "date", "comment", "note"]), name="meetings_meetingnote_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="date") | Q(day__isnull=False), name="meetings_meetingnote_date_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.kind}"
