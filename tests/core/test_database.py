"""Statements that run a thousand times a second are planned once a connection; Django's own never are. What is
written is never part of a statement.
"""

from contextlib import nullcontext
from datetime import date

import pytest
from django.db import DataError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.core.database import run_prepared
from careerplan.dashboard.occasions import load_occasions
from careerplan.reminders import claims
from careerplan.reminders.queries.digests import load_digest_rows
from tests.factories.goals import make_goal

# Prepared by the driver: tests/database.py prepares a statement in SQL, which stays in the connection.
PREPARED = "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements WHERE NOT from_sql"


@pytest.mark.django_db
def test_other_statements_are_not_prepared():
    for number in range(8):
        assert run_prepared("SELECT %(number)s + 1", {"number": number}) == [(number + 1,)]
        User.objects.filter(pk=number).exists()
    assert connection.connection.prepare_threshold is None  # else psycopg keeps what Django's statements say
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        assert cursor.fetchall() == [("SELECT $1 + 1", 8)]


@pytest.mark.django_db
def test_plan_of_what_today_asks_is_kept(user):
    load_occasions(user, timezone.now(), date(2027, 3, 5))
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        [(statement, runs)] = cursor.fetchall()
    assert "skills_assessment" in statement
    assert runs == 1
    assert "2027" not in statement


# A migration that makes a column longer changes the type of what a kept plan returns, which PostgreSQL then refuses.
WITH_LENGTHS = """
SELECT left(statement, 200) FROM pg_prepared_statements
WHERE NOT from_sql AND result_types && ARRAY['varchar', 'varchar[]']::regtype[]
"""


def test_kept_plans_return_no_text_with_a_longest_length(signed_in, user):
    goal = make_goal(user, step_due_on=date(2099, 1, 1))
    for page in (reverse("dashboard:today"), reverse("goals:list"), goal.get_absolute_url(), reverse("reviews:list")):
        assert signed_in.get(page).status_code == 200
    load_digest_rows([1])
    claims.claim_digests(now=timezone.now(), limit=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
        assert cursor.fetchone()[0] >= 9
        cursor.execute(WITH_LENGTHS)
        assert cursor.fetchall() == []


WORDS = "canary-5d2e"
SET = "SELECT set_config('pghistory.context_id', %s, true); "
# What the server was sent, and what a trigger of the history would find.
KEEP = "INSERT INTO note (words) VALUES (%s) RETURNING current_query(), current_setting('pghistory.context_id', true)"
CHANGE = "UPDATE note SET words = %s WHERE words = %s RETURNING current_query(), words"


@pytest.fixture
def own_connection(transactional_db):
    """A connection of its own, without a transaction around."""
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE note (words text)")
    yield own
    own.close()


@pytest.mark.parametrize("is_alone", [True, False], ids=["alone", "in a transaction"])
def test_what_is_written_is_bound_on_the_server(own_connection, is_alone):
    with nullcontext() if is_alone else own_connection.connection.transaction(), own_connection.cursor() as cursor:
        cursor.execute(KEEP, [WORDS])
        [sent, context] = cursor.fetchone()
        assert WORDS not in sent
        assert not context
        cursor.execute(f"{SET}{KEEP}", ["the-context", WORDS])
        [sent, context] = cursor.fetchone()
        assert WORDS not in sent
        assert context == "the-context"
        cursor.execute(CHANGE, [f"{WORDS} again", WORDS])
        assert [WORDS in row[0] for row in cursor.fetchall()] == [False, False]
        cursor.execute("SELECT words FROM note WHERE words = %s", [f"{WORDS} again"])
        assert len(cursor.fetchall()) == 2


def test_refused_write_without_a_transaction_leaves_nothing(own_connection):
    with own_connection.cursor() as cursor:
        with pytest.raises(DataError):
            cursor.execute(f"{SET}INSERT INTO note SELECT 1 / length(%s) FROM pg_class", ["the-context", ""])
        cursor.execute("SELECT count(*), coalesce(current_setting('pghistory.context_id', true), '') FROM note")
        assert cursor.fetchone() == (0, "")
