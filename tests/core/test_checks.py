"""Checks of the database server."""

import pytest
from django.db import connection

from careerplan.core.checks import PRIVATE_LOG, check_mail_encryption, check_proxy, check_server_log


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


@pytest.mark.parametrize(("https", "proxies", "found"), [(True, 0, 1), (True, 1, 0), (False, 0, 0)])
def test_https_without_a_trusted_proxy_is_reported(settings, https, proxies, found):
    settings.HTTPS, settings.TRUSTED_PROXY_COUNT = https, proxies
    assert len(check_proxy()) == found


@pytest.mark.parametrize(
    ("host", "starttls", "found"),
    [("mail.example.org", False, 1), ("mail.example.org", True, 0), ("127.0.0.1", False, 0), ("postfix", False, 0)],
)
def test_unencrypted_mail_to_another_machine_is_reported(settings, host, starttls, found):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = host, starttls, False
    assert len(check_mail_encryption()) == found
