"""Occupations, the titles people search for, and what each occupation asks for."""

from __future__ import annotations

from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now, Substr
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models.skills import Skill

HALF = Decimal("0.5")

_ACCENTED = "àáâãäåāçćčèéêëēěìíîïīñńòóôõöøōšśùúûüūýÿžźż"
_PLAIN = "aaaaaaaccceeeeeeiiiiinnooooooossuuuuuyyzzz"
FOLDED_FROM = ascii_uppercase + _ACCENTED + _ACCENTED.upper()
FOLDED_TO = ascii_lowercase + _PLAIN * 2


class Folded(Func):
    """A title as it is searched: lower case, without accents, one space between words.

    Built of immutable functions only, so PostgreSQL can keep it as a generated column and index it, and of
    none that asks the locale, so it is the same everywhere (`queries.fold` is its twin). "+" and "#" stay:
    they tell C++ and C# from C. Migrations use it: a change here needs one that makes the columns anew.
    """

    output_field = models.TextField()
    template = (
        f"btrim(regexp_replace(translate(%(expressions)s, '{FOLDED_FROM}', '{FOLDED_TO}'), '[^a-z0-9+#]+', ' ', 'g'))"
    )
    arity = 1


class EducationLevel(models.TextChoices):
    """Levels of education, lowest first: what is typical of an occupation, what a person has."""

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
        """Place in the order, 0 for none; the difference of two ranks says how far apart they are."""
        return list(type(self)).index(self)


class OccupationQuerySet(models.QuerySet["Occupation"]):
    def current(self) -> OccupationQuerySet:
        """Those on offer: not withdrawn by a later release of the source."""
        return self.filter(is_current=True)

    def current_or(self, pk: int | None) -> OccupationQuerySet:
        """Those on offer, and the one that somebody chose before it was withdrawn."""
        return self.filter(Q(is_current=True) | Q(pk=pk))

    def rated(self) -> OccupationQuerySet:
        """Those with needs; only they can be compared with anybody's ratings."""
        return self.filter(is_rated=True)


class Occupation(models.Model):
    """One occupation. Without needs it is "not rated" (`is_rated` false): not the same as needing nothing."""

    code = models.CharField(_("code"), max_length=10, unique=True, help_text=_("O*NET-SOC, such as 11-1011.00"))
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    job_zone = models.PositiveSmallIntegerField(_("job zone"), null=True, blank=True)
    typical_education = models.CharField(_("typical education"), max_length=12, choices=EducationLevel, blank=True)
    is_rated = models.BooleanField(_("rated"), default=False)
    is_starter = models.BooleanField(_("shipped with Careerplan"), default=False)
    is_current = models.BooleanField(_("on offer"), default=True)
    major_group = models.GeneratedField(
        expression=Substr("code", 1, 2), output_field=models.CharField(max_length=2), db_persist=True
    )
    source = models.CharField(_("source of the figures"), max_length=40, blank=True)
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
            models.CheckConstraint(name="occupation_rated_has_source", condition=Q(is_rated=False) | ~Q(source="")),
        ]

    def __str__(self) -> str:
        return self.title


class OccupationTitle(models.Model):
    """Another title people search for. `is_ours` marks those we wrote, which no release may take away."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="other_titles", verbose_name=_("occupation")
    )
    title = models.CharField(_("title"), max_length=150)
    is_ours = models.BooleanField(_("written by us"), default=False)
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
    """How much of one skill one occupation asks for.

    `level` is 0 to 5 on our scale, `importance` 1 to 5; both to two decimals. Shown as a whole number, a
    level is rounded half up (`whole_level`). `low_precision`: the source itself advises caution, or the
    figure was carried over from another scale.
    """

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="needs", verbose_name=_("occupation")
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="occupation_needs", verbose_name=_("skill"))
    level = models.DecimalField(_("needed level"), max_digits=3, decimal_places=2)
    importance = models.DecimalField(_("importance"), max_digits=3, decimal_places=2)
    low_precision = models.BooleanField(_("low precision"), default=False)

    class Meta:
        verbose_name = _("need of an occupation")
        verbose_name_plural = _("needs of occupations")
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupationneed_unique"),
            models.CheckConstraint(name="occupationneed_level_range", condition=Q(level__range=(0, 5))),
            models.CheckConstraint(name="occupationneed_importance_range", condition=Q(importance__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id}: {self.skill_id} {self.level}"

    @property
    def whole_level(self) -> int:
        """The needed level as it is shown: 0 to 5, a half rounded up."""
        return int(self.level + HALF)
