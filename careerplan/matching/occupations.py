"""Find the occupations whose figures explain a person's answers best: a posterior over all of them.

People differ in how strictly they rate themselves, so a likelihood of each answer by itself would find lenient and
strict people instead of occupations. Answers are therefore seen as the occupation's figures, plus a noise of each item,
plus tendencies of the person that all items share and that are integrated out: the personal level (lenient or strict),
the personal spread, four broad ways in which workers of one occupation differ, and the level of the interests.

With d = answers - figures over the answered items, log likelihood = -1/2 d' S^-1 d, S = D + L L', where D is the noise
and L the tendencies (Woodbury's identity keeps the inverse at 7 x 7). Too much counts against an occupation as too
little does: a match says "you answer as people in this occupation would", never "you are good enough for it".

The constants were chosen by simulation (docs/fit.md); `make bench ARGS=matching` measures them. Pure functions on numpy
arrays, without the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from careerplan.matching.levels import LEVELS, ItemKind, figure_of

Floats = NDArray[np.float64]

NOISE: Mapping[ItemKind, float] = {ItemKind.SKILL: 1.186, ItemKind.KNOWLEDGE: 1.708, ItemKind.INTEREST: 2.1}
"""Standard deviation of an answer around the occupation's figure, on O*NET's scale."""
PERSONAL_LEVEL, PERSONAL_SPREAD, INTEREST_LEVEL = 0.7, 0.3, 0.7
FACTORS = 4
FACTOR_VARIANCE = 0.1
FACTOR_SCALE: Mapping[ItemKind, float] = {ItemKind.SKILL: 1.25, ItemKind.KNOWLEDGE: 1.8}

CURRENT_SHARE, RELATED_SHARE = 0.35, 0.35
"""What is believed of somebody's current occupation and of its closely related ones before any answer; the rest is
spread over all occupations.
"""


@dataclass(frozen=True)
class OccupationTable:
    """Figures of occupations: a row each, a column for each item, without gaps.

    `figures` are on O*NET's scale (0 to 7 for skills and knowledge, 1 to 7 for interests). `kinds` has the kind of each
    column. `mean`, `sd` and `factors` describe the items over these occupations.
    """

    figures: Floats
    kinds: Sequence[ItemKind]
    factors: Floats = field(repr=False)
    mean: Floats = field(repr=False)
    sd: Floats = field(repr=False)

    @classmethod
    def of(cls, figures: Floats, kinds: Sequence[ItemKind]) -> OccupationTable:
        """Return the table with its own description."""
        abilities = np.array([kind is not ItemKind.INTEREST for kind in kinds])
        mean, sd = figures.mean(axis=0), figures.std(axis=0)
        sd[sd == 0] = 1.0
        standardised = (figures[:, abilities] - mean[abilities]) / sd[abilities]
        _left, singular, right = np.linalg.svd(standardised, full_matrices=False)
        loadings = (right[:FACTORS] * singular[:FACTORS, None]).T
        lengths = np.linalg.norm(loadings, axis=1, keepdims=True)
        factors = np.zeros((len(kinds), FACTORS))
        factors[abilities, : loadings.shape[1]] = loadings / np.where(lengths > 0, lengths, 1.0)
        return cls(figures, tuple(kinds), factors, mean, sd)

    @cached_property
    def is_ability(self) -> NDArray[np.bool_]:
        """Return which columns are skills and knowledge."""
        return np.array([kind is not ItemKind.INTEREST for kind in self.kinds])

    @cached_property
    def noise(self) -> Floats:
        """Return the variance of each item's answers, the diagonal of D."""
        return np.array([NOISE[kind] for kind in self.kinds]) ** 2

    @cached_property
    def tendencies(self) -> Floats:
        """Return L, a row for each item and a column for each tendency of a person."""
        ability = self.is_ability
        scale = np.array([FACTOR_SCALE.get(kind, 0.0) for kind in self.kinds])
        columns = np.zeros((len(self.kinds), FACTORS + 3))
        columns[ability, 0] = PERSONAL_LEVEL
        columns[ability, 1] = PERSONAL_SPREAD * (self.mean[ability] - self.mean[ability].mean())
        columns[:, 2 : 2 + FACTORS] = np.sqrt(FACTOR_VARIANCE) * scale[:, None] * self.factors
        columns[~ability, -1] = INTEREST_LEVEL
        return columns

    @cached_property
    def answer_values(self) -> list[list[float]]:
        """Return for each item what each answer is taken for."""
        return [[figure_of(level, kind) for level in _answers(kind)] for kind in self.kinds]

    @cached_property
    def values_at_levels(self) -> Floats:
        """Return what each of the levels 0 to 5 is taken for: a row for each level, a column for each item."""
        return np.array([[values[level] for values in self.answer_values] for level in LEVELS])


def _answers(kind: ItemKind) -> range:
    return range(8) if kind is ItemKind.INTEREST else range(6)


@dataclass(frozen=True)
class AnswerVector:
    """What one person answered: columns of the table and a figure for each, in any order; the rest is unanswered."""

    items: NDArray[np.intp]
    values: Floats

    @classmethod
    def of(cls, table: OccupationTable, levels: Mapping[int, int]) -> AnswerVector:
        """Return the answers of levels by column: 0 to 5, and 1 to 7 for an interest."""
        items = np.array(sorted(levels), dtype=np.intp)
        values = np.array([table.answer_values[item][levels[item]] for item in items], dtype=np.float64)
        return cls(items, values)


def prior(count: int, current: int | None = None, related: Sequence[int] = ()) -> Floats:
    """Return what is believed of `count` occupations before any answer, given the row of the current one."""
    flat = np.full(count, 1.0 / count)
    if current is None:
        return flat
    shares = (1 - CURRENT_SHARE - RELATED_SHARE * bool(related)) * flat
    shares[current] += CURRENT_SHARE
    if related:
        shares[list(related)] += RELATED_SHARE / len(related)
    believed: Floats = shares / shares.sum()
    return believed


def log_likelihood(table: OccupationTable, answers: AnswerVector) -> Floats:
    """Return -1/2 d' S^-1 d for each occupation; an unanswered item leaves the sums."""
    items = answers.items
    inverse = 1.0 / table.noise[items]
    tendencies = table.tendencies[items]
    differences = answers.values - table.figures[:, items]
    weighted = differences * inverse
    shared = weighted @ tendencies
    inner = np.eye(tendencies.shape[1]) + tendencies.T @ (tendencies * inverse[:, None])
    explained = np.einsum("ij,ij->i", shared @ np.linalg.inv(inner), shared)
    logs: Floats = -0.5 * (np.einsum("ij,ij->i", weighted, differences) - explained)
    return logs


def posterior(table: OccupationTable, answers: AnswerVector, before: Floats) -> Floats:
    """Return the probability of each occupation, given the answers and what was believed before."""
    logs = np.log(before) + log_likelihood(table, answers)
    shares = np.exp(logs - logs.max())
    believed: Floats = shares / shares.sum()
    return believed


def contributions(table: OccupationTable, answers: AnswerVector, rows: Sequence[int]) -> Floats:
    """Return for each of these occupations and each answer how much it speaks for the occupation rather than for an
    average one, in log units.

    The person's tendencies are taken out of all first, as in the likelihood.
    """
    items = answers.items
    inverse, tendencies = 1.0 / table.noise[items], table.tendencies[items]
    figures = np.vstack([table.mean[items], table.figures[np.array(rows)[:, None], items]])
    differences = answers.values - figures
    inner = np.eye(tendencies.shape[1]) + tendencies.T @ (tendencies * inverse[:, None])
    person = np.linalg.solve(inner, tendencies.T @ (differences * inverse).T)
    against = 0.5 * inverse * (differences - (tendencies @ person).T) ** 2
    weights: Floats = against[0] - against[1:]
    return weights
