"""Ask simulated people page after page, or one set of questions for all."""

from collections.abc import Callable, Sequence

import numpy as np

from careerplan.matching.occupations import AnswerVector, Floats, OccupationTable, posterior, prior
from careerplan.matching.questions import next_questions


def levels_of(row: np.ndarray, items: Sequence[int]) -> dict[int, int]:
    """Return the answers of one person to some items, without those that were not sure."""
    return {item: int(row[item]) for item in items if row[item] >= 0}


def chosen_scores(
    table: OccupationTable, people: np.ndarray, before: Callable[[int], Floats], pages: int
) -> tuple[list[np.ndarray], list[dict[int, int]]]:
    """Ask everybody page after page; return the posteriors after each page, and everybody's answers."""
    scores = [np.zeros((len(people), len(table.figures))) for _ in range(pages)]
    answered: list[dict[int, int]] = []
    for person, row in enumerate(people):
        asked: list[int] = []
        shares = before(person)
        for page in range(pages):
            levels = levels_of(row, asked)
            asked += next_questions(table, shares, levels, skipped=asked)
            levels = levels_of(row, asked)
            shares = posterior(table, AnswerVector.of(table, levels), before(person))
            scores[page][person] = shares
        answered.append(levels)
    return scores, answered


def fixed_questions(table: OccupationTable, count: int) -> list[int]:
    """Return the best set that is the same for everybody: chosen once, with equal weights."""
    return next_questions(table, prior(len(table.figures)), [], count=count)
