"""Checks of the database server."""

import pytest
from django.db import connection

from careerplan.core.checks import PRIVATE_LOG, check_server_log


@pytest.mark.django_db
def test_the_embedded_server_logs_no_private_texts():
    assert check_server_log(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_error_verbosity", "default"),
        ("log_min_error_statement", "error"),
        ("log_statement", "all"),
        ("log_min_duration_statement", "250ms"),
    ],
)
def test_a_server_that_may_log_private_texts_is_reported(monkeypatch, name, value):
    settings = {setting: min(values) for setting, values in PRIVATE_LOG.items()} | {name: value}

    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def execute(self, statement, parameters):
            self.value = settings[parameters[0]]

        def fetchone(self):
            return [self.value]

    monkeypatch.setattr(connection, "cursor", Cursor)
    [warning] = check_server_log(databases=["default"])
    assert name in warning.msg
    assert name in warning.hint
