"""The feed of a calendar with 300 goals and 3,000 steps: CPU and memory of an answer, and of "nothing changed"."""

import statistics

from benchmarks.fresh import fresh_process
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

GOALS, STEPS, ROUNDS = 300, 10, 5
EMAIL = "calendar@example.org"


def measure(stack: Stack, inside: StackProcess) -> None:
    """Print a row for each answer."""
    inside.call("benchmarks.inside.people.make_account", email=EMAIL, goals=GOALS, steps=STEPS, assessments=1)
    with fresh_process(stack, inside) as fresh:
        found, memory = fresh.call("benchmarks.inside.files.feed_costs", email=EMAIL, rounds=ROUNDS)
    print(
        f"\nThe feed of a calendar with {GOALS} goals and {GOALS * STEPS:,} steps; {memory:.0f} MB more at its most\n"
    )
    print(f"{'':18}{'CPU ms':>8}{'spread':>14}{'seconds':>10}{'kB':>8}")
    for name, (used, seconds, size) in found.items():
        spread = f"{min(used) * 1000:.0f}-{max(used) * 1000:.0f}"
        print(
            f"{name:18}{statistics.median(used) * 1000:>8.0f}{spread:>14}{statistics.median(seconds):>10.2f}"
            f"{size / 1000:>8.0f}"
        )
