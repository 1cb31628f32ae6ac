"""How figures are printed."""

import statistics
from collections.abc import Iterable, Mapping, Sequence


def print_rates(title: str, unit: str, rates: Mapping[str, Sequence[float]]) -> None:
    """A row a thing: the median of its rounds, their spread, and the ratio to the first."""
    print(f"\n{title}\n")
    print(f"{'':28}{unit:>12}{'spread':>16}{'of first':>10}")
    base = statistics.median(next(iter(rates.values())))
    for name, found in rates.items():
        rate = statistics.median(found)
        spread = f"{min(found):.0f}-{max(found):.0f}"
        print(f"{name:28}{rate:>12.0f}{spread:>16}{rate / base:>10.2f}")


def p95(times: Sequence[float]) -> float:
    """The 95th percentile; of a single figure, that figure."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:], ""])
