"""Work that is counted, not timed: what a function does in Python, whatever else the machine is doing."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = (str(ROOT / "careerplan"), str(ROOT / "accounts"))


def count_work(run: Callable[[], Any]) -> int:
    """Run a function; return how many functions it called, of Python and of C, and how many of our lines it ran.

    A call of C counts once, however long it takes: what patterns and databases do is not seen.
    """
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace if frame.f_code.co_filename.startswith(OURS) else None

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count


def grows_in_line(run: Callable[[int], Any], size: int) -> tuple[int, int]:
    """Return the work for `size` and for twice as much, after caches have been filled by both."""
    run(size)
    run(2 * size)
    return count_work(lambda: run(size)), count_work(lambda: run(2 * size))
