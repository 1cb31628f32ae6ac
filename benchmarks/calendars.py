"""The feed of a calendar with 300 goals and 3,000 steps: CPU and memory of an answer, and of "nothing changed"."""

import json
import statistics

from benchmarks.data_files import FILL
from careerplan.local.stack import Stack

GOALS, STEPS = 300, 10
EMAIL = "calendar@example.org"

MEASURE = """
import json, resource, time
from django.test import RequestFactory
from django.utils import timezone
from accounts.models import User
from careerplan.calendar_feed import queries, services, views
user = User.objects.get(email="{email}")
token = services.make_address(feed=queries.feed_for(user), now=timezone.now())
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, found, etag = peak(), {{}}, None
for name, status in (("all of it", 200), ("nothing changed", 304)):
    used, seconds = [], []
    for round in range(6):
        request = RequestFactory().get("/", headers={{"if-none-match": etag}} if etag else {{}})
        begun, cpu = time.perf_counter(), time.process_time()
        answer = views.feed(request, token=token)
        assert answer.status_code == status
        if round:  # the first only warms up
            used.append(time.process_time() - cpu)
            seconds.append(time.perf_counter() - begun)
    found[name] = [used, seconds, len(answer.content)]
    etag = answer.headers["ETag"]
print(json.dumps([found, peak() - before]))
"""


def measure(stack: Stack) -> None:
    """Print a row for each answer."""
    fill = FILL.format(email=EMAIL, goals=GOALS, steps=STEPS, assessments=1)
    stack.manage("shell", "-c", fill, timeout=600)
    out = stack.manage("shell", "-c", MEASURE.format(email=EMAIL), timeout=600)
    found, memory = json.loads(out.strip().splitlines()[-1])
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


if __name__ == "__main__":
    with Stack() as own:
        own.prepare()
        measure(own)
