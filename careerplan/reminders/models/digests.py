"""Digests and the reminders in them. Constraints make each happen once."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import ActionStep, Goal
from careerplan.opportunities.models import Opportunity
from careerplan.reminders.kinds import ReminderChannel, ReminderKind
from careerplan.reviews.models import Review
from careerplan.skills.models import Assessment


class DigestQuerySet(OwnedQuerySet["Digest"]):
    """Daily mails."""

    def pending(self) -> "DigestQuerySet":
        """Keep digests that are neither sent nor given up."""
        return self.filter(state=Digest.State.PENDING)

    def untried(self) -> "DigestQuerySet":
        """Return the pending digests that no worker has claimed or tried to send yet."""
        return self.filter(state=Digest.State.PENDING, claim_token__isnull=True, attempts=0, uncertain_attempts=0)

    def by_stage(self) -> dict[str, int]:
        """Count digests by stage; the same rule as `Digest.stage`."""
        stage = models.Case(
            models.When(~Q(state=Digest.State.PENDING), then=models.F("state")),
            models.When(claim_token__isnull=False, then=models.Value(DigestStage.CLAIMED)),
            models.When(uncertain_attempts__gt=0, then=models.Value(DigestStage.UNKNOWN)),
            models.When(attempts__gt=0, then=models.Value(DigestStage.DEFERRED)),
            default=models.Value(DigestStage.PENDING),
        )
        counted = self.order_by().values_list(stage).annotate(count=models.Count("pk"))
        return {**dict.fromkeys(DigestStage.values, 0), **dict(counted)}


class Digest(models.Model):
    """The only email to a user on one local day: `occurrence` is 2 where they flew over the date line into it again.

    Message-ID and Date (`key`, `made_at`) never change, so that a second attempt is recognisable as the same email.
    Only the holder of the current `claim_token` may record an outcome. `attempt_started_at` is committed before the
    mail server is contacted and cleared with the outcome: a started attempt without an outcome may have arrived and is
    counted in `uncertain_attempts`, as is one that broke off after the final dot.
    """

    class State(models.TextChoices):
        """Pending until its mail was accepted; dropped when no reminder in it was valid."""

        PENDING = "pending", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer needed")
        FAILED = "failed", _("Refused by the email server")

    # No index of its own: reminders_digest_once_a_day starts with it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False)
    local_date = models.DateField(_("day"))
    occurrence = models.PositiveSmallIntegerField(_("which time the day came"), default=1, db_default=1)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    key = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField(_("made at"))
    claim_token = models.UUIDField(null=True, blank=True)
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempt_started_at = models.DateTimeField(_("attempt started at"), null=True, blank=True)
    uncertain_attempts = models.PositiveSmallIntegerField(_("attempts that may have arrived"), default=0, db_default=0)
    smtp_response = models.CharField(
        _("response of the mail server"), max_length=200, blank=True, default="", db_default=""
    )
    # The first email after 3 unanswered ones asks whether time of day, number of emails or plan is wrong.
    asks_for_feedback = models.BooleanField(_("asks for feedback"), default=False, db_default=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily mail")
        verbose_name_plural = _("daily mails")
        ordering: ClassVar = ["-local_date"]
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="pending"), name="reminders_digest_pending"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "local_date", "occurrence"], name="reminders_digest_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="reminders_digest_sent_at",
            ),
            # An outcome ends the claim, and only the holder of a claim starts an attempt.
            models.CheckConstraint(
                condition=Q(claim_token__isnull=True) | Q(state="pending"), name="reminders_digest_claim_while_pending"
            ),
            models.CheckConstraint(
                condition=Q(attempt_started_at__isnull=True) | Q(claim_token__isnull=False),
                name="reminders_digest_started_by_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.local_date}"

    @property
    def stage(self) -> "DigestStage":
        """The stage of its delivery, finer than its state."""
        if self.state != self.State.PENDING:
            return DigestStage(self.state)
        if self.claim_token:
            return DigestStage.CLAIMED
        if self.uncertain_attempts:
            return DigestStage.UNKNOWN
        return DigestStage.DEFERRED if self.attempts else DigestStage.PENDING


class DigestStage(models.TextChoices):
    """The state of a digest; of a pending one, how far it has come."""

    PENDING = "pending", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being sent")
    DEFERRED = "deferred", _("Not delivered yet: we will try again")
    UNKNOWN = "unknown", _("May have been delivered: we will send it again")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused by the email server")
    DROPPED = "dropped", _("No longer needed")


class ReminderQuerySet(OwnedQuerySet["Reminder"]):
    def in_app(self) -> "ReminderQuerySet":
        """Notifications: the reminders shown in the app."""
        return self.filter(channel=ReminderChannel.APP)


NEITHER = {"assessment__isnull": True, "review__isnull": True, "opportunity__isnull": True}
NO_GOAL = {"goal__isnull": True, "step__isnull": True}
GOAL_KINDS = ("goal_due", "stop_rule", "goal_without_step")
STEP_KINDS = ("step_due", "step_unrated")
# Kinds with reminders on the day or after it, and none before.
DAY_AND_AFTER = ("stop_rule", "goal_without_step", "review_due")
AFTER = ("overdue", "step_unrated", "assessment_abandoned", "opportunity_outcome_review")
OPPORTUNITY_KINDS = ("opportunity_closing", "opportunity_outcome_review")


class Reminder(models.Model):
    """A reminder, created once per channel: its target, its date and how many days before it.

    By email it belongs to a digest. `due_on` is the date it is about: a due date, the day a step was done or an
    assessment was last changed, a closing date, the day of a decision, or the date of a stop rule. Negative `lead_days`
    are days after it. `local_date` is the user's date when it was created.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    channel = models.CharField(_("channel"), max_length=4, choices=ReminderChannel, default=ReminderChannel.MAIL)
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=30, choices=ReminderKind)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("date it is about"))
    lead_days = models.SmallIntegerField(_("days before"))
    local_date = models.DateField(_("day it was created"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes: ClassVar = [
            models.Index(
                fields=["user", "-local_date", "-id"], condition=Q(channel="app"), name="reminders_notifications"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("user", "goal", "step", "assessment", "review", "opportunity"),
                    *("kind", "due_on", "lead_days", "channel"),
                ],
                nulls_distinct=False,
                name="reminders_reminder_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=GOAL_KINDS, goal__isnull=False, step__isnull=True, **NEITHER)
                | Q(kind__in=STEP_KINDS, goal__isnull=False, step__isnull=False, **NEITHER)
                | Q(kind="overdue", goal__isnull=False, **NEITHER)
                | Q(kind="assessment_abandoned", **NO_GOAL, **{**NEITHER, "assessment__isnull": False})
                | Q(kind="review_due", **NO_GOAL, **{**NEITHER, "review__isnull": False})
                | Q(kind__in=OPPORTUNITY_KINDS, **NO_GOAL, **{**NEITHER, "opportunity__isnull": False}),
                name="reminders_reminder_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("goal_due", "step_due", "opportunity_closing"), lead_days__gte=0)
                | Q(kind__in=DAY_AND_AFTER, lead_days__lte=0)
                | Q(kind__in=AFTER, lead_days__lt=0),
                name="reminders_reminder_lead_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(channel="mail", digest__isnull=False, seen_at__isnull=True)
                | Q(channel="app", digest__isnull=True),
                name="reminders_reminder_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on} -{self.lead_days}"

    @property
    def step_title(self) -> str:
        """Title of its step, or empty."""
        return self.step.title if self.step else ""

    @property
    def goal_title(self) -> str:
        """Title of its goal, or empty."""
        return self.goal.title if self.goal else ""

    @property
    def stop_condition(self) -> str:
        """Condition of the stop rule of its goal, or empty."""
        return self.goal.stop_condition if self.goal else ""

    @property
    def opportunity_title(self) -> str:
        """Title of its opportunity, or empty."""
        return self.opportunity.title if self.opportunity else ""

    @property
    def organisation(self) -> str:
        """Organisation of its opportunity, or empty."""
        return self.opportunity.organisation if self.opportunity else ""

    @property
    def target(self) -> Goal | ActionStep | Assessment | Review | Opportunity:
        """The step, goal, assessment, review or opportunity that it is about."""
        return self.step or self.goal or self.assessment or self.review or self.opportunity  # type: ignore[return-value]  # one of them (a constraint)
