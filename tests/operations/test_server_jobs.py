"""What operators ask of the server itself: only what the agent offers, after confirming who they are, and once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from careerplan.operations import server_jobs
from careerplan.operations.models import AgentReport, Backup, ServerJob
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditEntry
from careerplan.reminders.sending_hold import hold_sending, sending_held_since
from tests.operators.conftest import make_operator, window_of

pytestmark = pytest.mark.django_db

PAGE = "/operator/server/"
NAME = "careerplan-20270301T023000Z.dump"
OFFERED = {("restore", NAME), ("upgrade", "0.2.0"), ("back", "0.0.9"), ("restart", "settings")}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def window():
    return window_of(make_operator())


@pytest.fixture(autouse=True)
def _offers(now, settings):
    """An agent that reports, a backup that is whole, and others that cannot be restored."""
    settings.BACKUP_FOLDER = "/srv/backups"
    AgentReport.objects.create(seen_at=now, upgrade_to="0.2.0", back_to="0.0.9")
    row = {"state": "made", "asked_at": now, "made_at": now, "not_before": now, "size": 1, "asked_by": "Ines"}
    row |= {"folder": "/srv/backups", "checked_at": now}
    Backup.objects.create(**row, name=NAME)
    others = ({"problem": "cut"}, {"checked_at": None}, {"folder": "/mnt"}, {"folder": ""}, {"version": "99.0+3f2a1b9"})
    for number, wrong in enumerate(others):
        Backup.objects.create(**row | wrong, name=f"careerplan-{number}.dump")


def ask_at(kind, target):
    return reverse("operations:ask", args=[kind, target])


def test_the_page_offers_what_the_agent_can_do_and_nothing_while_it_works(window, now):
    assert server_jobs.offered(now) == OFFERED
    page = window.get(PAGE).content.decode()
    assert all(ask_at(*offer) in page for offer in OFFERED)
    assert page.count("A newer version made it") == 1
    assert window.post(ask_at("restore", NAME)).url == PAGE
    job = ServerJob.objects.get()
    assert (job.kind, job.target, job.state, job.asked_by) == ("restore", NAME, "waiting", "Ines Roth")
    assert AuditEntry.objects.get().details == {"kind": "restore", "target": NAME}
    log = window.get("/operator/audit-log/").content.decode()
    assert all(part in log for part in (NAME, "Asked the server to restore a backup"))
    page = window.get(PAGE).content.decode()
    assert "/ask/" not in page
    assert "starts within 10 seconds" in page
    with pytest.raises(IntegrityError, match="operations_serverjob_one_open"):
        ServerJob.objects.create(kind="back", target="0.0.9", asked_at=now, asked_by="Ben")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("upgrade", "0.0.9"), ("back", "0.2.0"), ("restore", "careerplan-0.dump"), ("restore", "careerplan-1.dump"),
        ("restore", "careerplan-2.dump"), ("restore", "careerplan-3.dump"), ("restore", "careerplan-4.dump"),
        ("restore", "$(reboot)"), ("upgrade", "-x"), ("restart", "now"), ("shell", "id"),
    ],
)  # fmt: skip
def test_nothing_else_can_be_asked_for(window, now, kind, target):
    assert window.post(ask_at(kind, target)).status_code == (404 if kind == "shell" else 302)
    with pytest.raises(server_jobs.NotOffered):
        server_jobs.ask(actor=SYSTEM, kind=kind, target=target, now=now)
    assert not ServerJob.objects.exists()


def test_whoever_has_the_browser_of_an_operator_must_confirm_who_they_are(window, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for ask in (window.get, window.post):
        answer = ask(ask_at("upgrade", "0.2.0"))
        assert answer.status_code == 302
        assert "reauthenticate" in answer.url
    assert not ServerJob.objects.exists()


def test_an_agent_that_is_silent_offers_nothing(window, now):
    AgentReport.objects.update(seen_at=now - timedelta(minutes=4))
    assert server_jobs.offered(now) == set()
    assert "fetch-failed" not in window.get(PAGE).content.decode()
    assert "start the agent" in window.get(PAGE).content.decode()


def test_the_page_tells_how_it_ended(window, now):
    row = {"kind": "upgrade", "asked_at": now, "asked_by": "Ines", "ended_at": now}
    ServerJob.objects.create(**row, target="0.2.0", state="failed", said="no <room>")
    ServerJob.objects.create(**row, target="0.1.9", state="done")
    page = window.get(PAGE).content.decode()
    assert all(part in page for part in ("Upgrade to 0.2.0", "Not done", "no &lt;room&gt;", "Upgrade to 0.1.9", "Done"))


def test_the_audit_log_names_each_request():
    asked = [AuditEntry(action="server_asked", details={"kind": kind}) for kind in ServerJob.Kind.values]
    assert len({entry.label for entry in asked} - {asked[0].get_action_display()}) == len(asked) == 4
    assert AuditEntry(action="test_mail").label == "Sent a test email"


def test_held_emails_go_out_again_on_a_click(window, now):
    hold_sending(now=now)
    assert "Emails are held" in window.get(PAGE).content.decode()
    window.post(reverse("operations:emails"))
    assert sending_held_since() is None
    assert "Emails are held" not in window.get(PAGE).content.decode()
    assert AuditEntry.objects.get().action == "emails_resumed"


def test_a_server_that_cannot_ask_for_versions_is_told_from_one_that_has_the_newest(window, now):
    AgentReport.objects.update(upgrade_to="", fetch_failed=True)
    page = window.get(PAGE).content.decode()
    assert ("fetch-failed" in page, "no newer version" in page) == (True, False)
    assert 'href="/operator/server/ask/restart/settings/"' in page
    assert "check the settings" in window.get(ask_at("restart", "settings")).content.decode()
