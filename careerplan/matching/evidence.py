"""Decide whether answers say anything about occupations at all, before any list is shown.

A posterior is decided even where the answers are random, so that its sharpness alone is no evidence. Two tests: the
first five occupations hold enough of the posterior, and occupations explain the answers better than somebody would who
answers without looking (all the same, the usual level of each item, around an own level, at random). The second is a
Bayes factor: each occupation counts by what was believed of it before, so that answers which fit a known current
occupation are evidence sooner, and those which contradict it later.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from careerplan.matching.occupations import AnswerVector, Floats, OccupationTable, log_likelihood

LEAST_ASKED, MOST_ASKED = 25, 40
LEAST_ASKED_WITH_CURRENT = 15
"""Where the current occupation is known."""
LEAST_ANSWERED = 0.8
"""Of the questions asked; the others may be "not sure"."""
LEAST_SHARE = 0.30
"""What the first five must hold of the posterior."""
LEAST_EVIDENCE = 1.0
"""log10 of the ratio of the evidence: ten to one."""
LEAST_EVIDENCE_WITH_CURRENT, LEAST_EVIDENCE_LIKE_CURRENT = 0.5, -0.5
"""Where the current occupation is known: three to one, or one to three if it also explains the answers best. What
somebody does is evidence too; docs/fit.md says how often such a list errs.
"""
NOISE_SCALES = (0.4, 0.7, 1.0)
"""Of the noise around an occupation's figures: somebody who answers very consistently is closer than most."""
SPREADS = (0.3, 0.6, 1.0, 1.5, 2.0, 2.4)
FREE_LEVEL, NARROW_LEVEL = 2.0, 0.3


@dataclass(frozen=True)
class Evidence:
    """What the two tests found. `answered`: skills and fields of knowledge; interests are no evidence of ability.

    `has_current`: whether the current occupation is known; `is_like_current`: whether it explains the answers best.
    """

    answered: int
    top_share: float
    log10_ratio: float
    has_current: bool = False
    is_like_current: bool = False

    @property
    def is_enough(self) -> bool:
        """Return whether a list may be shown: enough was answered, and it says something."""
        return not self.missing and self.is_telling

    @property
    def missing(self) -> int:
        """Return how many more answers a list needs at least."""
        return max(0, least_answered(has_current=self.has_current) - self.answered)

    @property
    def is_telling(self) -> bool:
        """Return whether the answers say anything about occupations, however many they are."""
        return self.top_share >= LEAST_SHARE and self.log10_ratio > self._least_evidence

    @property
    def _least_evidence(self) -> float:
        if self.is_like_current:
            return LEAST_EVIDENCE_LIKE_CURRENT
        return LEAST_EVIDENCE_WITH_CURRENT if self.has_current else LEAST_EVIDENCE


def least_answered(*, has_current: bool) -> int:
    """Return how many answers a list needs at least."""
    return ceil(LEAST_ANSWERED * (LEAST_ASKED_WITH_CURRENT if has_current else LEAST_ASKED))


def weigh(
    table: OccupationTable, answers: AnswerVector, before: Floats, shares: Floats, current: int | None = None
) -> Evidence:
    """Return the evidence in the answers, given the prior (`before`) and the posterior over the rows of the table.

    `current` is the row of the current occupation, None if it is not known.
    """
    return Evidence(
        answered=int(table.is_ability[answers.items].sum()),
        top_share=float(np.sort(shares)[-5:].sum()),
        log10_ratio=_log10_ratio(table, answers, before),
        has_current=current is not None,
        is_like_current=current is not None and int(np.argmax(shares)) == current,
    )


def _log10_ratio(table: OccupationTable, answers: AnswerVector, before: Floats) -> float:
    ability = table.is_ability[answers.items]
    known = AnswerVector(answers.items[ability], answers.values[ability])
    if not len(known.items):
        return -np.inf
    count = len(known.items)
    tendencies, noise = table.tendencies[known.items], table.noise[known.items]
    inner = np.eye(tendencies.shape[1]) + tendencies.T @ (tendencies / noise[:, None])
    log_det = np.log(noise).sum() + np.linalg.slogdet(inner)[1]
    constant = -0.5 * count * np.log(2 * np.pi)
    logs, weights = log_likelihood(table, known), np.log(before * len(before))
    scaled = [weights + logs / scale**2 - 0.5 * log_det - count * np.log(scale) + constant for scale in NOISE_SCALES]
    occupations = _log_mean(np.concatenate(scaled))
    mean = table.mean[known.items]
    grand = table.mean[table.is_ability].mean()
    profiles = [(np.full(count, grand), FREE_LEVEL), (mean, FREE_LEVEL)]
    profiles += [(_everywhere(table, known, level), NARROW_LEVEL) for level in range(6)]
    others = [_log_density(known.values - profile, spread, level) for profile, level in profiles for spread in SPREADS]
    return float((occupations - _log_mean(np.array(others))) / np.log(10))


def _everywhere(table: OccupationTable, answers: AnswerVector, level: int) -> Floats:
    return np.array([table.answer_values[item][level] for item in answers.items])


def _log_density(difference: Floats, spread: float, level: float) -> float:
    """Return the log density of N(0, spread^2 I + level^2 11')."""
    count, variance, shared = len(difference), spread**2, level**2
    ratio = shared / (variance + count * shared)
    quadratic = (difference @ difference - ratio * difference.sum() ** 2) / variance
    log_det = count * np.log(variance) + np.log1p(count * shared / variance)
    return float(-0.5 * (quadratic + log_det + count * np.log(2 * np.pi)))


def _log_mean(logs: Floats) -> float:
    most = logs.max()
    return float(most + np.log(np.exp(logs - most).mean()))
