"""Opportunities: details and decisions."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.core.addresses import page_url
from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.plans.models import Plan

TITLE_LENGTH = 200
LINK_LENGTH = 1000
WORDS_LENGTH = 2000
ADVERT_LENGTH = 20_000
NOT_BLANK = r"\S"
WEB_ADDRESS = r"^https?://[^\s/]\S*$"
OUTCOME_REVIEW_AFTER = timedelta(days=90)
"""Time after a decision at which we ask whether it was right: long enough to know (docs/reminders.md)."""


class Score(models.IntegerChoices):
    """Scale of how well an opportunity fits a vision, a priority or a criterion."""

    NOT_AT_ALL = 1, _("Not at all")
    A_LITTLE = 2, _("A little")
    PARTLY = 3, _("Partly")
    MOSTLY = 4, _("Mostly")
    FULLY = 5, _("Fully")


class OpportunityQuerySet(OwnedQuerySet["Opportunity"]):
    owner_path = "plan__user"

    def open(self) -> "OpportunityQuerySet":
        """Return opportunities that are considered or pursued."""
        return self.filter(state__in=Opportunity.OPEN_STATES)

    def of_active_plans(self) -> "OpportunityQuerySet":
        return self.filter(plan__state=Plan.State.ACTIVE)


@track_history(exclude=["advert"])
class Opportunity(models.Model):
    """A job, project or course that could help the user advance.

    `pros` and `cons` hold one reason per line. `decided_at` is the last decision to pursue or decline, `outcome_at`
    when the user got it or not. Reopening keeps `reason`, so that the next decision starts with it. `advert` was
    pasted: tomorrow it may be gone from the web. Its history is not kept.
    """

    class State(models.TextChoices):
        """Stage of the decision."""

        CONSIDERING = "considering", _("Considering")
        PURSUING = "pursuing", _("Pursuing")
        DECLINED = "declined", _("Declined")
        WON = "won", pgettext_lazy("opportunity", "Got it")
        LOST = "lost", pgettext_lazy("opportunity", "Did not get it")

    class OutcomeReview(models.TextChoices):
        """Whether the decision was right, as the user sees it 90 days later."""

        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    OPEN_STATES: ClassVar = ("considering", "pursuing")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="opportunities")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    organisation = models.CharField(_("organisation"), max_length=TITLE_LENGTH, blank=True)
    link = models.CharField(_("link"), max_length=LINK_LENGTH, blank=True)
    closes_on = models.DateField(_("closing date"), null=True, blank=True)
    closes_set_at = models.DateTimeField(_("closing date changed at"), null=True, blank=True)
    summary = models.CharField(_("in one line"), max_length=300, blank=True)
    advert = models.TextField(_("text of the advert"), max_length=ADVERT_LENGTH, blank=True)
    pros = models.TextField(_("reasons for"), max_length=WORDS_LENGTH, blank=True)
    cons = models.TextField(_("reasons against"), max_length=WORDS_LENGTH, blank=True)
    vision_score = models.PositiveSmallIntegerField(_("fit with the vision"), choices=Score, null=True, blank=True)
    weighed_at = models.DateTimeField(_("weighed up at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.CONSIDERING)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("why"), max_length=WORDS_LENGTH, blank=True)
    outcome_at = models.DateTimeField(_("outcome known at"), null=True, blank=True)
    outcome_review = models.CharField(_("was the decision right?"), max_length=6, choices=OutcomeReview, blank=True)
    outcome_review_note = models.TextField(_("note on the decision"), max_length=WORDS_LENGTH, blank=True)
    outcome_reviewed_at = models.DateTimeField(_("looked back at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    # Sent by the form, so that a double click or a reload adds one opportunity and not two.
    form_key = models.UUIDField()

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering: ClassVar = [F("closes_on").asc(nulls_last=True), "id"]
        indexes: ClassVar = [
            # For the reminders of closing dates and outcome reviews.
            models.Index(
                fields=["closes_on", "id"],
                condition=Q(state__in=["considering", "pursuing"], closes_on__isnull=False),
                name="opportunities_closing",
            ),
            models.Index(
                fields=["decided_at", "id"],
                condition=Q(decided_at__isnull=False, outcome_reviewed_at__isnull=True),
                name="opportunities_outcome_review",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "form_key"], name="opportunities_form_key_once"),
            models.CheckConstraint(condition=Q(title__regex=NOT_BLANK), name="opportunities_title_given"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__iregex=WEB_ADDRESS), name="opportunities_link_is_web_address"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True, closes_set_at__isnull=True)
                | Q(closes_on__isnull=False, closes_set_at__isnull=False),
                name="opportunities_closes_set_at",
            ),
            models.CheckConstraint(
                condition=Q(vision_score__isnull=True) | Q(vision_score__range=(1, 5)),
                name="opportunities_vision_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(state="considering", decided_at__isnull=True, outcome_at__isnull=True)
                | Q(state__in=["pursuing", "declined"], decided_at__isnull=False, outcome_at__isnull=True)
                | Q(
                    state__in=["won", "lost"],
                    decided_at__isnull=False,
                    outcome_at__isnull=False,  # a comparison with null refuses nothing
                    outcome_at__gte=F("decided_at"),
                ),
                name="opportunities_state_and_moments",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(reason__regex=NOT_BLANK), name="opportunities_reason_given"
            ),
            models.CheckConstraint(
                condition=Q(outcome_review="", outcome_reviewed_at__isnull=True)
                | Q(
                    outcome_review__in=["yes", "partly", "no"],
                    decided_at__isnull=False,
                    outcome_reviewed_at__isnull=False,
                    outcome_reviewed_at__gte=F("decided_at"),
                ),
                name="opportunities_outcome_reviewed_after_decision",
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("opportunities", "plan_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of this opportunity."""
        return page_url("opportunities:detail", self.pk)

    @property
    def is_considering(self) -> bool:
        """Whether no decision was made."""
        return self.state == self.State.CONSIDERING

    @property
    def is_open(self) -> bool:
        """Whether it is being considered or pursued."""
        return self.state in self.OPEN_STATES

    @property
    def decided_on(self) -> date | None:
        """Day of the decision in the current time zone."""
        return timezone.localdate(self.decided_at) if self.decided_at else None

    @property
    def outcome_on(self) -> date | None:
        """Day of the outcome in the current time zone."""
        return timezone.localdate(self.outcome_at) if self.outcome_at else None

    @property
    def outcome_reviewed_on(self) -> date | None:
        """Day of the outcome review in the current time zone."""
        return timezone.localdate(self.outcome_reviewed_at) if self.outcome_reviewed_at else None

    @property
    def outcome_review_due_on(self) -> date | None:
        """First day on which the user is asked whether the decision was right."""
        return self.decided_on + OUTCOME_REVIEW_AFTER if self.decided_on else None

    @property
    def pro_lines(self) -> list[str]:
        """Reasons for it, one per line."""
        return _lines(self.pros)

    @property
    def con_lines(self) -> list[str]:
        """Reasons against it, one per line."""
        return _lines(self.cons)

    @property
    def headline(self) -> str:
        """Organisation and summary in one line."""
        return ". ".join(filter(None, [self.organisation, self.summary]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
