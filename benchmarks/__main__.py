"""Runs the benchmarks and prints a table each. Figures are of this machine; ratios travel better."""

from benchmarks import data_files, skill_results, stack_memory, web_pages


def main() -> None:
    """One stack for all of them."""
    with web_pages.running_stack() as stack:
        stack_memory.measure(stack)
        data_files.measure(stack)
        web_pages.measure(stack)
        skill_results.measure(stack)


if __name__ == "__main__":
    main()
