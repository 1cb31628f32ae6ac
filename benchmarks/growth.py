"""What a load leaves behind: memory of each process, and rows and bytes in the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.population import connect
from benchmarks.stack_memory import SERVICES, memory_of
from careerplan.local.stack import Stack

# What somebody does in a year who comes once a week: changes, answered pages of four assessments, emails.
YEAR = {"edit": 150, "assess": 40, "remind": 100}
WORDS = {
    "edit": "changes, about 3 a week",
    "assess": "pages of assessments answered, 4 assessments",
    "remind": "reminder emails, 2 a week",
}
# The tables that each of them fills.
TABLES = {"edit": ("goals_", "planning_"), "assess": ("skills_",), "remind": ("reminders_",)}

SENT = "SELECT count(*) FROM reminders_digest WHERE state = 'sent'"
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
    memory: list[Memory] = field(default_factory=list)
    """When everything is warm, at half of the time, and at the end."""
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows_before, self.bytes_before = tables_of(self.stack)

    def finish(self, done: dict[str, int]) -> None:
        """Note what was done, and measure the tables again, while the database still runs."""
        with connect(self.stack) as database:
            [sent] = database.execute(SENT).fetchone() or (0,)
        self.done = done | {"remind": sent}
        self.rows_after, self.bytes_after = tables_of(self.stack)

    def memory_rows(self, seconds: float) -> Iterator[tuple[str, ...]]:
        """Yield the memory of each service at each time, and how fast it grows in the second half."""
        for name in self.memory[0].megabytes:
            sizes = [memory.megabytes[name] for memory in self.memory]
            hourly = (sizes[-1] - sizes[-2]) * 3600 / (seconds / 2)
            yield name, f"{self.memory[-1].processes[name]}", *(f"{size:.0f}" for size in sizes), f"{hourly:.0f}"

    def year_rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows and kilobytes that each kind of thing fills in a year, and all together."""
        total = Counter[str]()
        for kind, often in YEAR.items():
            done = self.done.get(kind, 0)
            rows = self._grown(self.rows_before, self.rows_after, kind) / (done or 1) * often
            size = self._grown(self.bytes_before, self.bytes_after, kind) / (done or 1) * often
            total += Counter({"rows": round(rows), "bytes": round(size)})
            yield WORDS[kind], f"{done:,}", f"{often}", f"{rows:,.0f}", f"{size / 1000:,.0f}"
        yield "all, with history and indexes", "", "", f"{total['rows']:,}", f"{total['bytes'] / 1000:,.0f}"

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
