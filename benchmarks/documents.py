"""The plan as page, PDF and Word file: CPU of each in the same rounds, for the demo plan and for a very long one."""

import statistics

from benchmarks.fresh import fresh_process
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

LONG_GOALS, LONG_STEPS = 300, 10
DEMO_ROUNDS, LONG_ROUNDS = 10, 3


def measure(stack: Stack, inside: StackProcess) -> None:
    """Load the demo plan, and print a row for each form."""
    inside.call("tests.browser.people.make_ruth")
    sizes = {"goals": LONG_GOALS, "steps": LONG_STEPS, "demo_rounds": DEMO_ROUNDS, "long_rounds": LONG_ROUNDS}
    with fresh_process(stack, inside) as fresh:
        found, typesetter, ours = fresh.call("benchmarks.inside.files.document_costs", **sizes)
    for what, rows in found.items():
        print(f"\nThe document of the {what}\n")
        print(f"{'':12}{'CPU ms':>10}{'spread':>16}{'of page':>10}{'seconds':>10}{'kB':>8}")
        page = statistics.median(rows["page"]["cpu"])
        for name, row in rows.items():
            used = statistics.median(row["cpu"])
            spread = f"{min(row['cpu']) * 1000:.0f}-{max(row['cpu']) * 1000:.0f}"
            seconds = statistics.median(row["seconds"])
            print(
                f"{name:12}{used * 1000:>10.0f}{spread:>16}{used / page:>10.1f}{seconds:>10.2f}"
                f"{row['bytes'] / 1000:>8.0f}"
            )
    print(f"\nAt most {typesetter:.0f} MB in the typesetter's process, gone with it; {ours:.0f} MB in ours.")
