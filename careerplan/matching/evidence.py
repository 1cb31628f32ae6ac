"""Decide whether answers say anything about occupations at all, before any list is shown.

A posterior is decided even where the answers are random, so that its sharpness alone is not evidence. Two tests: the
first five occupations hold enough of the posterior, and occupations explain the answers better than somebody would who
answers without looking (all the same, the usual level of each item, around an own level, at random). The second is a
Bayes factor: each occupation counts by what was believed of it before, so that answers which fit a known current
occupation are evidence sooner, and those which contradict it later. Where the current occupation is known, less
evidence is asked for, and answers at random would pass too often: there, how much better occupations explain the
answers than one of the six at random does, counts as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from careerplan.matching.levels import LEVELS, level_of, width_of
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
RANDOM_WEIGHT, MOST_AGAINST_RANDOM = 0.4, 1.0
"""Of the evidence against answers at random (log10), where the current occupation is known: its weight, and what counts
of it at most, because answers around an own level are not random either (docs/fit.md).
"""
NOISE_SCALES = (0.4, 0.7, 1.0)
"""Of the noise around an occupation's figures: somebody who answers very consistently is closer than most."""
SPREADS = (0.3, 0.6, 1.0, 1.5, 2.0, 2.4)
FREE_LEVEL, NARROW_LEVEL = 2.0, 0.3


@dataclass(frozen=True)
class Evidence:
    """What the two tests found. `answered`: skills and fields of knowledge; interests are not evidence of ability.

    `log10_ratio`: how much better occupations explain the answers than somebody who answers without looking;
    `log10_random`: than answers at random.
    `has_current`: whether the current occupation is known; `is_like_current`: whether it explains the answers best.
    """

    answered: int
    top_share: float
    log10_ratio: float
    log10_random: float = 0.0
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
        return self.top_share >= LEAST_SHARE and self.weight > self._least_evidence

    @property
    def weight(self) -> float:
        """Return what the evidence weighs, as a log10."""
        against_random = RANDOM_WEIGHT * min(MOST_AGAINST_RANDOM, self.log10_random)
        return self.log10_ratio + (against_random if self.has_current else 0.0)

    @property
    def _least_evidence(self) -> float:
        if self.is_like_current:
            return LEAST_EVIDENCE_LIKE_CURRENT
        return LEAST_EVIDENCE_WITH_CURRENT if self.has_current else LEAST_EVIDENCE


def least_answered(*, has_current: bool) -> int:
    """Return how many answers a list needs at least."""
    return ceil(LEAST_ANSWERED * (LEAST_ASKED_WITH_CURRENT if has_current else LEAST_ASKED))


def weigh(
    table: OccupationTable,
    answers: AnswerVector,
    before: Floats,
    shares: Floats,
    current: int | None = None,
    *,
    able_logs: Floats | None = None,
) -> Evidence:
    """Return the evidence in the answers, given the prior (`before`) and the posterior over the rows of the table.

    `current` is the row of the current occupation, None if it is not known. `able_logs`: the log likelihood of the
    answers about skills and knowledge alone, where it is known already.
    """
    ability = table.is_ability[answers.items]
    known = AnswerVector(answers.items[ability], answers.values[ability])
    logs = log_likelihood(table, known) if able_logs is None else able_logs
    found = _log_occupations(table, known, before, logs) if len(known.items) else -np.inf
    return Evidence(
        answered=len(known.items),
        top_share=float(np.sort(shares)[-5:].sum()),
        log10_ratio=(found - _log_hollow(table, known)) / np.log(10),
        log10_random=(found - _log_random(table, known)) / np.log(10),
        has_current=current is not None,
        is_like_current=current is not None and int(np.argmax(shares)) == current,
    )


def _log_occupations(table: OccupationTable, known: AnswerVector, before: Floats, logs: Floats) -> float:
    """Return the log density of the answers for somebody of any occupation, by what was believed of each."""
    count = len(known.items)
    tendencies, noise = table.tendencies[known.items], table.noise[known.items]
    inner = np.eye(tendencies.shape[1]) + tendencies.T @ (tendencies / noise[:, None])
    log_det = np.log(noise).sum() + np.linalg.slogdet(inner)[1]
    constant = -0.5 * (log_det + count * np.log(2 * np.pi))
    weights = np.log(before * len(before))
    scaled = [weights + logs / scale**2 - count * np.log(scale) + constant for scale in NOISE_SCALES]
    return _log_mean(np.concatenate(scaled))


def _log_hollow(table: OccupationTable, known: AnswerVector) -> float:
    """Return the log density of the answers for somebody who answers without looking.

    Each way of answering (8 profiles, 6 spreads) is N(profile, spread^2 I + level^2 11').
    """
    count = len(known.items)
    grand = table.mean[table.is_ability].mean()
    everywhere = table.values_at_levels[:, known.items]
    profiles = np.vstack([np.full(count, grand), table.mean[known.items], everywhere])
    shared = np.square([FREE_LEVEL, FREE_LEVEL, *[NARROW_LEVEL] * len(everywhere)])[:, None]
    variance, difference = np.square(SPREADS), known.values - profiles
    squares, total = np.square(difference).sum(axis=1)[:, None], difference.sum(axis=1)[:, None]
    quadratic = (squares - shared / (variance + count * shared) * total**2) / variance
    log_det = count * np.log(variance) + np.log1p(count * shared / variance)
    return _log_mean(-0.5 * (quadratic + log_det + count * np.log(2 * np.pi)))


def _log_random(table: OccupationTable, known: AnswerVector) -> float:
    """Return the log density of the answers if each level is as likely: a level covers more or less of the scale."""
    kinds = [table.kinds[item] for item in known.items]
    widths = [width_of(level_of(value, kind), kind) for value, kind in zip(known.values, kinds, strict=True)]
    return float(-np.log(len(LEVELS) * np.array(widths)).sum())


def _log_mean(logs: Floats) -> float:
    most = logs.max()
    return float(most + np.log(np.exp(logs - most).mean()))
