"""Occupations and their other titles: reference data that only the loaders write."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Substr
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.folding import Folded


class EducationLevel(models.TextChoices):
    """Levels of education, lowest first: usual for an occupation, or held by a person."""

    NONE = "none", _("No certificate")
    SECONDARY = "secondary", _("Secondary school")
    VOCATIONAL = "vocational", _("Vocational training or certificate")
    SOME_COLLEGE = "some_college", _("Some higher education, no degree")
    ASSOCIATE = "associate", _("Foundation degree or higher diploma")
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
