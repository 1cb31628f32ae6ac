"""What a scenario found, as a row of a table."""

from dataclasses import dataclass, field


@dataclass
class Books:
    """What a scenario found. Times in seconds."""

    name: str
    due: int
    received: int = 0
    lost: int = 0
    duplicates: int = 0
    explained: int = 0
    wrong: int = 0
    early: int = 0
    late_p99: float = 0.0
    recovery: float | None = None
    notes: dict[str, object] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, words: str) -> None:
        """Note what should hold and does not."""
        if not holds:
            self.failures.append(words)

    def line(self) -> str:
        """One row of the table."""
        recovery = "-" if self.recovery is None else f"{self.recovery:.1f}"
        notes = ", ".join(f"{name} {value}" for name, value in self.notes.items())
        verdict = "ok" if not self.failures else "FAILED: " + "; ".join(self.failures)
        return (
            f"{self.name:10}{self.due:>7}{self.received:>9}{self.lost:>6}{self.duplicates:>6}{self.explained:>10}"
            f"{self.wrong:>7}{self.early:>7}{self.late_p99:>10.1f}{recovery:>10}  {verdict}  {notes}"
        )


HEAD = (
    f"{'scenario':10}{'due':>7}{'received':>9}{'lost':>6}{'twice':>6}{'explained':>10}{'wrong':>7}{'early':>7}"
    f"{'late p99':>10}{'recovery':>10}"
)
