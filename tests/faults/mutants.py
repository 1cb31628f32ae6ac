"""The suite can fail: each mutant breaks one thing that makes sending safe, and a scenario must notice.

The product holds no switch for this: the mutant's processes alone load hooks/sitecustomize.py.
"""

from collections.abc import Callable, Sequence

from tests.faults.scenarios import SCENARIOS
from tests.faults.size import SHORT, Size
from tests.faults.world import HOOKS, World

CONSTRAINTS = (
    "ALTER TABLE reminders_digest DROP CONSTRAINT reminders_digest_once_a_day",
    "ALTER TABLE reminders_reminder DROP CONSTRAINT reminders_reminder_once",
)
FENCES = (
    "ALTER TABLE reminders_digest DROP CONSTRAINT reminders_digest_claim_while_pending",
    "ALTER TABLE reminders_digest DROP CONSTRAINT reminders_digest_started_by_claim",
)
# The scenario that must notice, and what is done to the database first.
MUTANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "no-constraint": ("many", CONSTRAINTS),
    "mark-first": ("smtp", ()),
    "no-fence": ("frozen", FENCES),
    "no-recheck": ("races", ()),
    "no-owner": ("calm", ()),
    "letters-mark-first": ("smtp", ()),
    "letters-no-recheck": ("calm", ()),
}


def run(say: Callable[[str], None], seed: int, names: Sequence[str] = (), size: Size = SHORT) -> bool:
    """Run every mutant, or those named; whether each was caught."""
    all_caught = True
    for name in names or MUTANTS:
        scenario, statements = MUTANTS[name]
        with World(seed=seed, env={"FAULT_MUTANT": name, "PYTHONPATH": str(HOOKS)}) as world:
            for statement in statements:
                world.sql(statement)
            books = SCENARIOS[scenario](world, size)
        caught = "; ".join(books.failures)
        say(f"{name:15} {'caught by ' + scenario + ': ' + caught if caught else 'SURVIVED ' + scenario}")
        all_caught = all_caught and bool(caught)
    return all_caught
