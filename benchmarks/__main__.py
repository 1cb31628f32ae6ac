"""Runs the benchmarks and prints a table each. Figures are of this machine; ratios travel better."""

import argparse

from benchmarks import calendars, data_files, documents, sending, skill_results, stack_memory, sweeps, web_pages


def on_one_stack() -> None:
    """What is measured on everything that `make run` runs."""
    with web_pages.running_stack() as stack:
        stack_memory.measure(stack)
        data_files.measure(stack)
        web_pages.measure(stack)
        skill_results.measure(stack)
        documents.measure(stack)
        calendars.measure(stack)


BENCHMARKS = {"pages": on_one_stack, "sending": sending.measure, "sweeps": sweeps.measure}


def main() -> None:
    """All of them, or those that are named."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; none: all")
    for name in parser.parse_args().names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
