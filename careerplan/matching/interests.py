"""Compare what a person likes with the interests of occupations: the same six, on O*NET's scale of 1 to 7.

People differ in how much they like anything at all, so profiles are compared by their shape: Pearson's correlation over
the six. McCloy and others, "Linking Client Assessment Profiles to O*NET Occupational Profiles" (1999), weigh up others.
Pure functions on numpy arrays, without the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from careerplan.matching.occupations import Floats

LEAST_LIKED, MOST_LIKED = 1, 5
"""The ends of the answers: strongly dislike to strongly like."""
LOWEST, HIGHEST = 1.0, 7.0
"""The ends of O*NET's scale OI."""
LEAST_SCORES = 4
"""A shape over three interests fits by chance."""


def score_of(answers: Collection[int]) -> float:
    """Return the score of an interest (1 to 7): the mean of the answers (1 to 5) to its activities, stretched."""
    mean = sum(answers) / len(answers)
    return LOWEST + (HIGHEST - LOWEST) * (mean - LEAST_LIKED) / (MOST_LIKED - LEAST_LIKED)


def correlate(profiles: Floats, scores: Mapping[int, float]) -> Floats | None:
    """Return the correlation (-1 to 1) of each profile, a row of six figures, with the scores by number of interest.

    Interests without a score are left out. None if the scores say nothing: fewer than four, or all the same. A profile
    that is flat correlates with nothing (0).
    """
    numbers = sorted(scores)
    liked = np.array([scores[number] for number in numbers], dtype=np.float64)
    if len(numbers) < LEAST_SCORES or np.ptp(liked) == 0:
        return None
    liked -= liked.mean()
    shapes = profiles[:, numbers] - profiles[:, numbers].mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(shapes, axis=1) * np.linalg.norm(liked)
    found: Floats = np.divide(shapes @ liked, lengths, out=np.zeros(len(profiles)), where=lengths > 0)
    return found
