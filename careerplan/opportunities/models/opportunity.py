"""The opportunity itself: what it is, what was decided on it and how that looks later."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.plans.models import Plan
from careerplan.plans.triggers import keep_archived

TITLE_LENGTH = 200
LINK_LENGTH = 1000
WORDS_LENGTH = 2000
NOT_BLANK = r"\S"
WEB_ADDRESS = r"^https?://[^\s/]\S*$"
JUDGED_AFTER = timedelta(days=90)
"""How long after a decision the question comes whether it was right (PRODUCT.md, what nobody else has)."""


class Score(models.IntegerChoices):
    """How well something answers a wish."""

    NOT_AT_ALL = 1, _("Not at all")
    HARDLY = 2, _("Hardly")
    PARTLY = 3, _("Partly")
    CLOSE = 4, _("Close")
    FULLY = 5, _("Fully")


class OpportunityQuerySet(OwnedQuerySet["Opportunity"]):
    """Opportunities of people."""

    owner_path = "plan__user"

    def open(self) -> "OpportunityQuerySet":
        """Those that can still be won: considered, or pursued."""
        return self.filter(state__in=Opportunity.OPEN_STATES)

    def of_active_plans(self) -> "OpportunityQuerySet":
        """Those of plans that are worked on."""
        return self.filter(plan__state=Plan.State.ACTIVE)


@track_history()
class Opportunity(models.Model):
    """One chance. `pros` and `cons` hold one reason a line, in the person's own words.

    `decided_at` is when it was last decided to pursue or decline it; `outcome_at` when it was won or lost. What was
    said at a decision stays when it is opened again, and is shown at the next one.
    """

    class State(models.TextChoices):
        """PRODUCT.md, nouns."""

        CONSIDERING = "considering", _("Considering")
        PURSUING = "pursuing", _("Pursuing")
        DECLINED = "declined", _("Declined")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    class Judgement(models.TextChoices):
        """Was the decision right, as seen later?"""

        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    OPEN_STATES: ClassVar = ("considering", "pursuing")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="opportunities")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    organisation = models.CharField(_("organisation"), max_length=TITLE_LENGTH, blank=True)
    link = models.CharField(_("link"), max_length=LINK_LENGTH, blank=True)
    closes_on = models.DateField(_("closes"), null=True, blank=True)
    closes_set_at = models.DateTimeField(_("closing date set at"), null=True, blank=True)
    summary = models.CharField(_("what it is"), max_length=300, blank=True)
    pros = models.TextField(_("for"), max_length=WORDS_LENGTH, blank=True)
    cons = models.TextField(_("against"), max_length=WORDS_LENGTH, blank=True)
    vision_score = models.PositiveSmallIntegerField(_("fit with the vision"), choices=Score, null=True, blank=True)
    weighed_at = models.DateTimeField(_("last weighed"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.CONSIDERING)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("why"), max_length=WORDS_LENGTH, blank=True)
    outcome_at = models.DateTimeField(_("outcome known at"), null=True, blank=True)
    judgement = models.CharField(_("was it right?"), max_length=6, choices=Judgement, blank=True)
    judgement_note = models.TextField(_("note"), max_length=WORDS_LENGTH, blank=True)
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    # The form that made it carries a key: a double click or a reload makes one opportunity, not two.
    form_key = models.UUIDField()

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering: ClassVar = [F("closes_on").asc(nulls_last=True), "id"]
        indexes: ClassVar = [
            # For the reminders: what closes, and which decisions are to be looked back on.
            models.Index(
                fields=["closes_on", "id"],
                condition=Q(state__in=["considering", "pursuing"], closes_on__isnull=False),
                name="opportunities_closing",
            ),
            models.Index(
                fields=["decided_at", "id"],
                condition=Q(decided_at__isnull=False, judged_at__isnull=True),
                name="opportunities_to_judge",
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
                condition=Q(judgement="", judged_at__isnull=True)
                | Q(
                    judgement__in=["yes", "partly", "no"],
                    decided_at__isnull=False,
                    judged_at__isnull=False,
                    judged_at__gte=F("decided_at"),
                ),
                name="opportunities_judged_after_decision",
            ),
        ]
        triggers: ClassVar = [
            keep_archived("opportunities_opportunity"),
            immutable_fk("opportunities", "plan_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("opportunities:detail", args=[self.pk])

    @property
    def is_considering(self) -> bool:
        """Whether nothing is decided."""
        return self.state == self.State.CONSIDERING

    @property
    def is_open(self) -> bool:
        """Whether it can still be won."""
        return self.state in self.OPEN_STATES

    @property
    def decided_on(self) -> date | None:
        """The day of the decision, in the reader's time zone."""
        return timezone.localdate(self.decided_at) if self.decided_at else None

    @property
    def outcome_on(self) -> date | None:
        """The day on which the outcome was known, in the reader's time zone."""
        return timezone.localdate(self.outcome_at) if self.outcome_at else None

    @property
    def judged_on(self) -> date | None:
        """The day on which the decision was looked back on, in the reader's time zone."""
        return timezone.localdate(self.judged_at) if self.judged_at else None

    @property
    def judged_from(self) -> date | None:
        """From which day on it is asked whether the decision was right."""
        return self.decided_on + JUDGED_AFTER if self.decided_on else None

    @property
    def pro_lines(self) -> list[str]:
        """What speaks for it, a line each."""
        return _lines(self.pros)

    @property
    def con_lines(self) -> list[str]:
        """What speaks against it, a line each."""
        return _lines(self.cons)

    @property
    def about(self) -> str:
        """Who offers it and what it is, in one line."""
        return ". ".join(filter(None, [self.organisation, self.summary]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
