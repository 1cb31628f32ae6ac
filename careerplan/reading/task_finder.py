"""Find the tasks of an occupation in the text of an advert, by meaning. Pure; always a guess.

A clause that asks something of the reader is compared with each task: how near their vectors are (meaning.py).
TASK_SLOPE and TASK_OFFSET make the nearest one's closeness a probability (benchmarks/reading/tasks.py); ADR 64 has the
figures. At most MOST_CLAUSES clauses and MOST_TASKS tasks are compared, so the work is bounded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from careerplan.reading.clauses import asking_clauses
from careerplan.reading.meaning import meaning_model

CHARACTERS = 20_000
MOST_CLAUSES, MOST_TASKS, WORDS_MAX = 300, 40, 160
TASK_SLOPE, TASK_OFFSET = 10.43, -6.93
LIKELY_FROM = 0.6
"""Probability from which a task is shown."""


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task with the words of the advert that most probably mean it."""

    task: str
    words: str
    probability: float


def probability_of(closeness: float) -> float:
    """Return how probable it is that the nearest task is meant."""
    return 1 / (1 + math.exp(-(TASK_SLOPE * closeness + TASK_OFFSET)))


def find_tasks(text: str, tasks: Sequence[str]) -> list[FoundTask]:
    """Return the tasks that an advert probably asks for, in their order, each with the words nearest to it."""
    tasks = tasks[:MOST_TASKS]
    model = meaning_model()
    found: dict[int, FoundTask] = {}
    if not tasks:
        return []
    directions = np.stack([model.vector(task) for task in tasks])
    for number, clause in enumerate(asking_clauses(text[:CHARACTERS])):
        if number == MOST_CLAUSES:
            break
        words = " ".join(clause.text.split()).strip("-–—•, ")
        if not model.knows(words):
            continue
        closeness = directions @ model.vector(words)
        place = int(closeness.argmax())
        probability = probability_of(float(closeness[place]))
        before = found.get(place)
        if probability >= LIKELY_FROM and (before is None or before.probability < probability):
            shown = words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX].rsplit(' ', 1)[0]} …"
            found[place] = FoundTask(tasks[place], shown, probability)
    return [found[place] for place in sorted(found)]
