"""What is owed to whom: rows are the truth, and constraints make each of them happen once."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import ActionStep, Goal

DEFAULT_HOUR = 8


class ReminderKind(models.TextChoices):
    """What a reminder is about; every kind can be muted."""

    GOAL_DUE = "goal_due", _("Goals that are due")
    STEP_DUE = "step_due", _("Steps that are due")


# Days before the due date (PRODUCT.md, "Reminders: the rules").
LEAD_DAYS: dict[ReminderKind, tuple[int, ...]] = {
    ReminderKind.GOAL_DUE: (30, 7, 1, 0),
    ReminderKind.STEP_DUE: (7, 1, 0),
}


class PreferencesQuerySet(OwnedQuerySet["Preferences"]):
    """Preferences of people."""


class Preferences(models.Model):
    """When somebody wants to be reminded, and of what. Whoever has no row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    hour = models.PositiveSmallIntegerField(_("hour of the e-mail"), default=DEFAULT_HOUR)
    muted_kinds = ArrayField(models.CharField(max_length=20, choices=ReminderKind), default=list, blank=True)

    objects = PreferencesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder preferences")
        verbose_name_plural = _("reminder preferences")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminders_preferences_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour}:00"


class DigestQuerySet(OwnedQuerySet["Digest"]):
    """Daily mails."""

    def owed(self) -> "DigestQuerySet":
        """Those that are neither sent nor given up."""
        return self.filter(state=Digest.State.OWED)

    def by_standing(self) -> dict[str, int]:
        """How many there are of each standing; the same rule as `Digest.standing`."""
        standing = models.Case(
            models.When(~Q(state=Digest.State.OWED), then=models.F("state")),
            models.When(claim__isnull=False, then=models.Value(Standing.CLAIMED)),
            models.When(unsure__gt=0, then=models.Value(Standing.UNKNOWN)),
            models.When(attempts__gt=0, then=models.Value(Standing.DEFERRED)),
            default=models.Value(Standing.OWED),
        )
        counted = self.order_by().values_list(standing).annotate(count=models.Count("pk"))
        return {**dict.fromkeys(Standing.values, 0), **dict(counted)}


class Digest(models.Model):
    """The one mail of one local day: at most one a person and day (a constraint).

    Message-ID and Date are set when it is made and stay, so that a second attempt is recognisable as
    the same mail. `claim` fences: only who holds the current claim may record what became of it. `begun_at` is
    committed before the mail server hears of a mail, and cleared with its outcome: an attempt that was begun and
    has none may have arrived, and is counted in `unsure`, as is one that was cut off after the final dot.
    """

    class State(models.TextChoices):
        """Owed until it is known to have gone out; dropped when nothing in it was owed any more."""

        OWED = "owed", _("Owed")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed any more")
        FAILED = "failed", _("Refused by the mail server")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    local_date = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OWED)
    key = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField(_("made at"))
    claim = models.UUIDField(null=True, blank=True)
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    unsure = models.PositiveSmallIntegerField(_("attempts that may have arrived"), default=0, db_default=0)
    answer = models.CharField(_("what the mail server said"), max_length=200, blank=True, default="", db_default="")

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily mail")
        verbose_name_plural = _("daily mails")
        ordering: ClassVar = ["-local_date"]
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="owed"), name="reminders_digest_owed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "local_date"], name="reminders_digest_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="reminders_digest_sent_at",
            ),
            # An outcome ends the claim, and only who holds a claim has begun.
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(state="owed"), name="reminders_digest_claim_while_owed"
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(claim__isnull=False), name="reminders_digest_begun_by_claim"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.local_date}"

    @property
    def standing(self) -> "Standing":
        """How it stands, more finely than its state."""
        if self.state != self.State.OWED:
            return Standing(self.state)
        if self.claim:
            return Standing.CLAIMED
        if self.unsure:
            return Standing.UNKNOWN
        return Standing.DEFERRED if self.attempts else Standing.OWED


class Standing(models.TextChoices):
    """How a digest stands: its state, and for what is still owed how far it has come."""

    OWED = "owed", _("Owed")
    CLAIMED = "claimed", _("Being sent")
    DEFERRED = "deferred", _("Put off by the mail server, tried again by itself")
    UNKNOWN = "unknown", _("Perhaps sent; repeated, and recognisable as the same mail")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused by the mail server")
    DROPPED = "dropped", _("Not needed any more")


class ReminderQuerySet(OwnedQuerySet["Reminder"]):
    """Single reminders."""


class Reminder(models.Model):
    """One thing a person is told once: about what, for which due date, how many days before.

    It belongs to the digest that tells it. Unique: one due date of one goal or step is told once a lead.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=20, choices=ReminderKind)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due date"))
    lead_days = models.PositiveSmallIntegerField(_("days before"))

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["goal", "step", "kind", "due_on", "lead_days"],
                nulls_distinct=False,
                name="reminders_reminder_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="goal_due", step__isnull=True) | Q(kind="step_due", step__isnull=False),
                name="reminders_reminder_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on} -{self.lead_days}"


class RefusedAddressQuerySet(OwnedQuerySet["RefusedAddress"]):
    """Addresses that mail servers refused."""


class RefusedAddress(models.Model):
    """An address a mail server refused for good (5xx), and on how many days in a row.

    From the second day on nothing is sent there (`stopped_at`), until the person says that it works again. A mail
    that is taken removes the row.
    """

    DAYS: ClassVar = 2

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refused_addresses")
    address = models.EmailField(_("e-mail address"), max_length=254)
    days = models.PositiveSmallIntegerField(_("days in a row"), default=1)
    refused_on = models.DateField(_("last refused on"))
    answer = models.CharField(_("what the mail server said"), max_length=200, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    objects = RefusedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "address"], name="reminders_refusedaddress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.refused_on}"
