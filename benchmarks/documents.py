"""The plan as page, PDF and Word file: CPU of each in the same rounds, for the demo plan and for a very long one."""

import json
import statistics

from careerplan.local.stack import Stack

LONG_GOALS, LONG_STEPS = 300, 10

MEASURE = """
import json, resource, time
from uuid import uuid4
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from accounts.models import User
from careerplan.plan_document import views
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.plans.models import Plan
now, today = timezone.now(), timezone.localdate()
@transaction.atomic
def long_plan():
    user = User.objects.create_user("long@example.org", name="Ruth Adeyemi", time_zone="Europe/London")
    plan = Plan.objects.create(user=user, title="A long plan", started_on=today)
    first = dict(plan=plan, measure_kind="number", unit="shifts", start_value=0, target_value=12, area="professional",
                 starts_on=today, due_set_at=now, created_at=now, why="I want to be heard there, not read out.")
    days = timezone.timedelta(days=1)
    goals = Goal.objects.bulk_create(Goal(title=f"Goal {n}: lead twelve shifts as nurse in charge", form_key=uuid4(),
        due_on=today + (30 + n) * days, **first) for n in range(GOALS))
    steps = ActionStep.objects.bulk_create(ActionStep(goal=goal, title=f"Ask for two late shifts, {n}", position=n,
        due_on=today + (n + 1) * days, due_set_at=now, created_at=now, effort_hours=8, state="done" if n % 3 == 0 else
        "to_do", done_at=now if n % 3 == 0 else None) for goal in goals for n in range(STEPS))
    Evaluation.objects.bulk_create(Evaluation(step=s, worth=4, learned="Fewer slides.", made_at=now)
        for s in steps if s.state == "done")
    entries = (ProgressEntry(goal=goal, measured_on=today, value=3, recorded_at=now) for goal in goals)
    ProgressEntry.objects.bulk_create(entries)
    return plan
def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)
tasks = {"page": views.document_page, "PDF": views.document_pdf, "Word": views.document_word}
demo = Plan.objects.get(user__email="ruth.adeyemi@example.org")
found = {}
for what, plan, rounds in (("demo plan", demo, 10), ("300 goals, 3,000 steps", long_plan(), 3)):
    request = RequestFactory().get("/document/")
    request.user = plan.user
    rows = {name: {"cpu": [], "seconds": [], "bytes": 0} for name in tasks}
    for round in range(rounds + 1):
        for name, view in tasks.items():
            begun, used = time.perf_counter(), cpu()
            answer = view(request, pk=plan.pk)
            assert answer.status_code == 200
            if round:  # the first only warms up
                rows[name]["cpu"].append(cpu() - used)
                rows[name]["seconds"].append(time.perf_counter() - begun)
            rows[name]["bytes"] = len(answer.content)
    found[what] = rows
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps([found, peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def measure(stack: Stack) -> None:
    """Load the demo plan, and print a row for each form."""
    stack.manage("load_demo")
    code = MEASURE.replace("GOALS", str(LONG_GOALS)).replace("STEPS", str(LONG_STEPS))
    found, typesetter, ours = json.loads(stack.manage("shell", "-c", code, timeout=600).strip().splitlines()[-1])
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
