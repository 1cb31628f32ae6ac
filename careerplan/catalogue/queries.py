"""Catalogue queries: occupation search and source credits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from careerplan.catalogue.folding import fold
from careerplan.catalogue.models import Occupation, OccupationTitle
from careerplan.catalogue.sync import Source, source_of
from careerplan.core.http import parse_id
from careerplan.core.text import normalize_nfc, printable

QUERY_LENGTH, MOST_WORDS = 100, 8
"""Longer texts are cut: no title is longer, and every word takes time."""
ENOUGH = 3
"""With fewer hits that contain every word, we also search for titles with similar spelling."""
SENIORITY = "senior|junior|qualified|experienced|freelance|self employed|former|formerly|retired"
ALIKE = 0.3
"""Least similarity of two spellings (0 to 1, shared trigrams); also the default of pg_trgm's % operator."""


def occupation_by_id(text: str) -> Occupation | None:
    """Return the current occupation with an id from a URL, or None. At most one query."""
    key = parse_id(text)
    return Occupation.objects.current().filter(pk=key).first() if key is not None else None


def occupation_titled(text: str) -> int | None:
    """Return the current occupation (id) with exactly this title, or this other title of ours; None without one.

    Accents, case, punctuation, words of seniority, and what follows a comma or "at" ("Senior staff nurse, ward 12",
    "Electrician at Smith Ltd") do not matter. Of several the one that we ship comes first. At most one query.
    """
    found = _titled(_title_forms(text)).order_by("-is_starter", "pk")
    return found.values_list("pk", flat=True).first()


def occupation_named(text: str) -> Occupation | None:
    """Return the one occupation that a text names, as `occupation_titled`; None if it may be one of several.

    One of ours comes before one of a release, and a title before another title. At most one query.
    """
    forms = _title_forms(text)
    found = {one.pk: one for one in _titled(forms)}.values()
    ranks = {one: (one.is_starter, one.folded in forms) for one in found}
    best = [one for one in found if ranks[one] == max(ranks.values())]
    return best[0] if len(best) == 1 else None


def _title_forms(text: str) -> set[str]:
    whole = normalize_nfc(printable(text[:QUERY_LENGTH]))
    forms = {fold(form) for form in (whole, whole.partition(",")[0])}
    forms |= {form.partition(" at ")[0] for form in forms}  # the employer
    forms |= {re.sub(rf"^({SENIORITY}) ", "", form) for form in forms}
    return forms - {""}


def _titled(forms: set[str]) -> QuerySet[Occupation]:
    if not forms:
        return Occupation.objects.none()
    # Not a join: that would read all 60,000 other titles of a release.
    other = OccupationTitle.objects.filter(folded__in=forms, is_curated=True)
    return Occupation.objects.current().filter(Q(folded__in=forms) | Q(pk__in=other.values("occupation_id")))


@dataclass(frozen=True, slots=True)
class OccupationHit:
    """An occupation found by search. `matched`: the other title that matched, blank if it was the main title."""

    pk: int
    code: str
    title: str
    matched: str
    description: str
    is_rated: bool


# Score, best first: the similarity of spelling (0 to 1), in full for a title, slightly less for another title of ours,
# and less for one of a release, which may be odd ("Police" for a secretary). Added to it: 1 if every word of the text
# is in it, 0.1 if it starts with the text, 1 if the text is the whole title (0.1 for a release's title), 0.1 if we ship
# the occupation, because it is common.
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
    """Return current occupations whose title or other title matches the typed text, best first.

    Word order, accents, plurals and word endings do not matter. If that finds too few, titles with similar spelling
    follow. Takes any text; blank finds nothing. One or two queries.
    """
    # An accent may be a character of its own, which would split the word.
    folded = fold(normalize_nfc(printable(text[:QUERY_LENGTH])))
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
    """Return the word and, if it looks like a plural, its singular."""
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
    """Return the sources with ratings in the catalogue: pages that show them must credit them."""
    keys = Occupation.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    return [source for key in keys if (source := source_of(key))]
