"""How a mentor comes in without an account: a code, then a session on one device. And when they looked."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.mentoring.models.mentorship import Mentorship

SHA256 = "^[0-9a-f]{64}$"


class MentorCode(models.Model):
    """The newest code that was mailed to the invited address. Only its keyed hash is stored."""

    LIFETIME: ClassVar = timedelta(minutes=10)
    MOST_ATTEMPTS: ClassVar = 5

    mentorship = models.OneToOneField(Mentorship, on_delete=models.CASCADE, related_name="code")
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(_("sent at"))
    attempts = models.PositiveSmallIntegerField(_("wrong codes"), default=0)

    class Meta:
        verbose_name = _("code of a mentor")
        verbose_name_plural = _("codes of mentors")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code_hash__regex=SHA256), name="mentoring_mentorcode_hashed"),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id}"


class MentorSession(models.Model):
    """One device on which a mentor entered the code. A cookie holds the token; its hash is here.

    It opens one mentorship. Ending that deletes the row, so an open page fails at its next request.
    """

    LIFETIME: ClassVar = timedelta(hours=12)
    SHORT_LIFETIME: ClassVar = timedelta(hours=1)  # on a shared computer

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField(_("opened at"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("session of a mentor")
        verbose_name_plural = _("sessions of mentors")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(token_hash__regex=SHA256), name="mentoring_mentorsession_hashed"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at"), expires_at__lte=F("opened_at") + timedelta(hours=12)),
                name="mentoring_mentorsession_at_most_12_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.opened_at:%Y-%m-%d}"


class MentorVisitQuerySet(OwnedQuerySet["MentorVisit"]):
    owner_path = "mentorship__owner"


class MentorVisit(models.Model):
    """One visit of a mentor: pages that were opened with less than PAUSE in between. The owner sees them.

    `places` are words such as "plan" or "goal-12", each once.
    """

    PAUSE: ClassVar = timedelta(minutes=30)

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="visits")
    started_at = models.DateTimeField(_("started at"))
    last_at = models.DateTimeField(_("last page at"))
    places = ArrayField(models.CharField(max_length=30), verbose_name=_("pages"), default=list)

    objects = MentorVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit of a mentor")
        verbose_name_plural = _("visits of mentors")
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_at__gte=F("started_at")), name="mentoring_mentorvisit_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.started_at:%Y-%m-%d}"
