"""Runs the benchmarks and prints a table each. Figures are of this machine; ratios travel better."""

import argparse
import sys
from types import ModuleType
from typing import Any

from benchmarks import (
    calendars,
    data_files,
    documents,
    fresh,
    sending,
    skill_results,
    stack_memory,
    sweeps,
    timing,
    web_pages,
)
from benchmarks.matching import run as matching
from benchmarks.matching import sizes as matching_sizes
from benchmarks.reading import distil, mapping, tasks
from benchmarks.reading import run as reading
from tests.stack_process import StackProcess
from tests.warm_processes import WarmStack


def on_one_stack() -> list[str]:
    """What is measured on everything that `make run` runs; return the floors that are missed."""
    missed: list[str] = []
    with web_pages.running_stack() as stack:
        stack_memory.measure(stack)  # first: another process would take a share of what the services share
        with StackProcess(stack) as inside:
            for module in (data_files, web_pages, skill_results, documents, calendars):
                missed += module.measure(stack, inside) or []
    return missed


# Sizes with which each benchmark runs in seconds and measures nothing: tests/benchmarks sees that it still runs.
TINY: dict[ModuleType, dict[str, Any]] = {
    fresh: {"IS_MEASURED": False},
    web_pages: {
        "SIZES": (1_000, 1_100),
        "ROUNDS": 1,
        "SECONDS": 0.02,
        "WARM_SECONDS": 0,
        "PROFILED": 3,
        "WEB_WORKERS": 1,
        "Stack": WarmStack,
    },
    stack_memory: {"QUIET_SECONDS": 0},
    data_files: {"GOALS": 3, "STEPS": 2, "ASSESSMENTS": 1, "SIZES": {"3 goals": 1, "6 goals": 2}},
    skill_results: {"FOLDERS": (), "CALLS": 1, "SEARCHES": 1, "FIRST_VISITS": 1},
    documents: {"LONG_GOALS": 3, "LONG_STEPS": 2, "DEMO_ROUNDS": 1, "LONG_ROUNDS": 1},
    calendars: {"GOALS": 3, "STEPS": 2, "ROUNDS": 1},
    sending: {
        "PEOPLE": 40,
        "POST_OFFICE_MAILS": 40,
        "ITEMS": 2,
        "ROUNDS": 1,
        "MANY": 40,
        "READINGS": 1,
        "Stack": WarmStack,
    },
    matching_sizes: {"PEOPLE": 4, "OTHER_SEEDS": (), "HOLLOW": 4, "CALLS": 3},
    reading: {"EVERY": 40},
    mapping: {"EVERY": 40},
    tasks: {"TEXTS": 80},
    distil: {"SKILL_STEPS": 3, "FOLDS": 2},
    timing: {"PAIRS": 2, "WARM_PAIRS": 0, "Stack": WarmStack},
    sweeps: {"SIZES": (200, 400), "ROUNDS": 1, "SWEEPS": 1},
}
BENCHMARKS = {
    "pages": on_one_stack,
    "sending": sending.measure,
    "sweeps": sweeps.measure,
    "matching": matching.measure,
    "reading": reading.measure,
    "timing": timing.measure,
}


def main() -> int:
    """All of them, or those that are named; the last line says which floors are missed, and the result is 1 then."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; none: all")
    parser.add_argument("--tiny", action="store_true", help="only see that they run")
    asked = parser.parse_args()
    for module, sizes in TINY.items() if asked.tiny else ():
        vars(module).update(sizes)
    missed: list[str] = []
    for name in asked.names or BENCHMARKS:
        missed += BENCHMARKS[name]() or []
    print("\nMissed: " + "; ".join(missed) if missed else "\nAll floors are reached.")
    return int(bool(missed) and not asked.tiny)


if __name__ == "__main__":
    sys.exit(main())
