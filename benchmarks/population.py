"""People with plans, goals and steps, by the hundred thousand: written by PostgreSQL itself, its triggers put aside.

Shared by the measurements of pages. Rows are such as the services would have written, but for their history.
"""

import time

import psycopg

from careerplan.local.stack import Stack

GOALS_EACH = 10
PAGE_EMAIL = "bench@example.org"
PAGE_GOALS, PAGE_STEPS, PAGE_ENTRIES = 100, 10, 5  # of the person whose pages are measured: 1,000 steps

PEOPLE = """
INSERT INTO accounts_user (id, password, is_superuser, email, name, time_zone, theme, is_staff, is_active, date_joined)
SELECT n, '!', false, 'person-' || n || '@example.org', 'Ruth Adeyemi', 'Europe/London', '', false, true, now()
FROM generate_series(%(first)s::bigint, %(last)s) n;
INSERT INTO plans_plan (id, career_stage, "current_role", target_role, vision, horizon, title, state, started_on,
                        created_at, user_id, closing_notes, currency, priorities, version)
SELECT n, '', '', '', '', '', 'My career plan', 'active', current_date, now(), n, '', '', '{}', 1
FROM generate_series(%(first)s::bigint, %(last)s) n;
"""
GOALS = """
INSERT INTO goals_goal (area, title, why, measure_kind, unit, start_value, target_value, done_when, starts_on, due_on,
                        due_set_at, state, created_at, form_key, plan_id, closing_note, learned,
                        stop_condition, origin_task, obstacle, obstacle_plan, version)
SELECT (ARRAY['professional', 'personal'])[1 + g %% 2], 'Lead ' || g || ' shifts as nurse in charge', '', 'number',
       'shifts', 0, 12, '', current_date - 60, current_date + 30 + g::int, now(), 'active', now(),
       ('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, plan, '', '', '', '', '', '', 1
FROM generate_series(%(first)s::bigint, %(last)s) plan, generate_series(1, %(goals)s) g;
"""
STEPS = """
INSERT INTO goals_actionstep (title, due_on, due_set_at, state, done_at, created_at, form_key, goal_id, details, kind,
                              repeats, obstacle, obstacle_plan, position, version)
SELECT 'Ask for ' || s || ' late shifts', current_date - 10 + (g.id %% 7 * 13 + s * 5)::int, now(),
       CASE WHEN s %% 4 = 0 THEN 'done' ELSE 'to_do' END, CASE WHEN s %% 4 = 0 THEN now() END, now(),
       ('00000000-0000-4000-8000-' || lpad(to_hex(s), 12, '0'))::uuid, g.id, '', '', '', '', '', s, 1
FROM goals_goal g, generate_series(1, %(steps)s) s WHERE g.plan_id BETWEEN %(first)s AND %(last)s;
"""
READINGS = """
INSERT INTO goals_progressentry (measured_on, value, note, recorded_at, form_key, goal_id)
SELECT current_date - 10 * r, 6 - r, 'Two nights', now(),
       ('00000000-0000-4000-8000-' || lpad(to_hex(r), 12, '0'))::uuid, g.id
FROM goals_goal g, generate_series(1, %(entries)s) r WHERE g.plan_id BETWEEN %(first)s AND %(last)s;
"""
AFTER = """
SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), max(id)) FROM accounts_user;
SELECT setval(pg_get_serial_sequence('plans_plan', 'id'), max(id)) FROM plans_plan;
"""


def connect(stack: Stack) -> psycopg.Connection:
    """As the superuser of the embedded PostgreSQL: nobody else may put triggers aside."""
    return psycopg.connect(host=str(stack.site.postgres.sockets), user="postgres", dbname="careerplan", autocommit=True)


def populate(stack: Stack, goals: int) -> float:
    """Fill the database up to so many goals in all; gives the seconds it took. The first call makes the person too."""
    started = time.perf_counter()
    with connect(stack) as database, database.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("SELECT greatest((SELECT max(id) FROM accounts_user), (SELECT max(id) FROM plans_plan), 0)")
        first = (cursor.fetchone() or (0,))[0] + 1
        cursor.execute("SELECT count(*) FROM goals_goal")
        there = (cursor.fetchone() or (0,))[0]
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_user WHERE email = %s)", [PAGE_EMAIL])
        if not (cursor.fetchone() or (False,))[0]:
            one = {"first": first, "last": first, "goals": PAGE_GOALS, "steps": PAGE_STEPS, "entries": PAGE_ENTRIES}
            _write(cursor, PEOPLE + GOALS + STEPS + READINGS, one)
            cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [PAGE_EMAIL, first])
            first, there = first + 1, there + PAGE_GOALS
        people = (goals - there) // GOALS_EACH
        many = {"first": first, "last": first + people - 1, "goals": GOALS_EACH, "steps": 1}
        _write(cursor, PEOPLE + GOALS + STEPS + AFTER, many)
        cursor.execute("VACUUM ANALYZE")
    return time.perf_counter() - started


def _write(cursor: psycopg.Cursor, statements: str, values: dict[str, int]) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)  # type: ignore[call-overload]  # our own text
