"""An assessment: a draft until it is finished, then read-only."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Occupation
from careerplan.core.models import OwnedQuerySet
from careerplan.plans.models import Direction

CONFIRMED_FOR = timedelta(days=365)
"""How long a rating stays current; after that it is shown as over a year old, and asked again."""
MOST_QUESTION_PAGES = 20


class AssessmentQuerySet(OwnedQuerySet["Assessment"]):
    def drafts(self) -> "AssessmentQuerySet":
        """Return unfinished assessments; a user has at most one."""
        return self.filter(finished_at__isnull=True)

    def finished(self) -> "AssessmentQuerySet":
        """Return finished assessments, newest first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")


class Assessment(Direction):
    """An assessment. The newest finished one holds the user's current skills."""

    class Mode(models.TextChoices):
        """How many skills are rated."""

        QUICK = "quick", _("Quick")
        FULL = "full", _("Full")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assessments")
    mode = models.CharField(_("mode"), max_length=5, choices=Mode)
    current_occupation = models.ForeignKey(
        Occupation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current occupation"),
    )
    current_unlisted = models.BooleanField(
        _("current role in no occupation"),
        default=False,
        help_text=_("The user was asked, and kept their own words."),
    )
    target_unlisted = models.BooleanField(
        _("target role in no occupation"),
        default=False,
        help_text=_("The user was asked, and kept their own words."),
    )
    target_undecided = models.BooleanField(_("target not decided"), default=False)
    started_at = models.DateTimeField(_("started"))
    saved_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    limited_to = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("only these skills (ids)"),
        null=True,
        blank=True,
        help_text=_(
            "A retake may ask about some skills only, or with an empty list about interests only. "
            "If not set, the mode decides."
        ),
    )
    also_asked = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("also these skills (ids)"),
        null=True,
        blank=True,
        help_text=_("Chosen by the user, for example from a CV. Always included, in both modes."),
    )
    questions = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("questions chosen by the answers (ids of skills)"),
        null=True,
        blank=True,
        help_text=_("Quick mode only, in order, 5 to a page."),
    )
    question_pages = models.PositiveSmallIntegerField(
        _("pages of questions"),
        default=0,
        validators=[MaxValueValidator(MOST_QUESTION_PAGES)],
        help_text=_("How many pages there will be, those not chosen yet included."),
    )
    version = models.PositiveIntegerField(
        _("version"), default=0, help_text=_("Increases with each save, to detect edits in two tabs.")
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta(Direction.Meta):
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints: ClassVar = [
            *Direction.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], condition=Q(finished_at__isnull=True), name="skills_assessment_one_draft"
            ),
            models.CheckConstraint(condition=Q(mode__in=["quick", "full"]), name="skills_assessment_mode_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="skills_assessment_finished_after_start",
            ),
            models.CheckConstraint(
                condition=Q(question_pages__lte=MOST_QUESTION_PAGES), name="skills_assessment_question_pages"
            ),
            models.CheckConstraint(
                condition=Q(target_undecided=False) | Q(target_role="", target_occupation__isnull=True),
                name="skills_assessment_undecided_has_no_target",
            ),
            models.CheckConstraint(
                condition=Q(target_unlisted=False) | Q(target_occupation__isnull=True),
                name="skills_assessment_target_unlisted",
            ),
            models.CheckConstraint(
                condition=Q(current_unlisted=False) | Q(current_occupation__isnull=True),
                name="skills_assessment_current_unlisted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "-finished_at"],
                condition=Q(finished_at__isnull=False),
                name="skills_assessment_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("skills:result", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Return whether it is finished and read-only."""
        return self.finished_at is not None

    @property
    def is_quick(self) -> bool:
        return self.mode == self.Mode.QUICK

    @property
    def asks_interests(self) -> bool:
        """Return whether it asks what the user likes: not if it is limited to some skills."""
        return not self.limited_to

    @property
    def is_target_answered(self) -> bool:
        """Return whether the target is an occupation, own words that the user wants to keep, or not known yet."""
        return self.target_occupation_id is not None or self.target_unlisted or self.target_undecided

    @property
    def target_name(self) -> str:
        """Return the target role: in the user's words, else the catalogue's title, else blank."""
        if self.target_role or self.target_occupation is None:
            return self.target_role
        return self.target_occupation.title
