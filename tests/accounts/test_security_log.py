"""The security log: who did what, without what they typed."""

import pytest
from django.test import Client
from structlog.testing import capture_logs

from tests.accounts.test_passwords import CHANGE, NEW, ask_for_link, open_link
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def test_change_of_password_is_logged(user, signed_in):
    with capture_logs() as lines:
        signed_in.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert {"event": "password_changed", "user": user.pk, "log_level": "info"} in lines
    assert user.email not in str(lines)


def test_reset_of_password_is_logged(user, mail_box):
    client = Client()
    with capture_logs() as lines:
        client.post(open_link(client, ask_for_link(mail_box, user.email)), {"password1": NEW})
    assert {"event": "password_reset", "user": user.pk, "log_level": "info"} in lines
    assert user.email not in str(lines)


def test_wrong_code_is_logged(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    with capture_logs() as lines:
        newcomer.enter("000000" if code != "000000" else "111111")
    [line] = [line for line in lines if line["event"] == "code_refused"]
    assert newcomer.email not in str(lines)
    assert "000000" not in str(line)
