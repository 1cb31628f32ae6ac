"""The file of an account, out and in: 300 goals, 3,000 steps and 10 assessments, and ten times that.

Each is measured in a process of its own. Memory is what the process took at its most beyond what it had before (the
kernel's figure), so that one sees whether it grows with the account.
"""

import json

from careerplan.local.stack import Stack

SIZES = {"300 goals": 1, "3,000 goals": 10}
GOALS, STEPS, ASSESSMENTS = 300, 10, 10
MOST_GROWTH_MB = 40  # what ten times the account may take more: ids, and nothing else

FILL = """
import random
from datetime import timedelta
from uuid import uuid4
from django.db import connection, transaction
from django.utils import timezone
from accounts.models import User
from careerplan.plans.models import Plan
from careerplan.skills import services
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
now, chance = timezone.now(), random.Random(1)
user = User.objects.create_user("{email}", name="Ruth", time_zone="Europe/London")
for run in range({assessments}):
    then = now - timedelta(days=400 - run)
    draft = services.start_assessment(user=user, mode=Assessment.Mode.FULL, now=then)
    services.save_direction(assessment=draft, changes={{"career_stage": "promotion", "current_role": "Nurse",
                            "target_role": "Ward manager"}}, now=then)
    services.save_education(assessment=draft, changes={{"level": "bachelor", "enough": "yes"}}, now=then)
    levels = {{skill.pk: chance.randint(0, 5) for skill in load_wizard(draft).answers.skills}}
    services.save_ratings(assessment=draft, levels=levels, now=then)
    verdicts = {{pk: services.VerdictChange("neither", "") for pk in levels}}
    services.save_verdicts(assessment=draft, sorting=verdicts, now=then)
    services.choose_skills_to_learn(assessment=draft, wanted=set(), now=then)
    services.finish_assessment(assessment=draft, now=then, today=then.date())
plan = Plan.objects.get(user=user, state="active")
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute(\"\"\"
        INSERT INTO goals_goal (area, title, why, measure_kind, unit, start_value, target_value, done_when, starts_on,
            due_on, due_set_at, state, created_at, form_key, plan_id, closing_note, learned, stop_condition, version)
        SELECT 'professional', 'Lead ' || g || ' shifts as nurse in charge', repeat('Because it matters to me. ', 8),
            'number', 'shifts', 0, 12, '', current_date - 60, current_date + 30, now(), 'active', now(),
            gen_random_uuid(), %s, '', '', '', 1 FROM generate_series(1, %s) g\"\"\", [plan.pk, {goals}])
    cursor.execute(\"\"\"
        INSERT INTO goals_actionstep (title, due_on, due_set_at, state, created_at, form_key, goal_id, details, kind,
            position, version)
        SELECT 'Ask for ' || s || ' late shifts', current_date + s, now(), 'to_do', now(), gen_random_uuid(), g.id,
            repeat('Bring the rota. ', 10), '', s, 1
        FROM goals_goal g, generate_series(1, %s) s WHERE g.plan_id = %s\"\"\", [{steps}, plan.pk])
    cursor.execute(\"\"\"
        INSERT INTO goals_progressentry (measured_on, value, note, recorded_at, form_key, goal_id)
        SELECT current_date - r, 6 - r, 'Two nights', now(), gen_random_uuid(), g.id
        FROM goals_goal g, generate_series(1, 5) r WHERE g.plan_id = %s\"\"\", [plan.pk])
"""
MEASURE = """
import json, resource, time
from django.utils import timezone
from accounts.models import User
from careerplan.account_data import services
from careerplan.account_data.exporter import count_rows, write_export
user, path = User.objects.get(email="{email}"), "{path}"
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
User.objects.count()
before, begun = peak(), time.perf_counter()
if "{what}" == "out":
    with open(path, "wb") as out:
        rows = write_export(user, out, now=timezone.now())
else:
    other = User.objects.create_user("in-{email}", name="Ruth", time_zone="Europe/London")
    with open(path, "rb") as content:
        summary = services.preview_import(user=other, content=content, now=timezone.now())
        looked = time.perf_counter() - begun
        file = services.store_import(user=other, content=content, summary=summary, now=timezone.now())
    begun = time.perf_counter()
    rows = sum(services.finish_import(file=file, now=timezone.now()).counts.values())
import os
print(json.dumps([rows, time.perf_counter() - begun, peak() - before, os.path.getsize(path), count_rows(user)]))
"""


def measure(stack: Stack) -> None:
    """Print a row for each way and size, and what misses the aim."""
    print("\nThe file of an account (each step, entry and rating is an entry; so is each line of history)\n")
    print(f"{'account':14}{'way':8}{'entries':>9}{'MB':>7}{'seconds':>9}{'entries/s':>11}{'memory MB':>11}")
    memory: dict[tuple[str, str], float] = {}
    for name, times in SIZES.items():
        email, path = f"data-{times}@example.org", str(stack.var / f"export-{times}.json")
        fill = FILL.format(email=email, goals=GOALS * times, steps=STEPS, assessments=ASSESSMENTS * times)
        stack.manage("shell", "-c", fill, timeout=900)
        for what in ("out", "in"):
            out = stack.manage("shell", "-c", MEASURE.format(email=email, path=path, what=what), timeout=900)
            rows, seconds, used, size, _all = json.loads(out.strip().splitlines()[-1])
            memory[name, what] = used
            print(
                f"{name:14}{what:8}{rows:>9,}{size / 1e6:>7.1f}{seconds:>9.2f}{rows / seconds:>11,.0f}{used:>11.1f}",
                flush=True,
            )
    small, large = SIZES
    for what in ("out", "in"):
        grown = memory[large, what] - memory[small, what]
        verdict = "bounded" if grown < MOST_GROWTH_MB else "GROWS WITH THE ACCOUNT"
        print(f"{what}: ten times the account takes {grown:.1f} MB more: {verdict}")


if __name__ == "__main__":
    with Stack(durable=True) as own:
        own.prepare()
        measure(own)
