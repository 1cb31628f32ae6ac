"""Runs the benchmarks and prints a table each. Figures are of this machine; ratios travel better."""

import argparse
from types import ModuleType
from typing import Any

from benchmarks import calendars, data_files, documents, sending, skill_results, stack_memory, sweeps, web_pages
from tests.stack_process import StackProcess


def on_one_stack() -> None:
    """What is measured on everything that `make run` runs."""
    with web_pages.running_stack() as stack:
        stack_memory.measure(stack)  # first: another process would take a share of what the services share
        with StackProcess(stack) as inside:
            for module in (data_files, web_pages, skill_results, documents, calendars):
                module.measure(stack, inside)


# Sizes with which each benchmark runs in seconds and measures nothing: tests/benchmarks sees that it still runs.
TINY: dict[ModuleType, dict[str, Any]] = {
    web_pages: {"SIZES": (1_000, 1_100), "ROUNDS": 1, "SECONDS": 0.2, "WARM_SECONDS": 0, "PROFILED": 3},
    stack_memory: {"QUIET_SECONDS": 0},
    data_files: {"GOALS": 3, "STEPS": 2, "ASSESSMENTS": 1, "SIZES": {"3 goals": 1, "6 goals": 2}},
    skill_results: {"FOLDERS": (), "SECONDS": 0.2, "WARM_SECONDS": 0, "CALLS": 1, "SEARCHES": 1},
    documents: {"LONG_GOALS": 3, "LONG_STEPS": 2, "DEMO_ROUNDS": 1, "LONG_ROUNDS": 1},
    calendars: {"GOALS": 3, "STEPS": 2, "ROUNDS": 1},
    sending: {"PEOPLE": 40, "ITEMS": 2, "ROUNDS": 1, "MANY": 40, "READINGS": 1},
    sweeps: {"SIZES": (200, 400), "ROUNDS": 1, "SWEEPS": 1},
}
BENCHMARKS = {"pages": on_one_stack, "sending": sending.measure, "sweeps": sweeps.measure}


def main() -> None:
    """All of them, or those that are named."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; none: all")
    parser.add_argument("--tiny", action="store_true", help="only see that they run")
    asked = parser.parse_args()
    for module, sizes in TINY.items() if asked.tiny else ():
        vars(module).update(sizes)
    for name in asked.names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
