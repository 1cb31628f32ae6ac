"""Work that is counted, not timed: what a function does in Python, whatever else the machine is doing."""

import cProfile
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = (str(ROOT / "careerplan"), str(ROOT / "accounts"))


def count_work(run: Callable[[], Any]) -> int:
    """Run a function; return how many functions it called, of Python and of C, and how many of our lines it ran.

    A call of C counts once, however long it takes: what patterns and databases do is not seen.
    """
    lines = 0
    is_ours: dict[CodeType, bool] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code not in is_ours:
            is_ours[code] = code.co_filename.startswith(OURS)
        return count_lines if is_ours[code] else None

    def count_lines(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count_lines

    calls = cProfile.Profile(subcalls=False)  # counts in C: a callback in Python takes most of the time
    before = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    calls.enable()
    try:
        run()
    finally:
        calls.disable()
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return lines + sum(entry.callcount for entry in calls.getstats())


def grows_in_line(run: Callable[[int], Any], size: int) -> tuple[int, int]:
    """Return the work for `size` and for twice as much, after caches have been filled by the larger."""
    run(2 * size)
    return count_work(lambda: run(size)), count_work(lambda: run(2 * size))


def time_ratio(run: Callable[[int], Any], small: int, large: int) -> float:
    """Return how many times as long a function takes for `large` as for `small`: the time of patterns is seen.

    The best of five of each, of this thread alone, so that what else the machine does hardly counts.
    """

    def best(size: int) -> float:
        times = []
        for _ in range(5):
            start = time.thread_time()
            run(size)
            times.append(time.thread_time() - start)
        return min(times)

    return best(large) / best(small)
