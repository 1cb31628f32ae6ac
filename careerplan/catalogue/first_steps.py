"""First goals and first steps for each skill and field of knowledge, in our own words (two files in data/)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from careerplan.catalogue.shipped_data import DATA

KINDS = ("person", "learn", "practice", "evidence")


@dataclass(frozen=True, slots=True)
class FirstGoal:
    """A goal measured by a number (`unit` and `target`), or by `done_when`; `hours` in total."""

    title: str
    hours: int
    unit: str = ""
    target: int | None = None
    done_when: str = ""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Goals, and first steps of four kinds: with a person, by learning, by practice, and as evidence.

    `goals` are for people who start or know the basics, `advanced` for skilled ones (their steps: `advanced_steps`).
    """

    goals: tuple[FirstGoal, ...]
    advanced: tuple[FirstGoal, ...]
    person: tuple[str, ...]
    learn: tuple[str, ...]
    practice: tuple[str, ...]
    evidence: tuple[str, ...]

    def fill_in(self, **names: str) -> "FirstSteps":
        """Return it with the `task` or `skill` named in each step, so that a step makes sense without its goal."""
        named = {kind: tuple(step.format(**names) for step in getattr(self, kind)) for kind in KINDS}
        return replace(self, **named)

    @property
    def steps(self) -> list[str]:
        """Return the steps of all kinds."""
        return [*self.person, *self.learn, *self.practice, *self.evidence]


@cache
def first_steps() -> Mapping[str, FirstSteps]:
    """Return goals and steps by key of the skill; read once a process."""
    with (DATA / "first_steps.toml").open("rb") as file:
        return {key: _first_steps(raw) for key, raw in tomllib.load(file).items()}


@cache
def advanced_steps() -> Mapping[str, FirstSteps]:
    """Return the steps for skilled people by key of the skill, to be filled in with its name; read once a process."""
    with (DATA / "advanced_steps.toml").open("rb") as file:
        return {key: _first_steps(raw) for raw in tomllib.load(file).values() for key in raw["skill_keys"]}


def _first_steps(raw: Mapping[str, Any]) -> FirstSteps:
    goals, advanced = (tuple(FirstGoal(**goal) for goal in raw.get(name, ())) for name in ("goals", "advanced"))
    return FirstSteps(goals, advanced, **{kind: tuple(raw[kind]) for kind in KINDS})
