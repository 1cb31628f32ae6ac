"""How well a text is mapped to the tasks of an occupation: `make bench ARGS=reading`.

O*NET says which tasks are the same activity. For a task of an occupation the text is a task of another occupation that
is the same activity; and as many texts are tasks that share no activity with the occupation, so that none of its tasks
is right. Occupations of even parts are for choosing (`python -m benchmarks.reading.tasks`), those of odd parts are
measured. The vectors were fitted to all tasks, without what they are.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.floors import Floors
from benchmarks.reading import meaning_texts as source
from benchmarks.reading.calibration import BINS, calibration_error
from benchmarks.reading.train import calibrate
from careerplan.reading.meaning import meaning_model
from careerplan.reading.task_finder import LIKELY_FROM, probability_of

SEED, TEXTS = 17, 3_000
MOST_TASKS = 12
"""As many as the catalogue keeps of an occupation."""
CALIBRATION_MAX = 5
Case = tuple[str, list[str], set[int]]
"""A text, the tasks of an occupation, and which of them are right."""


def cases(*, measured: bool) -> list[Case]:
    """Return texts with the tasks of an occupation, every second one without a right task."""
    random_ = random.Random(SEED)
    core = [row for row in source.read_onet("Task Statements") if row["Task Type"] == "Core"]
    by_code: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in core:
        if len(by_code[row["O*NET-SOC Code"]]) < MOST_TASKS:
            by_code[row["O*NET-SOC Code"]].append(row)
    activities: dict[str, set[str]] = defaultdict(set)
    alike: dict[str, list[dict[str, str]]] = defaultdict(list)
    of_task = {row["Task ID"]: row for row in core}
    for row in source.read_onet("Tasks to DWAs"):
        activities[row["Task ID"]].add(row["DWA ID"])
        if row["Task ID"] in of_task:
            alike[row["DWA ID"]].append(of_task[row["Task ID"]])
    codes = [code for code in sorted(by_code) if (source.part_of(code) % 2 == 1) == measured]
    found: list[Case] = []
    while len(found) < TEXTS:
        code = random_.choice(codes)
        rows = by_code[code]
        own = {one for row in rows for one in activities[row["Task ID"]]}
        if len(found) % 2:
            other = random_.choice(core)
            if activities[other["Task ID"]] and own.isdisjoint(activities[other["Task ID"]]):
                found.append((other["Task"], [row["Task"] for row in rows], set()))
            continue
        row = random_.choice(rows)
        same = [
            one for dwa in sorted(activities[row["Task ID"]]) for one in alike[dwa] if one["O*NET-SOC Code"] != code
        ]
        if same:
            other = random_.choice(same)
            shared = activities[other["Task ID"]]
            right = {place for place, one in enumerate(rows) if activities[one["Task ID"]] & shared}
            found.append((other["Task"], [one["Task"] for one in rows], right))
    return found


def nearest_task(text: str, tasks: Sequence[str]) -> tuple[int, float] | None:
    """Return the place of the task that a text is nearest to, and their closeness; None for a text of unknown words."""
    model = meaning_model()
    direction = model.vector(text)
    if not tasks or not direction.any() or not model.knows(text):
        return None
    closeness = np.stack([model.vector(task) for task in tasks]) @ direction
    place = int(closeness.argmax())
    return place, float(closeness[place])


def mapped(texts: list[Case]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the closeness of the nearest task of each case, and whether it is right."""
    nearest = [nearest_task(text, tasks) or (-1, 0.0) for text, tasks, _right in texts]
    is_right = [place in right for (place, _closeness), (_text, _tasks, right) in zip(nearest, texts, strict=True)]
    return np.array([closeness for _place, closeness in nearest]), np.array(is_right)


def measure(floors: Floors) -> None:
    """Print the table, and note the floor of the calibration."""
    texts = cases(measured=True)
    closeness, is_right = mapped(texts)
    has_right = np.array([bool(right) for *_rest, right in texts])
    said = np.array([probability_of(one) for one in closeness])
    shown = said >= LIKELY_FROM
    print(f"\nTasks of an occupation, {len(texts)} texts, half of them without a right task\n")
    print(f"{'right at first, where one is right, %':44}{100 * is_right[has_right].mean():>10.1f}")
    print(f"{'shown, of texts with a right task, %':44}{100 * shown[has_right].mean():>10.1f}")
    print(f"{'right, of what is shown, %':44}{100 * is_right[shown].mean():>10.1f}")
    error = 100 * calibration_error(said, is_right)
    print(f"{f'calibration error ({BINS} bins), points':44}{error:>10.1f}")
    floors.at_most("calibration error of tasks, points", error, CALIBRATION_MAX)


def main() -> None:
    """Fit TASK_SLOPE and TASK_OFFSET of task_finder.py on the occupations for choosing, and print them."""
    slope, offset = calibrate(*mapped(cases(measured=False)))
    print(f"TASK_SLOPE, TASK_OFFSET = {slope:.2f}, {offset:.2f}")


if __name__ == "__main__":
    main()
