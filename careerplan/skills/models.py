"""Models of an assessment with its ratings, answers about tasks and activities, and education.

It is a draft until it is finished, then read-only (readonly_rules.py).
"""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.catalogue.models import EducationLevel, Occupation, Skill
from careerplan.core.models import OwnedQuerySet
from careerplan.plans.models import Direction

LEVEL_MAX = 5
EVIDENCE_LENGTH = TASK_LENGTH = 300
CONFIRMED_FOR = timedelta(days=365)
"""How long a rating stays current; after that it is shown as over a year old, and asked again."""
LONG_TEXT_LENGTH = 2000
ACTIVITY_LENGTH = 40
MOST_QUESTION_PAGES = 20


class Level(models.IntegerChoices):
    """Level of a skill (PRODUCT.md, the journey, 2). "Not sure" is no level: null."""

    NONE = 0, _("None")
    BEGINNER = 1, _("Beginner")
    BASIC = 2, _("Basic")
    SKILLED = 3, _("Skilled")
    ADVANCED = 4, _("Advanced")
    EXPERT = 5, _("Expert")

    @property
    def phrase(self) -> str:
        """Return the level in words: "2 basic"."""
        return str(LEVEL_PHRASES[self])

    @property
    def adjective(self) -> str:
        """Return the level as it is in the middle of a sentence: "basic"."""
        return str(LEVEL_ADJECTIVES[self])


LEVEL_PHRASES = (_("0 none"), _("1 beginner"), _("2 basic"), _("3 skilled"), _("4 advanced"), _("5 expert"))
LEVEL_ADJECTIVES = (
    pgettext_lazy("level in a sentence", "none"),
    pgettext_lazy("level in a sentence", "beginner"),
    pgettext_lazy("level in a sentence", "basic"),
    pgettext_lazy("level in a sentence", "skilled"),
    pgettext_lazy("level in a sentence", "advanced"),
    pgettext_lazy("level in a sentence", "expert"),
)


class Liking(models.IntegerChoices):
    """How much someone would like an activity. An activity without an answer is null, never a number."""

    STRONGLY_DISLIKE = 1, pgettext_lazy("liking", "Strongly dislike")
    DISLIKE = 2, pgettext_lazy("liking", "Dislike")
    NEITHER = 3, pgettext_lazy("liking", "Neither")
    LIKE = 4, pgettext_lazy("liking", "Like")
    STRONGLY_LIKE = 5, pgettext_lazy("liking", "Strongly like")


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


class Rating(models.Model):
    """A skill in an assessment. No row: not asked or not answered; level null: "not sure"."""

    class Category(models.TextChoices):
        """Strength or weakness; blank until the user has sorted it."""

        STRENGTH = "strength", _("Strength")
        NEITHER = "neither", _("Neither")
        WEAKNESS = "weakness", _("Weakness")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ratings")
    # RESTRICT: an own skill is deleted together with its assessments, and never alone.
    skill = models.ForeignKey(Skill, on_delete=models.RESTRICT, related_name="ratings")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, null=True, blank=True, validators=[MaxValueValidator(LEVEL_MAX)]
    )
    category = models.CharField(_("strength or weakness"), max_length=8, choices=Category, blank=True)
    wants_to_learn = models.BooleanField(_("wants to learn this skill"), null=True, blank=True)
    evidence = models.CharField(_("example"), max_length=EVIDENCE_LENGTH, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "skill"], name="skills_rating_once"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(0, LEVEL_MAX)), name="skills_rating_level_range"
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", "strength", "neither", "weakness"]), name="skills_rating_category_known"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=False) | Q(category=""), name="skills_rating_category_needs_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.level}"


class TaskAnswer(models.Model):
    """A task of an occupation as it was asked, and whether the user has done it.

    No row: not asked. Experience blank: asked and left open. The text is kept here and is no reference to the task, so
    that results say what was asked even if the catalogue words it differently now. Answers about an occupation that is
    no longer the target stay.
    """

    class Experience(models.TextChoices):
        """How far the user has done a task."""

        NEVER = "never", _("Never")
        WITH_HELP = "help", _("With help")
        ALONE = "alone", _("Alone")
        TAUGHT = "taught", _("Taught others")

        @property
        def is_done(self) -> bool:
            """Return whether the user has done it without help."""
            return self in (TaskAnswer.Experience.ALONE, TaskAnswer.Experience.TAUGHT)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="task_answers")
    # RESTRICT: no release deletes an occupation, it is only no longer current.
    occupation = models.ForeignKey(Occupation, on_delete=models.RESTRICT, related_name="+")
    text = models.CharField(_("task"), max_length=TASK_LENGTH)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    experience = models.CharField(_("experience"), max_length=6, choices=Experience, blank=True)
    evidence = models.CharField(_("example"), max_length=EVIDENCE_LENGTH, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("answer about a task")
        verbose_name_plural = _("answers about tasks")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "occupation", "text"], name="skills_taskanswer_once"),
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="skills_taskanswer_text_not_blank"),
            models.CheckConstraint(
                condition=Q(experience__in=["", "never", "help", "alone", "taught"]),
                name="skills_taskanswer_experience_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.experience}"


class InterestAnswer(models.Model):
    """How much the user would like an activity (catalogue/interests.py), in an assessment.

    No row: not asked yet; liking null: asked, and left without an answer.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="interest_answers")
    activity = models.CharField(_("activity"), max_length=ACTIVITY_LENGTH)
    liking = models.PositiveSmallIntegerField(_("liking"), choices=Liking, null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("answer about an activity")
        verbose_name_plural = _("answers about activities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "activity"], name="skills_interest_once"),
            models.CheckConstraint(
                condition=Q(liking__isnull=True) | Q(liking__range=(Liking.STRONGLY_DISLIKE, Liking.STRONGLY_LIKE)),
                name="skills_interest_liking_range",
            ),
            models.CheckConstraint(
                condition=Q(activity__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="skills_interest_activity_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.liking}"


class Education(models.Model):
    """The user's education, and whether it is enough for the target role."""

    class Enough(models.TextChoices):
        """Whether the user thinks it is enough."""

        YES = "yes", _("Yes, it is enough")
        NO = "no", _("No, something is missing")
        UNSURE = "unsure", _("I am not sure")

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="education")
    level = models.CharField(_("highest level"), max_length=12, choices=EducationLevel, blank=True)
    field = models.CharField(_("field"), max_length=200, blank=True)
    credentials = models.TextField(_("certificates"), max_length=LONG_TEXT_LENGTH, blank=True)
    enough = models.CharField(_("enough for the target"), max_length=6, choices=Enough, blank=True)
    missing = models.TextField(_("what is missing"), max_length=LONG_TEXT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("education")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__in=["", *EducationLevel.values]), name="skills_education_level_known"
            ),
            models.CheckConstraint(
                condition=Q(enough__in=["", "yes", "no", "unsure"]), name="skills_education_enough_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def stated_missing(self) -> str:
        """Return what is missing, in the user's words, if they say that something is.

        `missing` itself does not change, so that it is shown again if they change their mind.
        """
        return self.missing if self.enough == self.Enough.NO else ""
