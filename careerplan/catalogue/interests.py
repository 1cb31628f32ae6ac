"""The six interests of Holland's model, each with activities to like or dislike, in our own words.

Read from data/interests.toml. An occupation has a figure for each interest (`Occupation.interests`), in this order.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from careerplan.catalogue.shipped_data import DATA


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that people may like to do. `interest`: the number of its interest, 0 to 5."""

    key: str
    text: str
    interest: int


@dataclass(frozen=True, slots=True)
class Interest:
    """A kind of work that people like. `would_like` completes "You would like ..."; `code` is O*NET's element id.

    The quick way asks about the first `quick` activities.
    """

    key: str
    name: str
    code: str
    meaning: str
    would_like: str
    quick: int
    activities: tuple[Activity, ...]


@cache
def interests() -> tuple[Interest, ...]:
    """Return the six interests in the order of `Occupation.interests`; read once a process."""
    with (DATA / "interests.toml").open("rb") as file:
        return tuple(_interest(number, raw) for number, raw in enumerate(tomllib.load(file)["interest"]))


def _interest(number: int, raw: Mapping[str, Any]) -> Interest:
    activities = tuple(Activity(key, text, number) for key, text in raw["activities"].items())
    return Interest(**{**raw, "activities": activities})


@cache
def activities(*, quick: bool = False) -> Mapping[str, Activity]:
    """Return the activities to ask about, by key: one of each interest in turn. With `quick` only the first ones."""
    asked = [one.activities[: one.quick] if quick else one.activities for one in interests()]
    return {one.key: one for turn in zip_longest(*asked) for one in turn if one is not None}
