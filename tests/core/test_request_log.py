"""One line for each request: what was asked, how long it took and who asked, and never a key."""

import logging

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from tests.core.test_logs import json_lines
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db
__all__ = ["json_lines"]  # the fixture

TOKEN = "metrics-" * 5


def line_of(json_lines, path: str, client: Client | None = None, **headers: str):
    (client or Client()).get(path, headers=headers)
    return next(line for line in reversed(json_lines()) if line["event"] == "request")


def test_a_page_is_logged_with_its_route_and_latency(signed_in, user, json_lines):
    goal = make_goal(user)
    line = line_of(json_lines, f"/goals/{goal.pk}/?note=private", signed_in)
    assert (line["route"], line["path"], line["status"]) == ("goals:detail", f"/goals/{goal.pk}/", 200)
    assert line["user"] == user.pk
    assert line["method"] == "GET"
    assert 0 < line["ms"] < 60_000
    assert "private" not in str(line)
    assert user.email not in str(line)


@pytest.mark.parametrize(
    "path",
    [
        "/r/17.740045.s902.740050.secret/let-go/",
        "/reminders/stop/WzEsWyJ:secret/",
        "/calendar/feed/secret.ics",
        "/account/password/reset/key/1-secret/",
        "/secret/that/does/not/exist/",
        "/today/?next=secret",
        "/r/secret/with/too/many/parts/",
    ],
)
def test_no_address_with_a_key_is_logged(json_lines, path):
    line_of(json_lines, path)
    assert "secret" not in str(json_lines())


def test_all_lines_of_a_request_have_its_id(signed_in, user, json_lines, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("careerplan.goals.views.goals.render", break_down)
    signed_in.raise_request_exception = False
    signed_in.get(f"/goals/{make_goal(user).pk}/")
    lines = json_lines()
    assert {line["event"].split(":")[0] for line in lines} == {"Internal Server Error", "request"}
    assert len({line["request_id"] for line in lines}) == 1
    assert {line["user"] for line in lines} == {user.pk}
    logging.getLogger("tests").warning("afterwards")
    assert "request_id" not in json_lines()[-1]


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"), [(1, "a" * 32, True), (0, "a" * 32, False), (1, "a b", False)]
)
def test_the_id_of_a_trusted_proxy_is_kept(settings, proxies, given, is_kept):
    settings.TRUSTED_PROXY_COUNT = proxies
    response = Client().get("/health/web/", headers={"x-request-id": given})
    assert (response.headers["X-Request-ID"] == given) == is_kept
    assert len(response.headers["X-Request-ID"]) >= 32


def figures(client) -> dict[tuple[str, tuple], float]:
    response = client.get("/health/metrics/", headers={"authorization": f"Bearer {TOKEN}"})
    families = text_string_to_metric_families(response.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_requests_are_counted_by_route_and_status(client, settings):
    settings.METRICS_TOKEN = TOKEN
    asked = ("careerplan_requests_total", (("method", "GET"), ("route", "account_login"), ("status", "200")))
    lost = ("careerplan_requests_total", (("method", "GET"), ("route", "unknown"), ("status", "404")))
    took = ("careerplan_request_seconds_count", (("route", "account_login"),))
    before = figures(client)
    client.get("/account/login/")
    client.get("/not/here/")
    after = figures(client)
    assert [after[name] - before.get(name, 0) for name in (asked, lost, took)] == [1, 1, 1]


def test_emails_are_counted_by_kind_and_outcome(client, settings, mail_box):
    settings.METRICS_TOKEN = TOKEN
    before = figures(client)
    person = {"email": "new@example.org", "name": "Ruth", "time_zone": "UTC"}
    client.post("/account/signup/", {**person, "password1": "a long enough one", "website": ""})
    assert User.objects.filter(email="new@example.org").exists()
    after = figures(client)
    emails = {key: value - before.get(key, 0) for key, value in after.items() if key[0] == "careerplan_emails_total"}
    [labels] = [dict(labels) for (_name, labels), number in emails.items() if number == 1]
    assert labels["outcome"] == "accepted"
    assert labels["kind"] == "confirm_signup"


def test_metrics_say_version_queue_and_workers(client, settings):
    settings.METRICS_TOKEN = TOKEN
    names = {name for name, _labels in figures(client)}
    assert names >= {"careerplan_info", "careerplan_queue", "careerplan_workers", "careerplan_backlog"}
    assert "careerplan_refused_addresses" in names
