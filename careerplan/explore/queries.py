"""Queries of fields, lists and searches of occupations. Their number does not depend on the number of rows."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count
from django.utils.translation import gettext as _

from careerplan.catalogue.fields import FIELD_OF_GROUP, FIELDS, OccupationField, occupation_path, training_words
from careerplan.catalogue.models import EducationLevel, Occupation
from careerplan.catalogue.no_title import answer_without_title
from careerplan.catalogue.queries import OccupationHit, occupation_titled, search_occupations

MOST_HITS = 20
KEY = re.compile(r"(?:^|-)(?P<code>\d{2}-\d{4})(?:-(?P<detail>\d{2}))?$", re.ASCII)
"""The code at the end of an address, as `occupation_key` writes it."""


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field and its number of current occupations."""

    field: OccupationField
    count: int


def count_fields() -> list[FieldCount]:
    """Return the fields that have occupations, in their order. One query."""
    rows = Occupation.objects.current().order_by().values_list("major_group").annotate(Count("pk"))
    counts = dict(rows)
    return [FieldCount(field, counts[field.major_group]) for field in FIELDS if field.major_group in counts]


@dataclass(frozen=True, slots=True)
class OccupationLink:
    """An occupation in a list, with the address of its page. `note`: the other title that matched a search."""

    title: str
    path: str
    description: str
    education: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TrainingGroup:
    """The occupations of a field that take about the same training, by title."""

    heading: str
    occupations: list[OccupationLink]


def occupations_by_training(field: OccupationField) -> list[TrainingGroup]:
    """Return the current occupations of a field, shortest training first; unknown comes last. One query."""
    found = Occupation.objects.current().filter(major_group=field.major_group)
    rows = found.values_list("job_zone", "title", "code", "description", "typical_education")
    groups = groupby(sorted(rows, key=lambda row: (row[0] or 9, row[1])), key=lambda row: row[0])
    return [
        TrainingGroup(
            heading=training_words(zone) or _("Length of training unknown"),
            occupations=[
                OccupationLink(title, occupation_path(code, title), description, education_words(education))
                for _zone, title, code, description, education in of_zone
            ],
        )
        for zone, of_zone in groups
    ]


def education_words(level: str) -> str:
    """Return a level of education in words, blank for none."""
    return str(EducationLevel(level).label) if level else ""


def exact_path(text: str) -> str:
    """Return the address of the occupation with exactly this title; blank without one. At most two queries."""
    key = occupation_titled(text)
    found = Occupation.objects.filter(pk=key).values_list("code", "title").first() if key else None
    return occupation_path(*found) if found else ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Occupations with a title like the typed text, or only near to it; `answer` is for what is not an occupation."""

    occupations: list[OccupationLink]
    is_near: bool = False
    answer: str = ""

    @property
    def is_match(self) -> bool:
        """Return whether the whole text was found."""
        return bool(self.occupations) and not self.is_near


def find_occupations(text: str) -> SearchResult:
    """Return occupations for a typed text, or else the nearest. At most three queries."""
    hits = search_occupations(text, MOST_HITS)
    return SearchResult(_links(hits), bool(hits) and hits[0].is_near, answer_without_title(text))


def _links(hits: list[OccupationHit]) -> list[OccupationLink]:
    return [
        OccupationLink(hit.title, path, hit.description, note=hit.matched)
        for hit in hits
        if (path := occupation_path(hit.code, hit.title))
    ]


def occupation_by_key(key: str) -> Occupation | None:
    """Return the current occupation whose code an address ends with, or None. At most one query."""
    found = KEY.search(key)
    if found is None:
        return None
    code = f"{found['code']}.{found['detail'] or '00'}"
    groups = list(FIELD_OF_GROUP)
    return Occupation.objects.current().filter(code=code, major_group__in=groups).first()
