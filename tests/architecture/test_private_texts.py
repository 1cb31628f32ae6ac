"""What people write is in no log, where the database refuses it: neither in ours nor in that of PostgreSQL.

Each form is sent complete, with a canary in every text, to a database that refuses each row (and says which, as a
constraint does), and to one that may only be read. tests/stack/test_private_logs.py shows the same of PostgreSQL for
statements that take too long or are cut off.
"""

import logging
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.architecture.form_answers import FORMS
from tests.architecture.test_routes import address_of, objects
from tests.conflicts import shown_in
from tests.database import undone

pytestmark = pytest.mark.django_db

__all__ = ["objects"]  # the fixture

CANARY = f"canary-{uuid4().hex}"
BREAK = {"row refused": "SET LOCAL tests.refuse = 'on'", "read only": "SET TRANSACTION READ ONLY"}
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('tests.refuse', true) = 'on' THEN
        RAISE check_violation USING MESSAGE = 'refused by a test', DETAIL = 'Failing row contains ' || new::text;
    END IF;
    RETURN new;
END $$
"""
REFUSE_IN = "CREATE TRIGGER aaa BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION refuse()"


@pytest.fixture
def refusing_tables(db):
    """All tables refuse rows while a setting of the transaction says so."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
        for table in connection.introspection.table_names(cursor):
            cursor.execute(REFUSE_IN.format(connection.ops.quote_name(table)))


def server_log() -> str:
    """What PostgreSQL has logged since the tests began."""
    return (Path(settings.LOCAL_MAIL_DIR).parent / "log" / "postgres.log").read_text(errors="replace")


@pytest.fixture
def our_log():
    """Everything that this process logs, as it would be written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(next(one.formatter for one in logging.getLogger().handlers if one.formatter))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def with_canaries(typed: dict[str, Any]) -> dict[str, str]:
    """The answers of a form with a canary in every text that takes one."""
    is_text = {key: isinstance(value, str) and " " in value for key, value in typed.items()}
    return {key: f"{value} {CANARY}" if is_text[key] else str(value) for key, value in typed.items()}


def test_no_text_of_a_form_is_logged_where_the_database_fails(user, objects, refusing_tables, our_log, subtests):
    today, failed = timezone.localdate(), dict.fromkeys(BREAK, 0)
    for name in FORMS:
        with subtests.test(name), undone():
            window = Client(raise_request_exception=False)
            window.force_login(user)
            path = address_of(name, things := deepcopy(objects))
            typed = FORMS[name](things, today)
            typed |= shown_in(window.get(path))
            for how, broken in BREAK.items():
                with undone():
                    connection.cursor().execute(broken)
                    answer = window.post(path, with_canaries(typed))
                failed[how] += answer.status_code >= 500
            assert CANARY not in our_log.getvalue()
    assert min(failed.values()) > len(FORMS) / 2, "hardly anything failed: nothing is shown"
    assert "Traceback" in our_log.getvalue()
    assert CANARY not in server_log()
    print(f"{len(FORMS)} forms, answers of a database that fails: {failed}, violations 0")


def test_log_of_the_server_is_the_one_that_is_read():
    before = len(server_log())
    with pytest.raises(Exception, match="division"), undone():
        connection.cursor().execute("SELECT 1 / 0")
    assert len(server_log()) > before
