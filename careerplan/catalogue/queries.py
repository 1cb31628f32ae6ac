"""Catalogue queries: occupation search and source credits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from careerplan.catalogue.folding import fold
from careerplan.catalogue.models import Occupation, OccupationTitle
from careerplan.catalogue.no_title import answer_without_title
from careerplan.catalogue.spelling import forms_of, slips_between
from careerplan.catalogue.sync import Source, source_of
from careerplan.core.http import parse_id
from careerplan.core.text import normalize_nfc, printable
from careerplan.reading.meaning import nearest_occupations

QUERY_LENGTH, MOST_WORDS = 100, 8
"""Longer texts are cut: no title is longer, and every word takes time."""
MOST_NEAR = 5
"""Occupations that are offered because they mean much the same, or because a title of theirs has the last word."""
SENIORITY = "senior|junior|qualified|experienced|freelance|self employed|former|formerly|retired"
MOST_NEAR_WORDS = 4
"""Of a longer text the last word alone says nothing."""
CANDIDATES = 60
"""Titles that are looked at for slips of the pen. PostgreSQL finds them by shared trigrams (pg_trgm, at least 0.3)."""


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
    """An occupation found by search. `matched`: the other title that matched, blank if it was the main title.

    `is_near`: no title has the typed words; this one is spelled like them, means much the same, or has the last of
    them. Say so.
    """

    pk: int
    code: str
    title: str
    matched: str
    description: str
    is_rated: bool
    is_near: bool = False


# Score, best first: the similarity of spelling (0 to 1), in full for a title, slightly less for another title of ours,
# and less for one of a release, which may be odd ("Police" for a secretary). Added to it: 2 if every word of the text
# is a whole word of it, 1 if some are only beginnings, 0.1 if it starts with the text, 1 if the text is the whole title
# (0.1 for a release's title), 0.1 if we ship the occupation, because it is common.
_TITLES = """
    SELECT id AS occupation_id, folded, '' AS matched, 1.0 AS weight, 1.0 AS whole
    FROM catalogue_occupation WHERE {condition}
    UNION ALL
    SELECT occupation_id, folded, title,
        CASE WHEN is_curated THEN 0.9 ELSE 0.4 END, CASE WHEN is_curated THEN 1.0 ELSE 0.1 END
    FROM catalogue_occupationtitle WHERE {condition}
"""
_WORDS = "to_tsvector('simple'::regconfig, COALESCE(folded, ''))"
# Fixed texts, put together here; what people type is a parameter.
_WITH_EVERY_WORD = f"""
WITH hit AS ({_TITLES.format(condition=f"{_WORDS} @@ to_tsquery('simple', %(beginnings)s)")}), best AS (
    SELECT DISTINCT ON (occupation_id) occupation_id, matched,
        CASE WHEN {_WORDS} @@ to_tsquery('simple', %(words)s) THEN 2 ELSE 1 END
        + weight * similarity(folded, %(text)s)
        + CASE WHEN folded = ANY(%(texts)s) THEN whole WHEN starts_with(folded, %(text)s) THEN 0.1 ELSE 0 END
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
_NEAR = f"""
WITH hit AS (
    {_TITLES.format(condition=f"folded %% %(text)s OR {_WORDS} @@ to_tsquery('simple', %(last)s)")}
)
SELECT o.id, o.code, o.title, hit.matched, o.description, o.is_rated, hit.folded
FROM hit JOIN catalogue_occupation o ON o.id = hit.occupation_id
WHERE o.is_current
ORDER BY weight * similarity(hit.folded, %(text)s) + CASE WHEN o.is_starter THEN 0.1 ELSE 0 END DESC,
    length(hit.folded), hit.folded, o.id
LIMIT {CANDIDATES}
"""


def search_occupations(text: str, limit: int = 10) -> list[OccupationHit]:
    """Return current occupations whose title or other title matches the typed text, best first.

    Word order, accents, plurals, British and American spelling do not matter; whole words come before beginnings. If
    that finds none, what follows a comma or "at" is left out where a title stands before it. Else the nearest are
    returned (`is_near`): misspellings, or else by meaning, then titles with the last word. Takes any text; blank finds
    nothing, and so does what is not a title (no_title.py). At most five queries.
    """
    # An accent may be a character of its own, which would split the word.
    folded = fold(normalize_nfc(printable(text[:QUERY_LENGTH])))
    words = re.findall(r"[a-z0-9]+", folded)[:MOST_WORDS]
    if not words or limit < 1 or answer_without_title(folded):
        return []
    spelled = [forms_of(word) for word in words]
    values: dict[str, Any] = {
        "text": folded,
        "texts": [folded, " ".join(forms[min(1, len(forms) - 1)] for forms in spelled)],
        "words": _to_query(spelled),
        "beginnings": _to_query([[f"{form}:*" for form in forms] for forms in spelled]),
        "last": _to_query(spelled[-1:]) if len(words) <= MOST_NEAR_WORDS else "",
        "limit": limit,
    }
    hits = [OccupationHit(*row) for row in _run(_WITH_EVERY_WORD, values)]
    title = re.split(r",|\s+at\s+", text[:QUERY_LENGTH], maxsplit=1, flags=re.IGNORECASE)[0]
    if not hits and title != text and occupation_titled(title):
        return search_occupations(title, limit)
    return hits or _nearest(words, values, folded)[:limit]


def _to_query(words: list[list[str]]) -> str:
    return " & ".join(f"({' | '.join(forms)})" for forms in words)


def _nearest(words: list[str], values: dict[str, Any], text: str) -> list[OccupationHit]:
    """Return occupations with slips of the typed words, the fewest first; without any, the nearest in meaning, or the
    best spelled of those with the last word if meaning finds one of them too, then the rest.
    """
    slipped: dict[int, tuple[int, OccupationHit]] = {}
    others: dict[int, OccupationHit] = {}
    for *row, folded in _run(_NEAR, values):
        hit = replace(OccupationHit(*row), is_near=True)
        title_words = folded.split()
        slips = slips_between(words, title_words)
        if slips is not None and slips < slipped.get(hit.pk, (MOST_WORDS + 1,))[0]:
            slipped[hit.pk] = slips, hit
        elif slips is None and not set(forms_of(words[-1])).isdisjoint(title_words):
            others.setdefault(hit.pk, hit)
    by_slips = [hit for _slips, hit in sorted(slipped.values(), key=lambda one: one[0])]
    if by_slips:
        return by_slips
    by_word, by_meaning = list(others.values()), _by_meaning(text)
    # A last word such as "helper" says less than the meaning of all, unless both say the same.
    first = by_meaning[:1] if others.keys().isdisjoint(hit.pk for hit in by_meaning) else by_word[:1]
    hits = {hit.pk: hit for hit in [*first, *by_meaning, *by_word]} | others  # these say which title has the word
    return list(hits.values())[:MOST_NEAR]


def _by_meaning(text: str) -> list[OccupationHit]:
    """Return the current occupations that a text is nearest to in meaning. At most one query."""
    codes = nearest_occupations(text)
    rows = Occupation.objects.current().filter(code__in=codes) if codes else Occupation.objects.none()
    hits = [OccupationHit(one.pk, one.code, one.title, "", one.description, one.is_rated, is_near=True) for one in rows]
    return sorted(hits, key=lambda hit: codes.index(hit.code))[:MOST_NEAR]


def _run(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def sources_in_use() -> list[Source]:
    """Return the sources with ratings in the catalogue: pages that show them must credit them."""
    keys = Occupation.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    return [source for key in keys if (source := source_of(key))]
