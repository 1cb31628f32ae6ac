"""The mentorship: from a draft of an invitation to its end, and what the owner shares in it."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import Goal
from careerplan.mentoring.triggers import only_goals_of_the_owner

NAME_LENGTH, LINE_LENGTH = 100, 500
PARTS = ("shows_vision", "shows_strengths", "shows_reviews")
"""What can be shared beside goals, by column."""


class MentorshipQuerySet(OwnedQuerySet["Mentorship"]):
    """Mentorships. `for_user` keeps those of the owner of the plan, never those of the mentor."""

    owner_path = "owner"

    def open(self) -> "MentorshipQuerySet":
        """Keep those that take one of the owner's places: invited or active."""
        return self.filter(state__in=Mentorship.OPEN_STATES)

    def of_present_owners(self) -> "MentorshipQuerySet":
        """Keep those of owners whose account is neither blocked nor to be deleted."""
        return self.filter(owner__is_active=True, owner__deletion_due_at=None)

    def answerable(self, now: datetime) -> "MentorshipQuerySet":
        """Keep invitations that can be accepted now."""
        return self.of_present_owners().filter(state=Mentorship.State.INVITED, answer_by__gt=now)

    def live(self, now: datetime) -> "MentorshipQuerySet":
        """Keep those whose mentor may look now. Every page, post and email of a mentor asks this again."""
        return self.of_present_owners().filter(state=Mentorship.State.ACTIVE, ends_at__gt=now)


class Mentorship(models.Model):
    """One person whom an owner lets see parts of the plan, from the draft of the invitation on.

    `key` is the address of the mentor's pages: nobody guesses it, and it opens nothing alone. An open mentorship takes
    one of the owner's PLACES. What ended stays without name and address (`forgotten_at`).
    """

    PLACES: ClassVar = 3
    ANSWER_WITHIN: ClassVar = timedelta(days=14)
    ASK_BEFORE_END: ClassVar = timedelta(days=14)
    FORGET_AFTER: ClassVar = timedelta(days=30)

    class Role(models.TextChoices):
        """What the person is to the owner."""

        MENTOR = "mentor", _("Mentor")
        MANAGER = "manager", _("Manager")
        COACH = "coach", _("Coach")
        FRIEND = "friend", _("Friend")

    class State(models.TextChoices):
        """A draft was not sent yet. Only an active one shows anything."""

        DRAFT = "draft", _("Draft")
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    class EndReason(models.TextChoices):
        """Why it ended. The first three ended before anything was shown."""

        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        NOT_ANSWERED = "unanswered", _("Not answered")
        STOPPED = "stopped", _("Stopped by you")
        LEFT = "left", _("Left")
        EXPIRED = "expired", _("Time was over")

    OPEN_STATES: ClassVar = (State.INVITED, State.ACTIVE)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentorships")
    key = models.UUIDField(unique=True, default=uuid4)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=7, choices=Role)
    line = models.TextField(_("a line to them"), max_length=LINE_LENGTH, blank=True)
    shows_vision = models.BooleanField(_("vision"), default=False)
    shows_strengths = models.BooleanField(_("strengths"), default=False)
    shows_reviews = models.BooleanField(_("summaries of reviews"), default=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.DRAFT)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    ends_at = models.DateTimeField(_("sharing ends at"))
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    answer_by = models.DateTimeField(_("last time to answer"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=10, choices=EndReason, blank=True)
    # Set where the person accepted with an account; its own page lists it then.
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="mentored"
    )
    emails_stopped_at = models.DateTimeField(_("emails stopped by the mentor at"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("email came back at"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("name and address deleted at"), null=True, blank=True)
    # Of a deleted address, so that the link "Stop all invitations" of its emails still does that (hash_address).
    address_hash = models.CharField(max_length=64, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentorship")
        verbose_name_plural = _("mentorships")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["answer_by", "id"], condition=Q(state="invited"), name="mentoring_mentorship_answer"),
            models.Index(fields=["ends_at", "id"], condition=Q(state="active"), name="mentoring_mentorship_ends"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "place"], name="mentoring_mentorship_place_once"),
            models.UniqueConstraint(
                fields=["owner", "email"],
                condition=Q(state__in=["invited", "active"]),
                name="mentoring_mentorship_address_once",
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state="draft"), name="mentoring_mentorship_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "active"], place__range=(1, 3), place__isnull=False)
                | Q(state__in=["draft", "ended"], place__isnull=True),
                name="mentoring_mentorship_place_while_open",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", invited_at__isnull=True, answer_by__isnull=True)
                | (~Q(state="draft") & Q(invited_at__isnull=False, answer_by__isnull=False)),
                name="mentoring_mentorship_invited_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "invited"], accepted_at__isnull=True)
                | Q(state="active", accepted_at__isnull=False)
                | Q(state="ended", end_reason__in=["declined", "cancelled", "unanswered"], accepted_at__isnull=True)
                | Q(state="ended", end_reason__in=["stopped", "left", "expired"], accepted_at__isnull=False),
                name="mentoring_mentorship_accepted_at",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")
                | (~Q(state="ended") & Q(ended_at__isnull=True, end_reason="")),
                name="mentoring_mentorship_ended_at",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, email__contains="@", name__regex=r"\S")
                | Q(forgotten_at__isnull=False, state="ended", email="", name="", line=""),
                name="mentoring_mentorship_forgotten_when_ended",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="mentoring_mentorship_email_lower"),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("owner")), name="mentoring_mentorship_not_oneself"
            ),
        ]
        triggers: ClassVar = [immutable_fk("mentoring", "owner_id")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.role} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it takes one of the owner's places."""
        return self.state in self.OPEN_STATES

    @property
    def until(self) -> date:
        """The last day on which the mentor can look, in the owner's time zone."""
        return timezone.localdate(self.ends_at - timedelta(seconds=1), self.owner.zone)

    @property
    def first_name(self) -> str:
        """The first word of the person's name; what they are, once the name is deleted."""
        return self.name.split()[0] if self.name else self.get_role_display()

    @property
    def display_name(self) -> str:
        """The person's name; what they are, once the name is deleted."""
        return self.name or self.get_role_display()


class SharedGoalQuerySet(OwnedQuerySet["SharedGoal"]):
    owner_path = "mentorship__owner"


class SharedGoal(models.Model):
    """That the mentor sees one goal, with its steps and progress."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="shared_goals")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="shared_with")
    shared_at = models.DateTimeField(_("shared at"))

    objects = SharedGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared goal")
        verbose_name_plural = _("shared goals")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship", "goal"], name="mentoring_sharedgoal_once"),
        ]
        triggers: ClassVar = [only_goals_of_the_owner()]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.goal_id}"


class SharingChangeQuerySet(OwnedQuerySet["SharingChange"]):
    owner_path = "mentorship__owner"


class SharingChange(models.Model):
    """One thing that happened to a mentorship, by whom and when: its history. It holds no name and no text."""

    class Kind(models.TextChoices):
        """What happened."""

        INVITED = "invited", _("Invitation sent")
        ACCEPTED = "accepted", _("Invitation accepted")
        CHANGED = "changed", _("What is shared changed")
        EXTENDED = "extended", _("Extended")
        EMAILS_STOPPED = "no_emails", _("Emails stopped")
        EMAILS_RESUMED = "emails", _("Emails turned on again")
        BOUNCED = "bounced", _("Email came back")
        ENDED = "ended", _("Ended")

    class By(models.TextChoices):
        """Who did it."""

        OWNER = "owner", _("You")
        MENTOR = "mentor", _("Mentor")
        TIME = "time", _("Careerplan")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("what happened"), max_length=9, choices=Kind)
    by = models.CharField(_("who did it"), max_length=6, choices=By)
    happened_at = models.DateTimeField(_("time"))

    objects = SharingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of sharing")
        verbose_name_plural = _("changes of sharing")
        ordering: ClassVar = ["happened_at", "id"]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.kind}"
