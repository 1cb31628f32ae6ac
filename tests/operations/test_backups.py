"""Back up, restore into an empty and into the same database, and what a restored database does not know."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from structlog.testing import capture_logs

from accounts.deletion_record import record_deletion, repeat_deletions
from accounts.models import User
from accounts.services import DELETION_DELAY
from careerplan.local.stack import StackError
from careerplan.mentoring.models import MentoringEmail
from careerplan.operations.after_restore import mark_as_sent, postpone_deletions
from careerplan.operations.backups import check_backup
from careerplan.operations.kept_audit_log import bring_back_audit_log, keep_audit_log
from careerplan.operations.management.commands import restore
from careerplan.operations.postgres_tools import ToolError
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry, InactivityQuestion
from careerplan.operators.services.audit import record
from careerplan.reminders.models import Digest, SchedulerRun
from careerplan.reminders.sending_hold import hold_sending, sending_held_since
from careerplan.reminders.services import create_due_reminders
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.factories.mentoring import make_mentorship
from tests.plugins.template import EMPTY_DATABASE
from tests.reminders.days import FIRST, daily
from tests.reminders.rounds import send_at
from tests.stack.people import run_command
from tests.stack_process import StackProcess
from tests.warm_processes import WarmProcess

ADDRESS = "ruth@example.org"
MAKE_USER = (
    "INSERT INTO accounts_user"
    " (password, is_superuser, email, name, time_zone, theme, is_staff, is_active, date_joined)"
    " VALUES ('', false, %s, 'Ruth', 'UTC', 'auto', false, true, now())"
)

AUDIT = (
    "INSERT INTO operators_auditentry (at, actor, actor_id, action, person_id, why, details)"
    " VALUES (now(), 'Ines Roth', 1, 'server_asked', %s, '', '{\"kind\": \"restore\"}')"
)
ASK_BACKUP = (
    "INSERT INTO operations_backup"
    " (state, asked_at, asked_by, is_from_page, not_before, attempts, name, version, problem)"
    " VALUES ('waiting', now(), 'Ines', true, now(), 1, '', '', '')"
)

# A pg_restore whose script creates a table and then fails.
BREAKS_HALF_WAY = """#!/bin/sh
for one in "$@"; do case "$one" in --file=*) file=${one#--file=};; esac; done
echo "CREATE TABLE public.half (id int); SELECT 1 / 0;" > "$file"
"""


def address_of(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{database}"))


@pytest.fixture
def databases(tmp_path):
    """Two databases of their own: one with a person, one that is empty."""
    mark = f"{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    full, empty = f"backup_full_{mark}", f"backup_empty_{mark}"
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {full} TEMPLATE {EMPTY_DATABASE}")
        server.execute(f"CREATE DATABASE {empty}")
        with psycopg.connect(address_of(full), autocommit=True) as connection:
            connection.execute(MAKE_USER, [ADDRESS])
            connection.execute("DROP SCHEMA IF EXISTS shipped CASCADE")
        yield full, empty
        for name in (full, empty):
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Iterator[Callable[[str], AbstractContextManager[Callable[..., str]]]]:
    """Start a process that knows a database: runs management commands in it and returns what they say."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    warm = WarmProcess(environment, tmp_path_factory.mktemp("warm") / "warm.log")

    @contextmanager
    def start(database: str) -> Iterator[Callable[..., str]]:
        env = environment | {"DATABASE_URL": address_of(database)}
        with StackProcess(SimpleNamespace(env=env, warm=warm)) as process:
            yield lambda *arguments: process.call(run_command, arguments=list(map(str, arguments)))

    yield start
    warm.close()


def people_in(database: str) -> list[str]:
    with psycopg.connect(address_of(database)) as connection:
        return [email for (email,) in connection.execute("SELECT email FROM accounts_user ORDER BY id")]


def test_a_backup_is_restored_into_an_empty_and_into_the_same_database(databases, machine, tmp_path):
    full, empty = databases
    with machine(full) as manage:
        with psycopg.connect(address_of(full), autocommit=True) as connection:
            connection.execute(ASK_BACKUP)  # the row of a backup that is being made is in its dump
        dump = Path(manage("backup", tmp_path))
        assert dump.stat().st_mode & 0o077 == 0
        manage("backup", "--check", dump)
        with machine(empty) as manage_empty:
            manage_empty("restore", dump)
        assert_restored(empty)
        with psycopg.connect(address_of(full), autocommit=True) as connection:
            [late] = connection.execute(f"{MAKE_USER} RETURNING id", ["late@example.org"]).fetchone()
            connection.execute(AUDIT, [late])
        (tmp_path / "audit-log.jsonl").write_text('{"at": "cut off\n')  # by a restore that did not end
        with pytest.raises(StackError, match="--replace"):
            manage("restore", dump)
        later = Path(shutil.copy(dump, tmp_path / "careerplan-29990101T000000Z.dump"))
        shutil.copy(f"{dump}.json", f"{later}.json")
        (tmp_path / "careerplan-1.dump").touch()  # without a note
        manage("restore", dump, "--replace")
    assert people_in(full) == [ADDRESS]
    assert_what_operators_did_is_known(full, late)
    assert not (tmp_path / "audit-log.jsonl").exists()
    asked = "SELECT name FROM operations_backup WHERE checked_at IS NOT NULL AND folder = %s ORDER BY name"
    with psycopg.connect(address_of(full)) as connection:  # so a page offers both
        assert connection.execute(asked, [str(tmp_path)]).fetchall() == [(dump.name,), (later.name,)]


def assert_restored(empty: str) -> None:
    """The person is there, emails are held, and the product's role may write."""
    assert people_in(empty) == [ADDRESS]
    with psycopg.connect(address_of(empty)) as connection:
        assert connection.execute("SELECT held_since IS NOT NULL FROM reminders_schedulerrun").fetchone() == (True,)
        asked = "SELECT count(*) FROM operations_backup WHERE state = 'waiting'"
        assert connection.execute(asked).fetchone() == (0,)
        rights = "SELECT has_table_privilege('careerplan_app', 'goals_goal', 'INSERT')"
        assert connection.execute(rights).fetchone() == (True,)


def assert_what_operators_did_is_known(full: str, late: int) -> None:
    """No restore erases it, and nobody gets the id of the account that it is about."""
    with psycopg.connect(address_of(full), autocommit=True) as connection:
        found = connection.execute("SELECT actor, action, person_id, details FROM operators_auditentry ORDER BY id")
        asked, restored = found.fetchall()
        assert asked == ("Ines Roth", "server_asked", late, {"kind": "restore"})
        assert restored[1] == "restored"
        [new] = connection.execute(f"{MAKE_USER} RETURNING id", ["new@example.org"]).fetchone()
        assert new > late


@pytest.mark.django_db
def test_the_audit_log_waits_beside_the_backups_for_what_this_version_cannot_hold(tmp_path):
    record(actor=SYSTEM, action=AuditAction.RESTORED, now=timezone.now(), name="x")
    keep_audit_log(tmp_path)
    file = tmp_path / "audit-log.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    [line] = file.read_text().splitlines()
    later = json.dumps({**json.loads(line), "action": "from_tomorrow"})
    other = json.dumps({**json.loads(line), "actor": "Ines"})
    file.write_text(f"{line}\n{later}\n{other}\n")
    assert bring_back_audit_log(tmp_path) == (1, 1)
    assert file.read_text() == f"{later}\n"
    assert sorted(AuditEntry.objects.values_list("actor", flat=True)) == ["Careerplan", "Ines"]
    keep_audit_log(tmp_path)
    assert len(file.read_text().splitlines()) == 3
    assert bring_back_audit_log(tmp_path) == (0, 1)
    with pytest.raises(ToolError, match="cannot be written"):
        keep_audit_log(tmp_path / "missing")


def test_a_restore_that_fails_leaves_what_was_there(databases, machine, tmp_path):
    full, _empty = databases
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "psql").symlink_to(shutil.which("psql"))
    broken = tools / "pg_restore"
    broken.write_text(BREAKS_HALF_WAY)
    broken.chmod(0o700)
    with machine(full) as manage:
        dump = manage("backup", tmp_path)
        with pytest.raises(StackError, match="division by zero"):
            manage("restore", dump, "--replace", "--bin", tools)
    assert people_in(full) == [ADDRESS]


@pytest.fixture
def dump(tmp_path):
    """A dump of the tests' own empty database."""
    from careerplan.operations.backups import make_backup

    return make_backup(tmp_path, now=timezone.now())


@pytest.mark.django_db
def test_a_damaged_dump_is_noticed(dump):
    note = check_backup(dump)
    assert "accounts.0001_initial" in note.migrations
    dump.write_bytes(dump.read_bytes()[:-1000])
    with pytest.raises(ToolError, match="check sum"):
        check_backup(dump)
    dump.with_name(f"{dump.name}.json").unlink()
    with pytest.raises(ToolError, match="is missing"):
        check_backup(dump)


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["goals", "operators", "accounts"])
def test_a_dump_of_a_newer_version_is_refused(dump, app):
    path = dump.with_name(f"{dump.name}.json")
    note = json.loads(path.read_text())
    path.write_text(json.dumps({**note, "migrations": [*note["migrations"], f"{app}.0999_from_tomorrow"]}))
    with pytest.raises(CommandError, match=rf"{app}\.0999_from_tomorrow") as refused:
        call_command("restore", str(dump), "--replace")
    assert refused.value.returncode == restore.UNCHANGED
    with pytest.raises(CommandError, match=rf"{app}\.0999_from_tomorrow"):  # the agent asks before it closes the site
        call_command("backup", "--check", str(dump))
    MigrationRecorder(connection).record_applied(app, "0999_from_tomorrow")  # went back from that version: it is fine
    call_command("backup", "--check", str(dump))


@pytest.mark.django_db
def test_a_restore_gives_no_rights_before_all_else_is_done(dump, user, monkeypatch, settings, tmp_path):
    """The site works only with them, so it cannot send emails twice, nor show whoever has left."""
    settings.DELETIONS_FILE = str(tmp_path / "deletions.jsonl")
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=30))
    record_deletion(pk=user.pk, now=timezone.now())
    called = []

    def ends_at_rights(name, *_arguments, **_options):
        called.append(name)
        if name == "grant_rights":
            raise CommandError(name)

    monkeypatch.setattr(restore, "restore_backup", lambda *_arguments, **_options: None)
    monkeypatch.setattr(restore, "call_command", ends_at_rights)
    with pytest.raises(CommandError) as ended:
        call_command("restore", str(dump), "--replace")
    assert (called, ended.value.returncode) == (["migrate", "grant_rights"], 1)
    assert sending_held_since() is not None
    assert not User.objects.filter(pk=user.pk).exists()
    assert AuditEntry.objects.get().action == "restored"


@pytest.mark.django_db
def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(CommandError, match="pg_dump is missing"):
        call_command("backup", str(tmp_path), "--bin", str(tmp_path))


@pytest.mark.django_db
def test_old_dumps_are_removed(tmp_path, capsys):
    for day in range(3):
        for name in (f"careerplan-2027010{day}T000000Z.dump", f"careerplan-2027010{day}T000000Z.dump.json"):
            (tmp_path / name).write_text("{}")
    call_command("backup", str(tmp_path), "--keep", "2")
    assert sorted(path.name for path in tmp_path.glob("*.dump"))[:1] != ["careerplan-20270100T000000Z.dump"]
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.django_db
def test_held_emails_stay_due_until_they_may_go_on(user, mail_box, client, capsys):
    make_goal(user, step_due_on=FIRST.date() + timedelta(days=7))
    call_command("reminders", "hold")
    assert send_at(FIRST, timezone.now) == []
    assert Digest.objects.pending().count() == 1
    assert "held" in client.get("/health/").json()["parts"]["sending"]
    call_command("reminders", "go-on")
    assert len(send_at(FIRST, timezone.now)) == 1


@pytest.mark.django_db
def test_what_was_sent_after_the_dump_is_not_sent_again(user, mail_box):
    """The dump knows the run of the first day at 8:00; the second day's email went out after it."""
    daily(user, days=5)
    create_due_reminders(as_of=FIRST, now=FIRST)
    Digest.objects.update(state="sent", sent_at=FIRST)
    until = FIRST + timedelta(days=1, hours=3)
    hold_sending(now=until)
    email = {"mentorship": make_mentorship(user, now=FIRST), "recipient": "owner", "kind": "news", "made_at": FIRST}
    MentoringEmail.objects.all().delete()
    for number in (0, 1):
        MentoringEmail.objects.create(**email, occasion=number, not_before=until + timedelta(minutes=number))
    assert mark_as_sent(until=until, now=until) == 2
    assert list(MentoringEmail.objects.order_by("occasion").values_list("sent_at", flat=True)) == [until, None]
    MentoringEmail.objects.all().delete()
    SchedulerRun.objects.update(held_since=None)
    assert send_at(until, lambda: until) == []
    later = until + timedelta(days=1)
    assert len(send_at(later, lambda: later)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2020-01-01T08:00+00:00", "2999-01-01T08:00+00:00"])
def test_a_time_that_the_backup_cannot_mean_is_refused(user, text):
    now = timezone.now()
    create_due_reminders(as_of=now, now=now)
    with pytest.raises(CommandError, match="hold"):
        call_command("after_restore", "--sent-until", text)
    hold_sending(now=now)
    with pytest.raises(CommandError, match="is not between"):
        call_command("after_restore", "--sent-until", text)


@pytest.mark.django_db
def test_accounts_deleted_after_the_dump_are_deleted_again(user, other_user, settings, tmp_path):
    settings.DELETIONS_FILE = str(tmp_path / "deletions.jsonl")
    now = datetime.now(UTC)
    record_deletion(pk=other_user.pk, now=now - timedelta(days=1))
    with Path(settings.DELETIONS_FILE).open("a") as file:
        file.write('{"user": 1, "dele')
    record_deletion(pk=user.pk, now=now)
    User.objects.filter(pk=user.pk).update(date_joined=now - timedelta(days=30))
    UserFactory()
    assert user.email not in Path(settings.DELETIONS_FILE).read_text()
    assert repeat_deletions() == (1, [2])
    assert not User.objects.filter(pk=user.pk).exists()
    assert User.objects.filter(pk=other_user.pk).exists()  # it has got the id after the deletion
    assert repeat_deletions() == (0, [2])


@pytest.mark.django_db
def test_owners_get_time_again_to_keep_their_account(user, other_user):
    now = timezone.now()
    User.objects.filter(pk=user.pk).update(deletion_due_at=now - timedelta(days=1))
    InactivityQuestion.objects.create(user=other_user, asked_at=now, answer_by=now)
    assert postpone_deletions(now=now) == 1
    user.refresh_from_db()
    assert user.deletion_due_at == InactivityQuestion.objects.get().answer_by == now + DELETION_DELAY
    assert postpone_deletions(now=now) == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_stops_no_deletion(user, settings, tmp_path):
    settings.DELETIONS_FILE = str(tmp_path)
    with capture_logs() as lines:
        record_deletion(pk=user.pk, now=timezone.now())
    assert [(line["event"], line["user"]) for line in lines] == [("deletion_not_recorded", user.pk)]
