"""Skills: those that everyone has, which only the loaders write, and those that a user adds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careerplan.matching.levels import ItemKind, level_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

LEVEL_MIN, LEVEL_MAX = 0, 5
"""The scale: 0 none, 1 beginner, 2 basic, 3 skilled, 4 advanced, 5 expert; each skill has a sentence for each level."""


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
        """Return the level (0 to 5) that stands for a published figure (0 to 7) of this skill."""
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
