"""What occupations need, kept in memory for one version of the catalogue: results compare with the same ones again."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from careerplan.skills.fit import SkillNeed
from careerplan.skills.queries.comparison import load_needs

MOST_KEPT = 300
"""Occupations a process; each takes about 15 kB."""

Needs = Mapping[int, SkillNeed]


def kept_needs(
    version: tuple[object, ...], occupation_ids: Iterable[int], *, only_needed: bool = False
) -> dict[int, Needs]:
    """Return what `load_needs` does, for a version of the catalogue that was just read. At most one query.

    Without a version nothing is kept.
    """
    if not version:
        return dict(load_needs(occupation_ids, only_needed=only_needed))
    asked, kept = list(occupation_ids), _of_version(version, only_needed)
    found = {pk: needs for pk in asked if (needs := kept.get(pk)) is not None}
    missing = [pk for pk in asked if pk not in found]
    if missing:
        loaded = load_needs(missing, only_needed=only_needed)
        if len(kept) + len(loaded) > MOST_KEPT:
            kept.clear()
        kept.update(loaded)
        found.update(loaded)
    return {pk: found[pk] for pk in asked}


@lru_cache(maxsize=2)
def _of_version(_version: tuple[object, ...], _only_needed: bool) -> dict[int, Needs]:  # noqa: FBT001
    """Return the needs that are kept, by occupation. Threads share them, and each reads a key once."""
    return {}
