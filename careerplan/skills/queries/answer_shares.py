"""The answers of an assessment as matching takes them: what is believed before and after them, and what to ask next."""

from collections.abc import Iterable, Mapping

import numpy as np

from careerplan.matching.occupations import AnswerVector, Floats, prior
from careerplan.matching.questions import PAGE, next_questions
from careerplan.skills.queries.occupation_table import RankedOccupations


def answers_of(catalogue: RankedOccupations, levels: Mapping[int, int], interests: Mapping[int, float]) -> AnswerVector:
    """Return the answers as matching takes them; skills that no occupation needs are left out."""
    known = {catalogue.columns[pk]: level for pk, level in levels.items() if pk in catalogue.columns}
    able = AnswerVector.of(catalogue.table, known)
    if not catalogue.has_interests or not interests:
        return able
    numbers = sorted(interests)
    columns = np.array([catalogue.interest_column(number) for number in numbers], dtype=np.intp)
    scores = np.array([interests[number] for number in numbers], dtype=np.float64)
    return AnswerVector(np.concatenate([able.items, columns]), np.concatenate([able.values, scores]))


def starting_shares(catalogue: RankedOccupations, current: int | None) -> Floats:
    """Return what is believed before any answer, given the row of the current occupation."""
    related = catalogue.related[current] if current is not None else ()
    return prior(len(catalogue.facts), current, related)


def questions_after(
    catalogue: RankedOccupations, shares: Floats, answered: Iterable[int], skipped: Iterable[int], count: int = PAGE
) -> list[int]:
    """Return the skills (ids) to ask next, the most telling first."""
    columns = catalogue.columns
    ids = {column: pk for pk, column in columns.items()}
    chosen = next_questions(
        catalogue.table,
        shares,
        [columns[pk] for pk in answered if pk in columns],
        skipped=[columns[pk] for pk in skipped if pk in columns],
        count=count,
        allowed=ids,
    )
    return [ids[column] for column in chosen]
