"""Emails about mentorships that are owed, to the mentor or to the owner. docs/mentoring.md says how one is added."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.mentoring.models.mentorship import Mentorship


class MentoringEmailQuerySet(OwnedQuerySet["MentoringEmail"]):
    owner_path = "mentorship__owner"

    def pending(self) -> "MentoringEmailQuerySet":
        """Keep emails that are neither sent nor given up."""
        return self.filter(state=MentoringEmail.State.PENDING)

    def free(self, now: datetime) -> "MentoringEmailQuerySet":
        """Keep pending emails that may be claimed now; the claim of a worker that died has expired."""
        return self.pending().filter(not_before__lte=now)


class MentoringEmail(models.Model):
    """One email, once: a constraint allows one row per mentorship, recipient, `kind` and `occasion`.

    `occasion` tells apart emails of one kind, such as the local day of a daily one. What it says is not stored: it is
    built right before it is sent, and dropped if there is nothing to say any more. `key` (Message-ID) and `made_at`
    (Date) never change, so that a second attempt is recognisable as the same email. The claim is that of
    reminders.Digest: only the holder of `claim_token` may record an outcome, and `attempt_started_at` is committed
    before the mail server is contacted.
    """

    class Recipient(models.TextChoices):
        """Who gets it."""

        MENTOR = "mentor", _("Mentor")
        OWNER = "owner", _("Owner")

    class State(models.TextChoices):
        """Pending until a mail server took it; dropped when there was nothing to say any more."""

        PENDING = "pending", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer needed")
        FAILED = "failed", _("Refused by the email server")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="emails")
    recipient = models.CharField(_("recipient"), max_length=6, choices=Recipient)
    kind = models.CharField(_("kind"), max_length=30)
    occasion = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING, db_default="pending")
    key = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField(_("made at"))
    not_before = models.DateTimeField()
    claim_token = models.UUIDField(null=True, blank=True)
    attempt_started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    uncertain_attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    smtp_response = models.CharField(
        _("response of the mail server"), max_length=200, blank=True, default="", db_default=""
    )

    objects = MentoringEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email about a mentorship")
        verbose_name_plural = _("emails about mentorships")
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="pending"), name="mentoring_email_pending"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship", "recipient", "kind", "occasion"], name="mentoring_email_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mentoring_email_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(claim_token__isnull=True) | Q(state="pending"), name="mentoring_email_claim_while_pending"
            ),
            models.CheckConstraint(
                condition=Q(attempt_started_at__isnull=True) | Q(claim_token__isnull=False),
                name="mentoring_email_started_by_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.recipient} {self.kind} {self.occasion}"
