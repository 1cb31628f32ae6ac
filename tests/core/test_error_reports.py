"""Errors in Sentry say what broke and where, and nothing that people wrote."""

import json
import logging

import pytest
import sentry_sdk
import structlog
from django.urls import reverse
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from careerplan.core.error_reports import send_errors
from tests.factories.goals import make_goal

DSN = "https://key@sentry.example.org/1"


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self):
        super().__init__()
        self.events = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events += [event for item in envelope.items if (event := item.get_event())]


@pytest.fixture
def sent():
    transport = Kept()
    send_errors(DSN, transport)
    yield transport.events
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@pytest.mark.django_db
def test_an_error_of_a_page_has_its_type_and_place_and_no_text(signed_in, user, sent, monkeypatch):
    def break_down(*args, **kwargs):
        private = "a secret of a variable"
        raise RuntimeError(f"a secret in the message, {private}")

    monkeypatch.setattr("careerplan.goals.views.goals.render", break_down)
    signed_in.raise_request_exception = False
    signed_in.get(reverse("goals:detail", args=[make_goal(user).pk]), {"q": "a secret of the query"})
    [event] = sent
    [error] = event["exception"]["values"]
    assert error["type"] == "RuntimeError"
    assert error["stacktrace"]["frames"][-1]["function"] == "break_down"
    assert event["release"].startswith("careerplan@")
    text = json.dumps({**event, "exception": [frame.get("vars") for frame in error["stacktrace"]["frames"]]})
    assert "secret" not in text
    assert user.email not in text
    assert "cookie" not in text.lower()
    assert error.get("value") is None


def test_a_logged_error_has_its_name_alone(sent):
    structlog.get_logger("tests").error("digest_failed", note="a secret")
    logging.getLogger("tests").error("about %s", "a secret")
    assert "secret" not in json.dumps(sent)


def test_nothing_is_sent_without_the_setting():
    assert not sentry_sdk.get_client().is_active()
