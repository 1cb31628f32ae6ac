"""The catalogue as matching sees it: a table of figures, read once a process and again when the catalogue changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from careerplan.catalogue.fields import occupation_path
from careerplan.catalogue.models import Occupation, OccupationNeed, OccupationRelation, Skill, SkillKind
from careerplan.catalogue.queries import sources_in_use
from careerplan.catalogue.sync import Source
from careerplan.matching.levels import ItemKind
from careerplan.matching.occupations import Floats, OccupationTable

INTERESTS = 6
LEADERSHIP = ("2.B.5.d", "2.C.1.a")
"""O*NET's elements for managing people, and for administration and management."""
LEAST_OCCUPATIONS = 5
"""Fewer cannot be ranked: a list has five."""


@dataclass(frozen=True, slots=True)
class OccupationFacts:
    """What is shown of an occupation in a list. `field`: the first two digits of its code, its major group."""

    pk: int
    code: str
    title: str
    plural: str
    field: str
    job_zone: int | None
    education: str
    needs_licence: bool = False

    @property
    def people(self) -> str:
        """Return the people in it, such as "electricians"; its title if the plural is unknown."""
        return self.plural or self.title

    @property
    def path(self) -> str:
        """Return the address of its public page; blank without one."""
        return occupation_path(self.code, self.title)


@dataclass(frozen=True)
class RankedOccupations:
    """The rated occupations: `facts` in the rows of the table, `columns` by skill id; the interests come last.

    `related` has the rows of the closely related occupations of each row, `leadership` the columns that say how much
    responsibility for people and an organisation an occupation has.
    """

    table: OccupationTable
    facts: Sequence[OccupationFacts]
    rows: Mapping[int, int]
    columns: Mapping[int, int]
    related: Sequence[Sequence[int]]
    leadership: Sequence[int] = ()

    @property
    def has_interests(self) -> bool:
        """Return whether the figures include the six interests."""
        return len(self.table.kinds) > len(self.columns)

    @property
    def interests(self) -> Floats:
        """Return the figures of the six interests (1 to 7), a row for each occupation."""
        return self.table.figures[:, len(self.columns) :]

    @cached_property
    def job_zones(self) -> NDArray[np.int_]:
        """Return the job zone of each row, 0 where it is unknown."""
        return np.array([facts.job_zone or 0 for facts in self.facts])

    @cached_property
    def fields(self) -> NDArray[np.str_]:
        """Return the field of each row."""
        return np.array([facts.field for facts in self.facts])

    @cached_property
    def responsibility(self) -> Floats:
        """Return how much each row leads people and an organisation, on the scale of the figures."""
        columns = list(self.leadership)
        return self.table.figures[:, columns].mean(axis=1) if columns else np.zeros(len(self.facts))

    def interest_column(self, number: int) -> int:
        """Return the column of an interest, 0 to 5 in their order."""
        return len(self.columns) + number


def ranked_occupations(version: tuple[object, ...] | None = None) -> RankedOccupations | None:
    """Return the table of all current rated occupations, None if there are too few. One query if nothing changed; none
    with the `version` of the catalogue.
    """
    return _read(version or catalogue_version())


@lru_cache(maxsize=1)
def sources_of(_version: tuple[object, ...]) -> list[Source]:
    """Return the sources of the levels in a version of the catalogue. One query a process."""
    return sources_in_use()


def catalogue_version() -> tuple[object, ...]:
    """Return a value that changes whenever an occupation, a need or what is shown of a skill does. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(id), max(updated_at), (SELECT max(id) FROM catalogue_occupationneed),"
            " (SELECT md5(string_agg(concat_ws('|', id, name, kind, spread), ',' ORDER BY id)) FROM catalogue_skill"
            " WHERE owner_id IS NULL)"
            " FROM catalogue_occupation"
        )
        row: tuple[object, ...] = cursor.fetchone()
    return row


@lru_cache(maxsize=1)
def _read(_version: tuple[object, ...]) -> RankedOccupations | None:
    occupations = list(Occupation.objects.current().rated().order_by("pk"))
    if len(occupations) < LEAST_OCCUPATIONS:
        return None
    rows = {occupation.pk: number for number, occupation in enumerate(occupations)}
    needs = list(
        OccupationNeed.objects.filter(occupation_id__in=rows).values_list("occupation_id", "skill_id", "figure")
    )
    skills = Skill.objects.filter(pk__in={skill_id for _pk, skill_id, _figure in needs}).order_by("pk")
    columns = {skill.pk: number for number, skill in enumerate(skills)}
    kinds = [ItemKind.KNOWLEDGE if skill.kind == SkillKind.KNOWLEDGE else ItemKind.SKILL for skill in skills]
    figures = np.full((len(rows), len(columns)), np.nan)
    for pk, skill_id, figure in needs:
        figures[rows[pk], columns[skill_id]] = float(figure)
    liked = np.array([list(map(float, one.interests)) or [np.nan] * INTERESTS for one in occupations])
    if not np.isnan(liked).all():
        figures = np.hstack([figures, liked])
        kinds += [ItemKind.INTEREST] * INTERESTS
    related: list[list[int]] = [[] for _ in rows]
    pairs = OccupationRelation.objects.filter(is_primary=True, occupation_id__in=rows, related_id__in=rows)
    for pk, other in pairs.order_by("position").values_list("occupation_id", "related_id"):
        related[rows[pk]].append(rows[other])
    return RankedOccupations(
        table=OccupationTable.of(_filled(figures), kinds),
        facts=[_facts(one) for one in occupations],
        rows=rows,
        columns=columns,
        related=related,
        leadership=[columns[skill.pk] for skill in skills if skill.external_code in LEADERSHIP],
    )


def _filled(figures: np.ndarray) -> np.ndarray:
    """Return the figures with the mean of all occupations where one has none."""
    return np.where(np.isnan(figures), np.nanmean(figures, axis=0), figures)


def _facts(one: Occupation) -> OccupationFacts:
    return OccupationFacts(
        one.pk,
        one.code,
        one.title,
        one.plural,
        one.major_group,
        one.job_zone,
        one.typical_education,
        one.needs_licence,
    )
