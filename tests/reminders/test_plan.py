"""Query plans: with many rows the database reads goals and steps by index."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.timezones import known_time_zones
from careerplan.reminders import services
from careerplan.reminders.queries.due import sql_params, window_params
from careerplan.reminders.services import CREATE_DUE_REMINDERS
from tests.database import undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("many")]  # the rows of many people are made once

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
                        "current_role", target_role, vision, horizon, closing_notes)
SELECT 1000000 + n, 1000000 + n, 'Plan', '{}', 'active', '2020-01-01', now(), 1, '', '', '', '', '', '', ''
FROM generate_series(1, 4000) AS n;
INSERT INTO goals_goal (id, plan_id, area, title, why, measure_kind, unit, done_when, starts_on, due_on, due_set_at,
                        state, closed_at, closing_note, learned, stop_condition, origin_task, obstacle,
                        obstacle_plan, created_at, version, form_key)
SELECT 1000000 + n, 1000001 + n % 4000, 'personal', 'Goal', repeat('why ', 100), 'yes_no', '', 'Done', '2020-01-01',
       date '2026-01-01' + n % 3000, '2020-01-01', CASE WHEN n % 2 = 0 THEN 'active' ELSE 'reached' END,
       CASE WHEN n % 2 = 0 THEN NULL ELSE date '2026-01-01' END, '', '', '', '', '', '', '2020-01-01', 1,
       gen_random_uuid()
FROM generate_series(1, 24000) AS n;
INSERT INTO goals_actionstep (id, goal_id, title, details, kind, position, due_on, due_set_at, state, done_at,
                              created_at, version, repeats, obstacle, obstacle_plan, form_key)
SELECT 1000000 + n, 1000001 + n % 24000, 'Step', repeat('how ', 100), '', 1 + n / 24000,
       date '2026-01-01' + n % 3000, '2020-01-01',
       CASE WHEN n % 3 = 0 THEN 'to_do' ELSE 'done' END, CASE WHEN n % 3 = 0 THEN NULL ELSE date '2026-01-01' END,
       '2020-01-01', 1, '', '', '', gen_random_uuid() FROM generate_series(1, 72000) AS n;
INSERT INTO goals_evaluation (step_id, worth, learned, would_repeat, made_at, version)
SELECT id, 3, '', '', '2026-01-02', 1 FROM goals_actionstep WHERE state = 'done';
ANALYZE accounts_user, plans_plan, goals_goal, goals_actionstep, goals_evaluation, reminders_reminder;
"""


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker):
    """Four thousand people with a hundred thousand goals and steps, in a transaction around all tests."""
    with django_db_blocker.unblock(), undone():
        with connection.cursor() as cursor:
            cursor.execute(MANY)
        yield


@pytest.mark.parametrize("count", [1, services.USERS_PER_BATCH])
def test_reminders_of_some_people_are_found_by_index(many, count):
    """However many others there are."""
    people = [1_000_000 + n for n in range(1, count + 1)]
    values = sql_params(window_params(AT, AT, known_time_zones())) | {"users": people}
    with connection.cursor() as cursor:
        cursor.execute(services.BY_INDEX)
        cursor.execute("EXPLAIN " + CREATE_DUE_REMINDERS, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


def test_due_people_are_found_by_index(many):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reminders_reminderschedule")
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        assert len(services._lock_due_users(AT)) == services.USERS_PER_BATCH
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
