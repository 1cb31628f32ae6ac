"""`manage.py doctor`: one line for each thing, and how to mend it."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from careerplan.local.postgres import APP
from careerplan.operations import doctor
from careerplan.operations.diagnosis import LABELS
from careerplan.operations.doctor import BEFORE_START, Diagnosis, examine
from careerplan.reminders.models import SchedulerRun
from tests.mailbox import MailBox

pytestmark = pytest.mark.django_db


def findings(*checks) -> list[Diagnosis]:
    found: list[Diagnosis] = []
    examine(checks, found.append)
    return found


def to_mend(*checks) -> str:
    return " ".join(f"{f.name}: {f.found} -> {f.mend}" for f in findings(*checks) if f.mend)


def test_a_site_that_works_has_nothing_to_mend(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "check_settings", lambda: iter(()))
    checks = tuple(check for check in doctor.ALL if check.__name__ not in {"check_settings", "check_site"})
    monkeypatch.setattr("careerplan.operations.management.commands.doctor.ALL", checks)
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Nothing to mend."
    assert {line.split()[0] for line in lines[:-1]} == {"ok", "note"}
    assert any(line.startswith("note backups") and "-> " in line for line in lines)
    assert any("tzdata" in line for line in lines)


def test_every_sentence_is_translated(monkeypatch):
    """Another language has a word of its own for each."""
    from django.utils.translation import _trans

    monkeypatch.setattr(_trans, "gettext", lambda text: f"«{text}»")
    monkeypatch.setattr(_trans, "ngettext", lambda one, many, number: f"«{one if number == 1 else many}»")
    found = [finding for finding in findings(*doctor.ALL) if finding.name != "settings"]
    assert len(found) > 9
    said = [part for finding in found for part in (finding.label, finding.found, finding.mend, finding.advice) if part]
    assert [part for part in said if not part.startswith(("«", "PostgreSQL 1", "tzdata 2", "http"))] == []
    assert {finding.name for finding in found} <= {*LABELS}


def test_what_is_silenced_is_nothing_to_mend(monkeypatch):
    silenced, other = checks.Warning("subdomains", id="security.W005"), checks.Warning("proxy", hint="count", id="x.W1")
    monkeypatch.setattr(checks, "run_checks", lambda **_options: [silenced, other])
    assert to_mend(doctor.check_settings) == "settings: proxy -> count"


def test_something_to_mend_ends_with_an_error(capsys, monkeypatch):
    monkeypatch.setattr(
        "careerplan.operations.management.commands.doctor.BEFORE_START",
        (lambda: iter([Diagnosis("disk", "full", "Free some space.")]),),
    )
    with pytest.raises(CommandError, match="1 thing"):
        call_command("doctor", "--before-start")
    assert "MEND disk         full -> Free some space." in capsys.readouterr().out


def test_a_database_that_is_away_stops_no_other_check():
    def away() -> Iterator[Diagnosis]:
        raise OperationalError
        yield

    found = findings(away, doctor.check_redis)
    assert [(f.name, bool(f.mend)) for f in found] == [("away", True), ("redis", False)]
    assert BEFORE_START


def test_mail_server_that_is_away(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
    assert "ConnectionRefusedError -> Correct EMAIL_URL" in to_mend(doctor.check_mail)


def test_wrong_password_of_the_mail_server(settings):
    settings.EMAIL_HOST_PASSWORD = "wrong"
    assert "refuses user or password" in to_mend(doctor.check_mail)


def test_mail_is_sent_to_the_address_given(mail_box: MailBox):
    assert doctor.send_test_mail("operator@example.org").mend == ""
    assert mail_box.to("operator@example.org")[-1]["Subject"] == "Test email from Careerplan"


def test_older_zone_data_than_the_last_run():
    SchedulerRun.objects.create(ran_at=timezone.now(), zone_data="2099z")
    assert "Update the tzdata package" in to_mend(doctor.check_zones)


def test_role_that_cannot_write_all_tables_is_told_which_command(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}")
        assert [bool(finding.advice) for finding in findings(doctor.check_rights)] == [True]
        call_command("grant_rights", APP)
        assert (f"{APP} reads and writes" in said_of(doctor.check_rights), to_mend(doctor.check_rights)) == (True, "")
        cursor.execute(f"REVOKE DELETE ON plans_plan FROM {APP}")
        assert f"grant_rights {APP}" in to_mend(doctor.check_rights)
    monkeypatch.setattr(doctor, "RIGHTS", doctor.RIGHTS.replace("current_user", f"'{APP}'"))
    assert [bool(finding.mend) for finding in findings(doctor.check_rights)] == [True]


def said_of(check) -> str:
    return " ".join(finding.found for finding in findings(check))


def test_deletions_file_that_cannot_be_written(settings, tmp_path):
    settings.DELETIONS_FILE = str(tmp_path / "none" / "deletions.jsonl")
    assert "cannot be written" in to_mend(doctor.check_deletions)


@pytest.fixture
def provider(settings):
    """Serves the discovery document of an OpenID provider, whose issuer a test may change."""
    document = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path.endswith("/.well-known/openid-configuration") else 404)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.OIDC_ISSUER = document["issuer"] = f"http://127.0.0.1:{server.server_port}/realms/staff"
        yield document
        server.shutdown()


def test_openid_provider_that_answers(provider):
    [finding] = findings(doctor.check_openid)
    assert ("/account/openid/login/callback/" in finding.found, finding.mend) == (True, "")


def test_openid_provider_with_another_name(provider):
    provider["issuer"] = "https://id.example.org/"
    assert "Set OIDC_ISSUER=https://id.example.org/." in to_mend(doctor.check_openid)


def test_openid_provider_that_is_away(settings):
    assert findings(doctor.check_openid) == []
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.OIDC_ISSUER = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert "Correct OIDC_ISSUER" in to_mend(doctor.check_openid)
