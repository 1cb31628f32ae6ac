"""The file of an account, out and in: 300 goals, 3,000 steps and 10 assessments, and ten times that.

Each is measured in a process of its own. Memory is what the process took at its most beyond what it had before (the
kernel's figure), so that one sees whether it grows with the account.
"""

from benchmarks.fresh import fresh_process
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

SIZES = {"300 goals": 1, "3,000 goals": 10}
GOALS, STEPS, ASSESSMENTS = 300, 10, 10
MOST_GROWTH_MB = 40  # what ten times the account may take more: ids, and nothing else
WAYS = {"out": "benchmarks.inside.files.write_account", "in": "benchmarks.inside.files.read_account"}


def measure(stack: Stack, inside: StackProcess) -> None:
    """Print a row for each way and size, and what misses the aim."""
    print("\nThe file of an account (each step, entry and rating is an entry; so is each line of history)\n")
    print(f"{'account':14}{'way':8}{'entries':>9}{'MB':>7}{'seconds':>9}{'entries/s':>11}{'memory MB':>11}")
    memory: dict[tuple[str, str], float] = {}
    for name, times in SIZES.items():
        email, path = f"data-{times}@example.org", stack.var / f"export-{times}.json"
        sizes = {"goals": GOALS * times, "steps": STEPS, "assessments": ASSESSMENTS * times}
        inside.call("benchmarks.inside.people.make_account", email=email, **sizes)
        for what, function in WAYS.items():
            owner = email if what == "out" else f"in-{email}"
            with fresh_process(stack, inside) as fresh:
                rows, seconds, used = fresh.call(function, email=owner, path=str(path))
            memory[name, what] = used
            megabytes = path.stat().st_size / 1e6
            print(
                f"{name:14}{what:8}{rows:>9,}{megabytes:>7.1f}{seconds:>9.2f}{rows / seconds:>11,.0f}{used:>11.1f}",
                flush=True,
            )
    small, large = SIZES
    for what in WAYS:
        grown = memory[large, what] - memory[small, what]
        verdict = "bounded" if grown < MOST_GROWTH_MB else "GROWS WITH THE ACCOUNT"
        print(f"{what}: ten times the account takes {grown:.1f} MB more: {verdict}")
