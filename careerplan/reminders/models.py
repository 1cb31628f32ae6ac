"""What is owed to whom: rows are the truth, and constraints make each of them happen once."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import ActionStep, Goal
from careerplan.opportunities.models import Opportunity
from careerplan.reminders.kinds import DEFAULT_HOUR, LEAD_DAYS, Channel, ReminderKind
from careerplan.reminders.turns import RemindedUser, Turn
from careerplan.reminders.wishes import GoalReminders, Preferences, Presence, SweepRecord
from careerplan.reviews.models import Review
from careerplan.skills.models import Assessment

__all__ = [
    "DEFAULT_HOUR",
    "LEAD_DAYS",
    "Channel",
    "Digest",
    "GoalReminders",
    "Preferences",
    "Presence",
    "RefusedAddress",
    "RemindedUser",
    "Reminder",
    "ReminderKind",
    "Stage",
    "SweepRecord",
    "Turn",
]


class DigestQuerySet(OwnedQuerySet["Digest"]):
    """Daily mails."""

    def owed(self) -> "DigestQuerySet":
        """Those that are neither sent nor given up."""
        return self.filter(state=Digest.State.OWED)

    def by_stage(self) -> dict[str, int]:
        """How many there are of each stage; the same rule as `Digest.stage`."""
        stage = models.Case(
            models.When(~Q(state=Digest.State.OWED), then=models.F("state")),
            models.When(claim__isnull=False, then=models.Value(Stage.CLAIMED)),
            models.When(unsure__gt=0, then=models.Value(Stage.UNKNOWN)),
            models.When(attempts__gt=0, then=models.Value(Stage.DEFERRED)),
            default=models.Value(Stage.OWED),
        )
        counted = self.order_by().values_list(stage).annotate(count=models.Count("pk"))
        return {**dict.fromkeys(Stage.values, 0), **dict(counted)}


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

    # Without an index of its own: reminders_digest_once_a_day begins with it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False)
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
    # The one mail that asks whether hour, amount or plan is wrong: the first after three without a sign of life.
    is_asking = models.BooleanField(_("asks about the e-mails"), default=False, db_default=False)

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
    def stage(self) -> "Stage":
        """How it stands, more finely than its state."""
        if self.state != self.State.OWED:
            return Stage(self.state)
        if self.claim:
            return Stage.CLAIMED
        if self.unsure:
            return Stage.UNKNOWN
        return Stage.DEFERRED if self.attempts else Stage.OWED


class Stage(models.TextChoices):
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

    def in_app(self) -> "ReminderQuerySet":
        """The notices: what is told in the app."""
        return self.filter(channel=Channel.APP)


NEITHER = {"assessment__isnull": True, "review__isnull": True, "opportunity__isnull": True}
NO_GOAL = {"goal__isnull": True, "step__isnull": True}
GOAL_KINDS = ("goal_due", "stop_rule", "goal_without_step")
STEP_KINDS = ("step_due", "step_unrated")
# Kinds that are told on the day or after it, and no day before.
DAY_AND_AFTER = ("stop_rule", "goal_without_step", "review_due")
AFTER = ("overdue", "step_unrated", "assessment_left", "opportunity_judged")
OPPORTUNITY_KINDS = ("opportunity_closing", "opportunity_judged")


class Reminder(models.Model):
    """One thing a person is told once, on one channel: about what, for which date, how many days before it.

    In an e-mail it belongs to the digest that tells it; in the app it stands for itself. `due_on` is the day it is
    about: a due date, the day a step was done, an assessment was left, an opportunity
    closes or was decided on, or a stop rule comes up. `lead_days` below
    zero are days after it. `local_date` is the person's day on which it came up.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    channel = models.CharField(_("channel"), max_length=4, choices=Channel, default=Channel.MAIL)
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=20, choices=ReminderKind)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("date it is about"))
    lead_days = models.SmallIntegerField(_("days before"))
    local_date = models.DateField(_("day it came up"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes: ClassVar = [
            models.Index(fields=["user", "-local_date", "-id"], condition=Q(channel="app"), name="reminders_notices"),
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
                | Q(kind="assessment_left", **NO_GOAL, **{**NEITHER, "assessment__isnull": False})
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
        """The title of its step; empty where it is about none."""
        return self.step.title if self.step else ""

    @property
    def goal_title(self) -> str:
        """The title of its goal; empty where it is about none."""
        return self.goal.title if self.goal else ""

    @property
    def stop_condition(self) -> str:
        """What the stop rule of its goal asks for."""
        return self.goal.stop_condition if self.goal else ""

    @property
    def opportunity_title(self) -> str:
        """The title of its opportunity; empty where it is about none."""
        return self.opportunity.title if self.opportunity else ""

    @property
    def organisation(self) -> str:
        """Who offers its opportunity."""
        return self.opportunity.organisation if self.opportunity else ""

    @property
    def subject(self) -> Goal | ActionStep | Assessment | Review | Opportunity:
        """What it is about."""
        return self.step or self.goal or self.assessment or self.review or self.opportunity  # type: ignore[return-value]  # one of them (a constraint)


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
