"""Somebody with an account of a given size: assessments through the services, goals and steps by the thousand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from careerplan.catalogue.interests import activities
from careerplan.catalogue.models import Occupation, OccupationNeed
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services import finish
from careerplan.skills.services.answers import TaskChange, save_interests, save_ratings, save_task_answers
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories

GOALS = """
INSERT INTO goals_goal (area, title, why, measure_kind, unit, start_value, target_value, done_when, starts_on,
    due_on, due_set_at, state, created_at, form_key, plan_id, closing_note, learned, stop_condition, origin_task,
    obstacle, obstacle_plan, version)
SELECT 'professional', 'Lead ' || g || ' shifts as nurse in charge', repeat('Because it matters to me. ', 8),
    'number', 'shifts', 0, 12, '', current_date - 60, current_date + 30, now(), 'active', now(),
    gen_random_uuid(), %(plan)s, '', '', '', '', '', '', 1 FROM generate_series(1, %(goals)s) g
"""
STEPS = """
INSERT INTO goals_actionstep (title, due_on, due_set_at, state, created_at, form_key, goal_id, details, kind,
    repeats, obstacle, obstacle_plan, position, version)
SELECT 'Ask for ' || s || ' late shifts', current_date + s, now(), 'to_do', now(), gen_random_uuid(), g.id,
    repeat('Bring the rota. ', 10), '', '', '', '', s, 1
FROM goals_goal g, generate_series(1, %(steps)s) s WHERE g.plan_id = %(plan)s
"""
ENTRIES = """
INSERT INTO goals_progressentry (measured_on, value, note, recorded_at, form_key, goal_id)
SELECT current_date - r, 6 - r, 'Two nights', now(), gen_random_uuid(), g.id
FROM goals_goal g, generate_series(1, 5) r WHERE g.plan_id = %(plan)s
"""


def finish_assessment(
    user: User, *, chance: Random, now: datetime, level: Callable[[int], int] | None = None, **direction: Any
) -> None:
    """Answer a full assessment with levels by skill id, or by chance; no skill is to be learned."""
    draft = start_assessment(user=user, mode=Assessment.Mode.FULL, now=now)
    changes = {"career_stage": "promotion", "current_role": "Nurse", **direction}
    save_direction(assessment=draft, changes=changes, now=now)
    draft.refresh_from_db()
    answers = {
        task: TaskChange(chance.choice(TaskAnswer.Experience.values)) for task in load_wizard(draft).answers.tasks
    }
    save_task_answers(assessment=draft, changes=answers, now=now)
    save_education(assessment=draft, changes={"level": "bachelor", "enough": "yes"}, now=now)
    likings = {key: chance.randint(1, 5) for key in activities()}
    save_interests(assessment=draft, likings=likings, now=now)
    level = level or (lambda _skill: chance.randint(0, 5))
    levels = {skill.pk: level(skill.pk) for skill in load_wizard(draft).answers.skills}
    save_ratings(assessment=draft, levels=levels, now=now)
    changes = {pk: CategoryChange("neither", "") for pk in levels}
    save_categories(assessment=draft, changes=changes, now=now)
    choose_skills_to_learn(assessment=draft, wanted=set(), now=now)
    finish.finish_assessment(assessment=draft, now=now, today=now.date())


def make_people(*, name: str, count: int, password: str) -> list[str]:
    """People with confirmed addresses and the same password; gives the addresses."""
    hashed = make_password(password)
    users = [User(email=f"{name}-{number}@example.org", name="Ruth", password=hashed) for number in range(count)]
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return [user.email for user in users]


def make_account(*, email: str, goals: int, steps: int, assessments: int) -> None:
    """Somebody with finished assessments, and goals with `steps` steps and five entries each."""
    now, chance = timezone.now(), Random(1)
    user = User.objects.create_user(email, name="Ruth", time_zone="Europe/London")
    for run in range(assessments):
        finish_assessment(
            user, chance=chance, now=now - timedelta(days=400 - run), target_role="Ward manager", target_unlisted=True
        )
    plan = Plan.objects.get(user=user, state="active")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (GOALS, STEPS, ENTRIES):
            cursor.execute(statement, {"plan": plan.pk, "goals": goals, "steps": steps})


def make_assessed_person(*, email: str) -> None:
    """A nurse who wants to manage, with two assessments a year and some levels apart, so that the results are compared.

    Levels by chance would be no occupation's, and the page would show no lists. The occupation is known, because the
    wizard asks for it.
    """
    now, chance = timezone.now(), Random(1)
    user = User.objects.create_user(email, name="Ruth", time_zone="Europe/London")
    target = Occupation.objects.get(code="11-9111.00")
    nurse = Occupation.objects.get(code="29-1141.00")
    needs = dict(OccupationNeed.objects.filter(occupation=nurse).values_list("skill_id", "level"))

    def answer(skill: int) -> int:
        return min(5, max(0, needs.get(skill, 1) + chance.choice((-1, 0, 0, 0, 1))))

    for at in (now - timedelta(days=365), now):
        finish_assessment(user, chance=chance, now=at, level=answer, current_occupation=nurse, target_occupation=target)


@transaction.atomic
def make_long_plan(*, goals: int, steps: int) -> Plan:
    """A plan of somebody of its own; every third step is done and evaluated."""
    now, today = timezone.now(), timezone.localdate()
    user = User.objects.create_user("long@example.org", name="Ruth Adeyemi", time_zone="Europe/London")
    plan = Plan.objects.create(user=user, title="A long plan", started_on=today)
    made_goals = Goal.objects.bulk_create(
        Goal(
            plan=plan,
            area="professional",
            title=f"Goal {n}: lead twelve shifts as nurse in charge",
            why="I want to be heard there, not read out.",
            measure_kind="number",
            unit="shifts",
            start_value=0,
            target_value=12,
            starts_on=today,
            due_on=today + timedelta(days=30 + n),
            due_set_at=now,
            created_at=now,
            form_key=uuid4(),
        )
        for n in range(goals)
    )
    made_steps = ActionStep.objects.bulk_create(
        ActionStep(
            goal=goal,
            title=f"Ask for two late shifts, {n}",
            position=n,
            due_on=today + timedelta(days=n + 1),
            due_set_at=now,
            created_at=now,
            effort_hours=8,
            state="done" if n % 3 == 0 else "to_do",
            done_at=now if n % 3 == 0 else None,
        )
        for goal in made_goals
        for n in range(steps)
    )
    done = (step for step in made_steps if step.state == "done")
    Evaluation.objects.bulk_create(
        Evaluation(step=step, worth=4, learned="Fewer slides.", made_at=now) for step in done
    )
    entries = (ProgressEntry(goal=goal, measured_on=today, value=3, recorded_at=now) for goal in made_goals)
    ProgressEntry.objects.bulk_create(entries)
    return plan
