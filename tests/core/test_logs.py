"""Logs keep no rows of people and no links that are keys."""

import io
import json
import logging

import pytest
import structlog
from django.db import IntegrityError, connection

from accounts.models import User
from careerplan.core import logs


@pytest.fixture
def json_lines():
    """What is logged as in production, one object a line."""
    before, known, stream = logging.root.handlers[:], structlog.get_config(), io.StringIO()
    logs.configure({"level": logging.INFO, "format": "json"})
    structlog.configure(**known)  # a logger keeps its list of processors for ever; other tests capture from that list
    [handler] = logging.root.handlers
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.root.handlers[:] = before


@pytest.mark.django_db
def test_refused_row_is_not_logged(user, json_lines):
    try:
        User.objects.create(email=user.email, name="Secret Name")
    except IntegrityError:
        structlog.get_logger("tests").exception("refused")
    [line] = json_lines()
    assert "accounts_user_email" in line["exception"]
    assert user.email not in json.dumps(line)


SECRET = "First line\nDETAIL: a secret\nand a third line of the secret"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "log", [lambda log, error: log.exception("refused"), lambda log, error: log.error(repr(error))]
)
def test_no_line_of_a_refused_text_is_logged(json_lines, log):
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO accounts_user (name, email) VALUES (%s, %s)", [SECRET, SECRET])
    except IntegrityError as error:
        log(structlog.get_logger("tests"), error)
    [line] = json_lines()
    assert "secret" not in json.dumps(line)
    assert "First line" not in json.dumps(line)


def test_chain_of_errors_is_logged(json_lines):
    try:
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise ValueError("outer") from error
    except ValueError:
        structlog.get_logger("tests").exception("failed")
    [line] = json_lines()
    shown = line["exception"]
    assert shown.index("KeyError") < shown.index("direct cause") < shown.index("ValueError: outer")
    assert "test_logs.py" in shown


@pytest.mark.parametrize(
    "path",
    [
        "/reminders/stop/WzEsWyJ:secret/",
        "/account/password/reset/key/1-secret/",
        "/r/17.740045.s902.740050.secret/let-go/",
        "/calendar/feed/secret.ics",
        "/account/invitation/secret/",
        "/account/address/secret/",
        "/with/0123abcd-0123-4567-89ab-0123456789ab/secret/",
    ],
)
def test_links_with_keys_are_not_logged(json_lines, path):
    logging.getLogger("django.request").warning("Not Found: %s", path)
    [line] = json_lines()
    assert "secret" not in json.dumps(line)
    assert line["event"].startswith("Not Found: /")


def test_line_break_cannot_forge_a_log_line(json_lines):
    structlog.get_logger("tests").warning('one\n{"event": "forged"}')
    assert len(json_lines()) == 1
