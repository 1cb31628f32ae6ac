"""How the database goes about it: with many rows it reads what it needs by index, goals and steps never as a whole."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from careerplan.reminders import services
from careerplan.reminders.statements import OWED, for_one

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 5, 8, tzinfo=UTC)
MANY = """
ALTER TABLE plans_plan DISABLE TRIGGER USER;
ALTER TABLE goals_goal DISABLE TRIGGER USER;
ALTER TABLE goals_actionstep DISABLE TRIGGER USER;
ALTER TABLE goals_evaluation DISABLE TRIGGER USER;
INSERT INTO accounts_user (id, email, name, time_zone, theme, is_staff, is_superuser, is_active, date_joined, password)
SELECT 1000000 + n, n || '@example.org', '', (ARRAY['Europe/London', 'Asia/Tokyo', 'America/Lima'])[1 + n % 3], '',
       false, false, true, '2020-01-01', '' FROM generate_series(1, 4000) AS n;
INSERT INTO plans_plan (id, user_id, title, priorities, state, started_on, created_at, version, currency, career_stage,
                        "current_role", target_role, vision, horizon, closing_words)
SELECT 1000000 + n, 1000000 + n, 'Plan', '{}', 'active', '2020-01-01', now(), 1, '', '', '', '', '', '', ''
FROM generate_series(1, 4000) AS n;
INSERT INTO goals_goal (id, plan_id, area, title, why, measure_kind, unit, done_when, starts_on, due_on, due_set_at,
                        state, closed_at, closing_note, learned, stop_unless, created_at, version, form_key)
SELECT 1000000 + n, 1000001 + n % 4000, 'personal', 'Goal', repeat('why ', 100), 'yes_no', '', 'Done', '2020-01-01',
       date '2026-01-01' + n % 3000, '2020-01-01', CASE WHEN n % 2 = 0 THEN 'active' ELSE 'achieved' END,
       CASE WHEN n % 2 = 0 THEN NULL ELSE date '2026-01-01' END, '', '', '', '2020-01-01', 1, gen_random_uuid()
FROM generate_series(1, 24000) AS n;
INSERT INTO goals_actionstep (id, goal_id, title, details, kind, position, due_on, due_set_at, state, done_at,
                              created_at, version, form_key)
SELECT 1000000 + n, 1000001 + n % 24000, 'Step', repeat('how ', 100), '', 1 + n / 24000,
       date '2026-01-01' + n % 3000, '2020-01-01',
       CASE WHEN n % 3 = 0 THEN 'to_do' ELSE 'done' END, CASE WHEN n % 3 = 0 THEN NULL ELSE date '2026-01-01' END,
       '2020-01-01', 1, gen_random_uuid() FROM generate_series(1, 72000) AS n;
INSERT INTO goals_evaluation (step_id, worth, learned, again, made_at)
SELECT id, 3, '', '', '2026-01-02' FROM goals_actionstep WHERE state = 'done';
ANALYZE accounts_user, plans_plan, goals_goal, goals_actionstep, goals_evaluation, reminders_reminder;
"""


@pytest.fixture
def many(db):
    """Four thousand people with a hundred thousand goals and steps."""
    with connection.cursor() as cursor:
        cursor.execute(MANY)


def plan_of(only):
    values = services.rules_of(services.hours_of(AT, AT, only))
    with connection.cursor() as cursor:
        if only is None:
            cursor.execute(services.BY_INDEX)
        cursor.execute("EXPLAIN " + (for_one(OWED) if only else OWED), values)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_sweep_reads_neither_goals_nor_steps_as_a_whole(many):
    plan = plan_of(None)
    assert re.findall(r"Seq Scan on goals_\w+", plan) == [], plan


def test_one_person_is_found_by_index_throughout(many, user):
    plan = plan_of(user)
    assert re.findall(r"Seq Scan on (?:goals|plans)_\w+", plan) == [], plan
