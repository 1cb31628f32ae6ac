"""Skills and the groups the wizard shows them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
    """A handful of skills that are asked about together: one page of the wizard, one axis of the radar."""

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
        """The skills everybody has."""
        return self.filter(owner__isnull=True)

    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> SkillQuerySet:
        """The skills this user added: what they may rename or delete."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> SkillQuerySet:
        """The catalogue and the user's own, put away or not: what stands in their results and goals."""
        own = Q(owner_id=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(Q(owner__isnull=True) | own)

    def in_use(self) -> SkillQuerySet:
        """Those that were not put away: what may be asked about."""
        return self.filter(put_away_at__isnull=True)

    def named(self, name: str) -> SkillQuerySet:
        """Those of this name, whatever the case; compared as the constraint on a user's own skills compares."""
        return self.alias(lower_name=Lower("name")).filter(lower_name=Lower(models.Value(name)))

    def core(self) -> SkillQuerySet:
        """The ten that quick mode asks when there is no target."""
        return self.catalogue().filter(is_core=True)

    def in_order(self) -> SkillQuerySet:
        """By group, each in one piece, and place in it; a user's own skills last, by name."""
        return self.select_related("group").order_by(
            models.F("group__position").asc(nulls_last=True), "group_id", "position", "name", "pk"
        )


class Skill(models.Model):
    """One skill of the catalogue, or (with an owner) one that a user added for themselves."""

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
    level_3 = models.TextField(_("example of somebody skilled"), blank=True)
    level_4 = models.TextField(_("example of an advanced level"), blank=True)
    level_5 = models.TextField(_("example of an expert"), blank=True)
    external_code = models.CharField(_("O*NET element id"), max_length=20, blank=True)
    is_core = models.BooleanField(_("asked in quick mode without a target"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="own_skills",
        null=True,
        blank=True,
        verbose_name=_("owner"),
    )
    put_away_at = models.DateTimeField(
        _("put away"),
        null=True,
        blank=True,
        help_text=_("The owner deleted it; finished results that rate it keep it."),
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
                violation_error_message=_("You already have a skill of this name."),
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
                name="skill_put_away_is_own", condition=Q(put_away_at__isnull=True) | Q(owner__isnull=False)
            ),
            models.CheckConstraint(name="skill_own_is_not_core", condition=Q(owner__isnull=True) | Q(is_core=False)),
            models.CheckConstraint(
                name="skill_name_not_blank",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message=_("Give the skill a name."),
            ),
            models.CheckConstraint(name="skill_kind_known", condition=Q(kind__in=SkillKind.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether a user added it, rather than the catalogue."""
        return self.owner_id is not None

    def example(self, level: int) -> str:
        """What somebody at this level (0 to 5) would say; a general sentence where the skill has none.

        Raises ValueError for any other level.
        """
        if not LEVEL_MIN <= level <= LEVEL_MAX:
            raise ValueError(f"a level is {LEVEL_MIN} to {LEVEL_MAX}, not {level!r}")
        text: str = getattr(self, f"level_{level}") if level else ""
        return text or _general_example(level)


def _general_example(level: int) -> str:
    """For level 0, which is the same for every skill, and for a user's own skills, which have no examples."""
    return (
        gettext("I have not done this."),
        gettext("I have tried it, with somebody to help me."),
        gettext("I do the simple parts on my own."),
        gettext("I do it on my own, and well enough to rely on."),
        gettext("I do the difficult cases, and others ask me."),
        gettext("I teach it, or change how it is done around me."),
    )[level]
