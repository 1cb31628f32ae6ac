"""Reads over the catalogue: searching occupations as somebody types, and the credits that must be shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.db import connection

from careerplan.catalogue.folding import fold
from careerplan.catalogue.models import Occupation
from careerplan.catalogue.sources import Source, source_of
from careerplan.core.http import parse_id

QUERY_LENGTH, MOST_WORDS = 100, 8
"""Longer texts are cut: no title is longer than this, and every word costs."""
ENOUGH = 3
"""With fewer hits that have every word, we also look for titles that are spelled alike."""
ALIKE = 0.3
"""How alike two spellings must be (0 to 1, shared trigrams); also the default of pg_trgm's % operator."""


def occupation_by_id(text: str) -> Occupation | None:
    """The occupation on offer whose id stands in an address, else None. One query, or none."""
    key = parse_id(text)
    return Occupation.objects.current().filter(pk=key).first() if key is not None else None


@dataclass(frozen=True, slots=True)
class OccupationHit:
    """One occupation found. `matched`: the other title that fits, blank where it is the title itself."""

    pk: int
    code: str
    title: str
    matched: str
    description: str
    is_rated: bool


# Points, best first. The closest spelling wins: similarity, 0 to 1, in full for a title and nearly so for
# another title of ours; less for one of a release, because those hold oddities ("Police" for a
# secretary). Added to it:
#   1    every word of the text is in it                         0.1  it begins with the text
#   1    the text is the whole title (a release's title: 0.1)    0.1  we ship the occupation: it is common
_SEARCH = """
WITH hit AS (
    SELECT id AS occupation_id, folded, '' AS matched, 1.0 AS weight, 1.0 AS whole
    FROM catalogue_occupation WHERE {condition}
    UNION ALL
    SELECT occupation_id, folded, title,
        CASE WHEN is_curated THEN 0.9 ELSE 0.4 END, CASE WHEN is_curated THEN 1.0 ELSE 0.1 END
    FROM catalogue_occupationtitle WHERE {condition}
), best AS (
    SELECT DISTINCT ON (occupation_id) occupation_id, matched,
        {base} + weight * similarity(folded, %(text)s)
        + CASE WHEN folded = %(text)s THEN whole WHEN starts_with(folded, %(text)s) THEN 0.1 ELSE 0 END
        AS points
    FROM hit
    ORDER BY occupation_id, points DESC, matched
)
SELECT o.id, o.code, o.title, best.matched, o.description, o.is_rated
FROM best JOIN catalogue_occupation o ON o.id = best.occupation_id
WHERE o.is_current
ORDER BY points + CASE WHEN o.is_starter THEN 0.1 ELSE 0 END DESC, length(o.title), o.title
LIMIT %(limit)s
"""
_WITH_EVERY_WORD = _SEARCH.format(
    condition="to_tsvector('simple'::regconfig, COALESCE(folded, '')) @@ to_tsquery('simple', %(words)s)",
    base="1",
)
_SPELLED_ALIKE = _SEARCH.format(condition="folded %% %(text)s AND similarity(folded, %(text)s) >= %(alike)s", base="0")


def search_occupations(text: str, limit: int = 10) -> list[OccupationHit]:
    """The occupations on offer whose title or other title fits what somebody typed, best first.

    The order of words, accents, plurals and the end of each word do not matter; where that finds too little,
    titles that are spelled alike follow. Takes any text at all; blank finds nothing. One query, or two.
    """
    # An accent may come as a character of its own, which would part the word.
    folded = fold(unicodedata.normalize("NFC", text[:QUERY_LENGTH]))
    words = re.findall(r"[a-z0-9]+", folded)[:MOST_WORDS]
    if not words or limit < 1:
        return []
    values: dict[str, str | float] = {
        "text": folded,
        "words": " & ".join(f"({' | '.join(f'{form}:*' for form in _forms(word))})" for word in words),
        "alike": ALIKE,
        "limit": limit,
    }
    hits = _run(_WITH_EVERY_WORD, values)
    if len(hits) < min(ENOUGH, limit):
        known = {hit.pk for hit in hits}
        hits += [hit for hit in _run(_SPELLED_ALIKE, values) if hit.pk not in known]
    return hits[:limit]


def _forms(word: str) -> list[str]:
    """The word and, where it looks like a plural, its singular."""
    if len(word) > 4 and word.endswith("ies"):
        return [word, word[:-3] + "y"]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return [word, word[:-1]]
    return [word]


def _run(query: str, values: dict[str, str | float]) -> list[OccupationHit]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [OccupationHit(*row) for row in cursor.fetchall()]


def sources_in_use() -> list[Source]:
    """The sources whose figures the catalogue holds: their credits belong on the pages that show them."""
    keys = Occupation.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    return [source for key in keys if (source := source_of(key))]
