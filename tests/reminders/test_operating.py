"""Health, metrics, and the command for status, preview and stopping."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.models import Digest, Preferences, SchedulerRun
from careerplan.reminders.services import (
    create_due_reminders,
)
from tests.factories.goals import make_goal
from tests.reminders.days import FIRST, daily, run_day

pytestmark = pytest.mark.django_db


def sweep(client) -> str:
    """What /health/ says about the scheduler."""
    return client.get("/health/").json()["parts"]["sweep"]


def test_health_page_reports_the_last_scheduler_run(client, time_machine):
    time_machine.move_to(FIRST, tick=False)
    create_due_reminders(as_of=FIRST, now=FIRST)
    for minutes, status in ((3, 200), (4, 503)):
        time_machine.move_to(FIRST + timedelta(minutes=minutes), tick=False)
        assert (sweep(client) == "ok") == (status == 200)
        assert client.get("/health/web/").status_code == 200
    assert SchedulerRun.objects.get().ran_at == FIRST


def test_health_page_reports_a_missing_first_run(client, db, time_machine):
    ready = MigrationRecorder.Migration.objects.latest("applied").applied
    for minutes, status in ((3, 200), (4, 503)):
        time_machine.move_to(ready + timedelta(minutes=minutes), tick=False)
        assert (sweep(client) == "ok") == (status == 200)
    assert "no scheduler run yet" in sweep(client)


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", "t" * 40, "Basic " + "t" * 40])
def test_metrics_need_the_token(client, settings, sent):
    assert client.get("/health/metrics/", headers={"authorization": sent}).status_code == 404
    settings.METRICS_TOKEN = "s" * 40
    response = client.get("/health/metrics/", headers={"authorization": sent})
    assert (response.status_code, response.content) == (401, b"")


def test_metrics_count_mails_by_stage(user, client, settings, time_machine):
    settings.METRICS_TOKEN = "s" * 40
    daily(user, days=2)
    time_machine.move_to(FIRST, tick=False)
    run_day(0)
    create_due_reminders(as_of=FIRST + timedelta(days=1), now=FIRST)
    Digest.objects.filter(state="pending").update(attempts=1)
    time_machine.move_to(FIRST + timedelta(seconds=90), tick=False)
    response = client.get("/health/metrics/", headers={"authorization": "Bearer " + "s" * 40})
    figures = dict(line.rsplit(" ", 1) for line in response.content.decode().splitlines() if line[0] != "#")
    states = {"pending": 0, "claimed": 0, "deferred": 1, "unknown": 0, "sent": 1, "failed": 0, "dropped": 0}
    found = ("careerplan_mails", "careerplan_oldest", "careerplan_last")
    assert {name: value for name, value in figures.items() if name.startswith(found)} == {
        **{f'careerplan_mails{{state="{state}"}}': str(float(count)) for state, count in states.items()},
        "careerplan_oldest_pending_seconds": "90.0",
        "careerplan_last_scheduler_run_seconds": "90.0",
    }
    assert user.email not in response.content.decode()


def test_status_and_preview(user, capsys, time_machine):
    time_machine.move_to(FIRST, tick=False)
    goal = make_goal(user, step_due_on=date(2027, 3, 8))
    call_command("reminders", "preview", "--now", "2027-03-01T08:00+00:00", "--user", user.email)
    out = capsys.readouterr().out
    assert f"2027-03-01 Europe/London {user.email}: step_due 2027-03-08" in out
    assert goal.title not in out
    assert not Digest.objects.exists()
    create_due_reminders(as_of=FIRST, now=FIRST)
    call_command("reminders", "status")
    lines = capsys.readouterr().out.splitlines()
    assert "pending   1" in lines
    assert f"oldest    {FIRST.isoformat()}" in lines
    with pytest.raises(CommandError, match="no account has this address"):
        call_command("reminders", "preview", "--user", "no@example.org")


def test_preview_leaves_out_what_is_not_sent_today(user, capsys, time_machine):
    time_machine.move_to(FIRST, tick=False)
    create_due_reminders(as_of=FIRST, now=FIRST)
    make_goal(user, step_due_on=date(2027, 3, 8))
    for now, said in ((FIRST, "0 emails"), (FIRST + timedelta(days=1), "1 email")):
        call_command("reminders", "preview", "--now", now.isoformat())
        assert f"{said} would be sent" in capsys.readouterr().out


def test_command_stops_the_mail_of_a_person(user, capsys):
    make_goal(user, step_due_on=date(2027, 3, 8))
    call_command("reminders", "stop", user.email.upper())
    assert set(Preferences.objects.get(user=user).muted_kinds) == set(ReminderKind.values)
    assert run_day(0) == []
    with pytest.raises(CommandError, match="no account has this address"):
        call_command("reminders", "stop", "no@example.org")
