"""One goal or 300 with 3,000 steps: the same literal number of queries, and pages that stay small."""

from datetime import timedelta
from time import process_time
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal, ProgressEntry
from careerplan.goals.queries.step_list import STEPS_A_PAGE
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db

# Signed-in pages load the session from the cache and the user from the database; then:
QUERIES = {
    # user; goals with entries, marks and stop rules; steps due and unrated; opportunities; reviews; notices; and what
    # is only now and then there (careerplan/dashboard/occasions.py)
    "dashboard:today": 7,
    "goals:list": 5,  # user, newest results, counts, goals with entries and next steps, closed goals
    "goals:detail": 8,  # user, goal with plan, steps, resources, entries, skills, people who see it, reminders
}
MOST_BYTES = 60_000


def fill(user, *, goals, steps):
    """So many goals in all, and so many steps in all: late and due, open and done; an entry each."""
    now, today = timezone.now(), timezone.localdate()
    first = make_goal(user, due_on=today + timedelta(days=90), step_due_on=today - timedelta(days=3))
    columns = {"plan": first.plan, "measure_kind": "number", "unit": "shifts", "start_value": 0, "target_value": 12}
    made = Goal.objects.bulk_create(
        Goal(
            title=f"Goal {n}: " + "lead twelve shifts as nurse in charge " * 3,
            area=list(Goal.Area)[n % 2],
            starts_on=today - timedelta(days=n),
            due_on=today + timedelta(days=91 + n),
            due_set_at=now,
            created_at=now,
            form_key=uuid4(),
            **columns,
        )
        for n in range(goals - 1)
    )
    every = [first, *made]
    ActionStep.objects.bulk_create(
        ActionStep(
            goal=every[n % goals],
            title=f"Step {n}",
            position=2 + n // goals,
            due_on=today + timedelta(days=n % 120 - 30),
            due_set_at=now,
            created_at=now,
            state="done" if n % 3 == 0 else "to_do",
            done_at=now if n % 3 == 0 else None,
        )
        for n in range(steps - 1)
    )
    ProgressEntry.objects.bulk_create(
        ProgressEntry(goal=goal, measured_on=today, value=3, recorded_at=now) for goal in every
    )
    return first


@pytest.mark.parametrize(("goals", "steps"), [(1, 1), (300, 3000)])
def test_pages_with_300_goals_have_constant_queries(signed_in, user, django_assert_num_queries, goals, steps):
    goal = fill(user, goals=goals, steps=steps)
    for name, queries in QUERIES.items():
        address = reverse(name, args=[goal.pk] if name == "goals:detail" else [])
        signed_in.get(address)
        with django_assert_num_queries(queries):
            response = signed_in.get(address)
        assert response.status_code == 200
        assert len(response.content) < MOST_BYTES, name


@pytest.mark.parametrize(("goals", "steps"), [(1, 1), (300, 3000)])
def test_list_of_all_steps_has_constant_queries_and_is_fast(signed_in, user, django_assert_num_queries, goals, steps):
    fill(user, goals=goals, steps=steps)
    address = reverse("goals:steps")
    signed_in.get(address)
    began = process_time()
    with django_assert_num_queries(4):  # user, counts of the tabs, a page of rows, goals to filter by
        response = signed_in.get(address)
    assert process_time() - began < 1  # about 0.1 on the machine it was written on
    assert len(response.content) < 400_000
    assert len(response.context["list"].groups[0].rows) <= STEPS_A_PAGE


def test_goal_with_3000_steps_has_constant_queries(signed_in, user, django_assert_num_queries):
    goal = fill(user, goals=1, steps=3000)
    for name, queries in QUERIES.items():
        address = reverse(name, args=[goal.pk] if name == "goals:detail" else [])
        with django_assert_num_queries(queries):
            assert signed_in.get(address).status_code == 200
