"""What a load leaves behind: memory of each process, and rows and bytes in the database."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.population import connect
from benchmarks.stack_memory import SERVICES, memory_of
from careerplan.local.stack import Stack

# What somebody does in a year who comes once a week: changes, answered pages of four assessments, emails.
YEAR = {"edit": 150, "assess": 40, "remind": 100}
# The tables that each of them fills.
TABLES = {"edit": ("goals_", "planning_"), "assess": ("skills_",), "remind": ("reminders_",)}

SIZES = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Memory:
    """Megabytes of each service, and how many processes it is."""

    megabytes: dict[str, float]
    processes: dict[str, int]

    @classmethod
    def of(cls, stack: Stack) -> "Memory":
        """Measure now."""
        found = {name: memory_of(stack.pid(name)) for name in SERVICES}
        return cls(
            {name: size for name, (_, size) in found.items()}, {name: count for name, (count, _) in found.items()}
        )


@dataclass
class Growth:
    """Compares before and after."""

    stack: Stack
    memory_before: Memory | None = None
    memory_after: Memory | None = None
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows_before, self.bytes_before = tables_of(self.stack)

    def finish(self, done: dict[str, int]) -> None:
        """Note what was done, and measure the tables again, while the database still runs."""
        self.done = done
        self.rows_after, self.bytes_after = tables_of(self.stack)

    def show(self, seconds: float) -> None:
        """Print both tables."""
        if self.memory_before and self.memory_after:
            print(f"\n{'service':10}{'processes':>10}{'MB before':>11}{'MB after':>10}{'MB an hour':>12}")
            for name, before in self.memory_before.megabytes.items():
                after = self.memory_after.megabytes[name]
                hourly = (after - before) * 3600 / seconds
                print(f"{name:10}{self.memory_after.processes[name]:>10}{before:>11.1f}{after:>10.1f}{hourly:>12.0f}")
        head = f"\n{'what':10}{'done':>8}{'rows each':>11}{'bytes each':>12}{'a year':>8}"
        print(f"{head}{'rows a year':>13}{'kB a year':>11}")
        total = Counter[str]()
        for kind, often in YEAR.items():
            count = self.done.get(kind, 0) or 1
            rows = self._grown(self.rows_before, self.rows_after, kind) / count
            size = self._grown(self.bytes_before, self.bytes_after, kind) / count
            total += Counter({"rows": round(rows * often), "bytes": round(size * often)})
            print(
                f"{kind:10}{self.done.get(kind, 0):>8,}{rows:>11.1f}{size:>12.0f}{often:>8}{rows * often:>13.0f}"
                f"{size * often / 1000:>11.0f}"
            )
        print(f"{'a person and year':49}{total['rows']:>13,}{total['bytes'] / 1000:>11.0f}")

    @staticmethod
    def _grown(before: dict[str, int], after: dict[str, int], kind: str) -> int:
        return sum(size - before.get(name, 0) for name, size in after.items() if name.startswith(TABLES[kind]))


def tables_of(stack: Stack) -> tuple[dict[str, int], dict[str, int]]:
    """Return the rows and the bytes of each table, with its indexes."""
    with connect(stack) as database:
        sizes = dict(database.execute(SIZES).fetchall())
        rows = {}
        for name in sizes:
            [rows[name]] = database.execute(f'SELECT count(*) FROM "{name}"').fetchone() or (0,)
    return rows, sizes
