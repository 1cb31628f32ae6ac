"""What finding out what is owed costs as everybody's plans grow: the first people of a sweep, and a whole sweep.

Each person has ten goals; one in a hundred is owed a reminder. Rounds of each size follow each other: the database
only grows.
"""

import statistics
from contextlib import closing

import psycopg

from benchmarks.population import GOALS, GOALS_EACH, PEOPLE, connect
from careerplan.local.stack import Stack
from tests.plugins.template import template
from tests.stack_process import StackProcess

SIZES = (1_000, 100_000, 1_000_000)  # people
ROUNDS, SWEEPS = 5, 3
MOST_GROWTH_OF_SCAN, MOST_GROWTH_OF_MAIL = 1.5, 1.5  # issue 5: 10 million goals beside 1 million; "constant"

FILL = """
INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT email, true, true, id FROM accounts_user WHERE id BETWEEN %(first)s AND %(last)s;
INSERT INTO reminders_preferences (user_id, hour, weekly_maximum, goal_leads, step_leads, opportunity_leads,
                                   muted_kinds)
SELECT id, 0, 7, '{30,7,1,0}', '{7,1,0}', '{7,2,0}', '{goal_without_step}' FROM accounts_user
WHERE id BETWEEN %(first)s AND %(last)s;
INSERT INTO reminders_reminderschedule (user_id, next_check_at)
SELECT id, 'epoch' FROM accounts_user WHERE id BETWEEN %(first)s AND %(last)s;
UPDATE goals_goal SET due_on = due_on + 400, due_set_at = now() - interval '60 days'
WHERE plan_id BETWEEN %(first)s AND %(last)s;
UPDATE goals_goal SET due_on = current_date + 7
WHERE plan_id BETWEEN %(first)s AND %(last)s AND plan_id %% 100 = 0 AND title = 'Lead 1 shifts as nurse in charge'
"""
AFRESH = """
DELETE FROM reminders_reminder; DELETE FROM reminders_digest;
UPDATE reminders_reminderschedule SET next_check_at = 'epoch' WHERE next_check_at > 'epoch';
"""


def grow(cursor: psycopg.Cursor, people: int) -> None:
    """Fill the database up to so many people."""
    cursor.execute("SELECT coalesce(max(id), 0) FROM accounts_user")
    first = (cursor.fetchone() or (0,))[0] + 1
    values = {"first": first, "last": people, "goals": GOALS_EACH}
    cursor.execute("SET session_replication_role = replica")
    for statement in f"{PEOPLE}{GOALS}{FILL}".split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)  # type: ignore[call-overload]  # our own text


def sweep_first_people(inside: StackProcess, cursor: psycopg.Cursor) -> list[float]:
    """Start afresh; seconds for the first people of a sweep, round by round."""
    cursor.execute(AFRESH)
    for table in ("reminders_reminderschedule", "reminders_reminder", "reminders_digest", "goals_goal"):
        cursor.execute(f"VACUUM ANALYZE {table}")
    return inside.call("benchmarks.inside.reminders.sweep_first_people", rounds=ROUNDS)


def sweep(inside: StackProcess, cursor: psycopg.Cursor) -> tuple[list[float], tuple[int, float]]:
    """Seconds for the first people of a sweep, round by round; mails and seconds of a whole sweep."""
    return sweep_first_people(inside, cursor), inside.call("benchmarks.inside.reminders.sweep_everybody")


def measure() -> None:
    """Print a row a size: the first thousand people of a sweep, and what a mail costs in a whole one."""
    print(f"\nFinding what is owed; {GOALS_EACH} goals each, one person in a hundred is owed a mail\n")
    print(
        f"{'people':>10}{'goals':>12}{'first people ms':>17}{'spread':>14}"
        f"{'mails':>8}{'sweep s':>9}{'ms a mail':>11}{'spread':>14}"
    )
    scans, mails = {}, {}
    with Stack(durable=True, template=template()) as stack:
        stack.prepare()
        with StackProcess(stack) as inside, closing(connect(stack)) as database, database.cursor() as cursor:
            for people in SIZES:
                grow(cursor, people)
                sweep_first_people(inside, cursor)  # warm
                found = [sweep(inside, cursor) for _ in range(SWEEPS)]
                scan = [1000 * one for first, _ in found for one in first]
                cost = [1000 * seconds / made for _, (made, seconds) in found]
                scans[people], mails[people] = statistics.median(scan), statistics.median(cost)
                made, seconds = found[-1][1]
                print(
                    f"{people:>10,}{people * GOALS_EACH:>12,}"
                    f"{scans[people]:>17.1f}{f'{min(scan):.1f}-{max(scan):.1f}':>14}"
                    f"{made:>8,}{seconds:>9.1f}{mails[people]:>11.2f}{f'{min(cost):.2f}-{max(cost):.2f}':>14}",
                    flush=True,
                )
    small, large = SIZES[-2:]
    print(f"\nThe first people among {large * GOALS_EACH:,} goals take {scans[large] / scans[small]:.2f} times as long "
          f"as among {small * GOALS_EACH:,} (aim: {MOST_GROWTH_OF_SCAN}); a mail costs "
          f"{mails[large] / mails[small]:.2f} times as much (aim: constant).")  # fmt: skip
