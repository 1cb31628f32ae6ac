"""Skills, occupations and the skills that occupations need: reference data that only the loaders write.

The exception is a skill that a user adds: a Skill with an owner and without a group.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Substr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.folding import Folded
from careerplan.matching.levels import ItemKind, level_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

LEVEL_MIN, LEVEL_MAX = 0, 5
"""The scale: 0 none, 1 beginner, 2 basic, 3 skilled, 4 advanced, 5 expert (PRODUCT.md, guided assessment)."""


class SkillKind(models.TextChoices):
    WORK = "work", _("Work skill")
    PEOPLE = "people", _("People skill")
    KNOWLEDGE = "knowledge", _("Knowledge")


class SkillGroup(models.Model):
    """A few skills that are rated together: one page of the wizard, one axis of the radar chart."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=SkillKind)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("skill group")
        verbose_name_plural = _("skill groups")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="skillgroup_name_not_blank", condition=~Q(name__regex=r"^\s*$")),
            models.CheckConstraint(name="skillgroup_kind_known", condition=Q(kind__in=SkillKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class SkillQuerySet(models.QuerySet["Skill"]):
    def catalogue(self) -> SkillQuerySet:
        """Return the skills that everyone has."""
        return self.filter(owner__isnull=True)

    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> SkillQuerySet:
        """Return the skills that this user added and may rename or delete."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> SkillQuerySet:
        """Return the catalogue and the user's own skills, archived or not, for results and goals."""
        own = Q(owner_id=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(Q(owner__isnull=True) | own)

    def in_use(self) -> SkillQuerySet:
        """Return skills that are not archived and may be rated."""
        return self.filter(archived_at__isnull=True)

    def named(self, name: str) -> SkillQuerySet:
        """Return skills with this name in any case, compared as the constraint on own skills compares."""
        return self.alias(lower_name=Lower("name")).filter(lower_name=Lower(models.Value(name)))

    def core(self) -> SkillQuerySet:
        """Return the ten skills of the quick assessment without a target."""
        return self.catalogue().filter(is_core=True)

    def in_order(self) -> SkillQuerySet:
        """Order by group and position; a user's own skills come last, by name."""
        return self.select_related("group").order_by(
            models.F("group__position").asc(nulls_last=True), "group_id", "position", "name", "pk"
        )


class Skill(models.Model):
    """A skill of the catalogue, or (with an owner) one that a user added."""

    key = models.SlugField(_("key"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=80)
    group = models.ForeignKey(
        SkillGroup,
        on_delete=models.PROTECT,
        related_name="skills",
        null=True,
        blank=True,
        verbose_name=_("group"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SkillKind, default=SkillKind.WORK)
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)
    level_1 = models.TextField(_("example of a beginner"), blank=True)
    level_2 = models.TextField(_("example of a basic level"), blank=True)
    level_3 = models.TextField(_("example of a skilled level"), blank=True)
    level_4 = models.TextField(_("example of an advanced level"), blank=True)
    level_5 = models.TextField(_("example of an expert"), blank=True)
    external_code = models.CharField(_("O*NET element id"), max_length=20, blank=True)
    is_core = models.BooleanField(_("asked in quick mode without a target"), default=False)
    spread = models.DecimalField(
        _("spread over occupations"),
        max_digits=3,
        decimal_places=2,
        default=1,
        help_text=_("Standard deviation over all rated occupations, on a scale of 0 to 7."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="own_skills",
        null=True,
        blank=True,
        verbose_name=_("owner"),
    )
    archived_at = models.DateTimeField(
        _("archived"),
        null=True,
        blank=True,
        help_text=_("The owner deleted this skill. Finished results still show it."),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(name="skill_catalogue_key_unique", fields=["key"], condition=Q(owner__isnull=True)),
            models.UniqueConstraint(
                "owner",
                Lower("name"),
                name="skill_own_name_unique",
                condition=Q(owner__isnull=False),
                violation_error_message=_("You already have a skill with this name."),
            ),
            models.UniqueConstraint(
                name="skill_external_code_unique",
                fields=["external_code"],
                condition=Q(owner__isnull=True) & ~Q(external_code=""),
            ),
            models.CheckConstraint(
                name="skill_group_iff_catalogue",
                condition=Q(owner__isnull=True, group__isnull=False) | Q(owner__isnull=False, group__isnull=True),
            ),
            models.CheckConstraint(name="skill_catalogue_has_key", condition=Q(owner__isnull=False) | ~Q(key="")),
            models.CheckConstraint(
                name="skill_archived_is_own", condition=Q(archived_at__isnull=True) | Q(owner__isnull=False)
            ),
            models.CheckConstraint(name="skill_own_is_not_core", condition=Q(owner__isnull=True) | Q(is_core=False)),
            models.CheckConstraint(
                name="skill_name_not_blank",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message=_("Enter a name for the skill."),
            ),
            models.CheckConstraint(name="skill_kind_known", condition=Q(kind__in=SkillKind.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def item_kind(self) -> ItemKind:
        """Return whether its figures are those of a skill or of a field of knowledge."""
        return ItemKind.KNOWLEDGE if self.kind == SkillKind.KNOWLEDGE else ItemKind.SKILL

    def level_of(self, figure: Decimal) -> int:
        """Return a figure (0 to 7) as a level (0 to 5)."""
        return level_of(float(figure), self.item_kind)

    @property
    def is_own(self) -> bool:
        """Return whether a user added it."""
        return self.owner_id is not None

    def example(self, level: int) -> str:
        """Return what someone at this level (0 to 5) would say; a general sentence if the skill has none.

        Raises ValueError for any other level.
        """
        if not LEVEL_MIN <= level <= LEVEL_MAX:
            raise ValueError(f"a level is {LEVEL_MIN} to {LEVEL_MAX}, not {level!r}")
        text: str = getattr(self, f"level_{level}") if level else ""
        return text or _general_example(level)


def _general_example(level: int) -> str:
    """Return the sentence for level 0, the same for every skill, or for an own skill, which has no examples."""
    return (
        gettext("I have never done this at work or at home."),
        gettext("I have tried this with someone to help me."),
        gettext("I do the simple parts of this on my own."),
        gettext("I do this on my own, and others can rely on it."),
        gettext("I take on the difficult cases, and others ask me for advice."),
        gettext("I teach this, or set the standard that others follow."),
    )[level]


class EducationLevel(models.TextChoices):
    """Levels of education, lowest first: usual for an occupation, or held by a person."""

    NONE = "none", _("No certificate")
    SECONDARY = "secondary", _("Secondary school")
    VOCATIONAL = "vocational", _("Vocational training or certificate")
    SOME_COLLEGE = "some_college", _("Some college, no degree")
    ASSOCIATE = "associate", _("Associate or foundation degree")
    BACHELOR = "bachelor", _("Bachelor's degree")
    MASTER = "master", _("Master's degree")
    DOCTORATE = "doctorate", _("Doctorate or professional degree")

    @property
    def rank(self) -> int:
        """Return the position in the order, 0 for none. The difference of two ranks says how far apart they are."""
        return list(type(self)).index(self)


class OccupationQuerySet(models.QuerySet["Occupation"]):
    def current(self) -> OccupationQuerySet:
        """Return occupations that no later release has withdrawn."""
        return self.filter(is_current=True)

    def current_or(self, pk: int | None) -> OccupationQuerySet:
        """Return current occupations and one that someone chose before it was withdrawn."""
        return self.filter(Q(is_current=True) | Q(pk=pk))

    def rated(self) -> OccupationQuerySet:
        """Return occupations with needs; only they can be compared with ratings."""
        return self.filter(is_rated=True)


class Occupation(models.Model):
    """An occupation. Without needs it is not rated (`is_rated`), which is not the same as needing nothing."""

    code = models.CharField(_("code"), max_length=10, unique=True, help_text=_("O*NET-SOC, such as 11-1011.00"))
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    job_zone = models.PositiveSmallIntegerField(_("job zone"), null=True, blank=True)
    typical_education = models.CharField(_("typical education"), max_length=12, choices=EducationLevel, blank=True)
    interests = ArrayField(
        models.DecimalField(max_digits=3, decimal_places=2),
        verbose_name=_("interests"),
        default=list,
        blank=True,
        help_text=_("1 to 7 for each of the 6 interests, in their order. Empty if unknown."),
    )
    plural = models.CharField(_("people in this occupation"), max_length=150, blank=True)
    tools = ArrayField(models.CharField(max_length=60), verbose_name=_("tools"), default=list, blank=True)
    needs_licence = models.BooleanField(_("often needs a licence"), default=False)
    is_rated = models.BooleanField(_("rated"), default=False)
    is_starter = models.BooleanField(_("shipped with Careerplan"), default=False)
    is_current = models.BooleanField(_("current"), default=True)
    major_group = models.GeneratedField(
        expression=Substr("code", 1, 2), output_field=models.CharField(max_length=2), db_persist=True
    )
    source = models.CharField(_("source of the ratings"), max_length=40, blank=True)
    release = models.CharField(_("loaded from release"), max_length=20, blank=True)
    updated_at = models.DateTimeField(_("updated"), db_default=Now())
    folded = models.GeneratedField(expression=Folded("title"), output_field=models.TextField(), db_persist=True)

    objects = OccupationQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
        ordering = ["title"]
        indexes = [
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="occupation_title_trgm"),
            GinIndex(SearchVector("folded", config="simple"), name="occupation_title_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="occupation_code_form", condition=Q(code__regex=r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$")
            ),
            models.CheckConstraint(name="occupation_title_not_blank", condition=~Q(title__regex=r"^\s*$")),
            models.CheckConstraint(
                name="occupation_job_zone_range",
                condition=Q(job_zone__isnull=True) | Q(job_zone__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="occupation_education_known",
                condition=Q(typical_education__in=["", *EducationLevel.values]),
            ),
            models.CheckConstraint(
                name="occupation_interests_six_or_none", condition=Q(interests__len=0) | Q(interests__len=6)
            ),
            models.CheckConstraint(name="occupation_rated_has_source", condition=Q(is_rated=False) | ~Q(source="")),
        ]

    def __str__(self) -> str:
        return self.title


class OccupationTitle(models.Model):
    """Another title that people search for. `is_curated` marks our own titles, which no release removes."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="other_titles", verbose_name=_("occupation")
    )
    title = models.CharField(_("title"), max_length=150)
    is_curated = models.BooleanField(_("written by us"), default=False)
    folded = models.GeneratedField(expression=Folded("title"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = _("other title")
        verbose_name_plural = _("other titles")
        ordering = ["title"]
        indexes = [
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="occupationtitle_trgm"),
            GinIndex(SearchVector("folded", config="simple"), name="occupationtitle_words"),
        ]
        constraints = [
            models.UniqueConstraint("occupation", Lower("title"), name="occupationtitle_unique"),
            models.CheckConstraint(name="occupationtitle_not_blank", condition=~Q(title__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return self.title


class OccupationNeed(models.Model):
    """How much of one skill or field of knowledge an occupation needs.

    `figure` is the level on O*NET's scale (0 to 7), `level` the same in words (0 to 5, matching/levels.py).
    `importance` is 1 to 5. `low_precision`: the source itself advises caution, or the figure comes from another scale
    or from a related occupation.
    """

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="needs", verbose_name=_("occupation")
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="occupation_needs", verbose_name=_("skill"))
    figure = models.DecimalField(_("level, 0 to 7"), max_digits=3, decimal_places=2)
    level = models.PositiveSmallIntegerField(_("needed level"))
    importance = models.DecimalField(_("importance"), max_digits=3, decimal_places=2)
    low_precision = models.BooleanField(_("low precision"), default=False)

    class Meta:
        verbose_name = _("need of an occupation")
        verbose_name_plural = _("needs of occupations")
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupationneed_unique"),
            models.CheckConstraint(name="occupationneed_figure_range", condition=Q(figure__range=(0, 7))),
            models.CheckConstraint(name="occupationneed_level_range", condition=Q(level__range=(0, 5))),
            models.CheckConstraint(name="occupationneed_importance_range", condition=Q(importance__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id}: {self.skill_id} {self.level}"


class OccupationRelation(models.Model):
    """An occupation that experts call related to another, the closest first. `is_primary`: closely related."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="relations", verbose_name=_("occupation")
    )
    related = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="relations_from", verbose_name=_("related occupation")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    is_primary = models.BooleanField(_("closely related"), default=False)

    class Meta:
        verbose_name = _("related occupation")
        verbose_name_plural = _("related occupations")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "related"], name="occupationrelation_unique"),
            models.CheckConstraint(name="occupationrelation_not_itself", condition=~Q(occupation=F("related"))),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id}: {self.related_id}"


class OccupationTask(models.Model):
    """A task that people in an occupation do, the most telling first."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("occupation")
    )
    text = models.CharField(_("task"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("task of an occupation")
        verbose_name_plural = _("tasks of occupations")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "text"], name="occupationtask_unique"),
            models.CheckConstraint(name="occupationtask_not_blank", condition=~Q(text__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return self.text
