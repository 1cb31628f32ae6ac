"""Statements that run a thousand times a second are planned once a connection; Django's own never are."""

import pytest
from django.db import connection

from accounts.models import User
from careerplan.core.database import run_prepared

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
