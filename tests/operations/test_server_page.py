"""The operator's page about the server: backups that a worker makes, findings, keys, sign-in at a provider."""

import os
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.factors.encryption import encrypt
from accounts.models import User
from careerplan.operations import services
from careerplan.operations.backups import check_backup, make_backup, remove_old_backups
from careerplan.operations.doctor import count_old_secrets
from careerplan.operations.models import Backup
from careerplan.operations.queries import backup_problem, metrics
from careerplan.operations.tasks import encrypt_secrets, make_backups
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry
from tests.operators.conftest import make_operator, window_of

pytestmark = pytest.mark.django_db

PAGE = "/operator/server/"
TOOLS = {"pg_dump": "dump of everything", "pg_restore": ""}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def window():
    return window_of(make_operator())


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    """A folder for backups, and programs that stand in for pg_dump, which sees nothing of a test's transaction."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name, content in TOOLS.items():
        program = bin_folder / name
        program.write_text(
            '#!/bin/sh\nfor one in "$@"; do case "$one" in --file=*) file=${one#--file=};; esac; done\n'
            f'[ "$file" = /dev/null ] || printf "%s" "{content}" > "$file"\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}:/usr/bin:/bin")
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    return tmp_path / "backups"


def test_a_backup_is_asked_for_made_and_checked(window, folder):
    assert "Back up now" in window.get(PAGE).content.decode()
    assert window.post(reverse("operations:backup")).url == PAGE
    make_backups()
    backup = Backup.objects.get()
    assert (backup.state, backup.asked_by, backup.problem) == ("made", "Ines Roth", "")
    assert check_backup(folder / backup.name).size == backup.size == len(TOOLS["pg_dump"])
    window.post(reverse("operations:backup-check", args=[backup.pk]))
    (folder / backup.name).write_text("cut")
    make_backups()
    backup.refresh_from_db()
    assert "check sum" in backup.problem
    assert "check sum" in window.get(PAGE).content.decode()
    assert {*AuditEntry.objects.values_list("action", flat=True)} == {"backup_asked", "backup_checked"}


def test_a_backup_that_fails_says_why_on_both_pages(window, folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    window.post(reverse("operations:backup"))
    make_backups()
    assert Backup.objects.get().state == "failed"
    for page in (PAGE, "/operator/health/"):
        assert "pg_dump is missing" in window.get(page).content.decode()


def test_their_number_is_bound(window, folder, now):
    services.ask_backup(actor=SYSTEM, now=now)
    with pytest.raises(services.NotNow):  # it waits
        services.ask_backup(actor=SYSTEM, now=now)
    for _one in range(services.MOST_A_DAY):
        make_backups()
        window.post(reverse("operations:backup"))
    assert Backup.objects.count() == services.MOST_A_DAY
    assert AuditEntry.objects.filter(action=AuditAction.BACKUP_ASKED).count() == services.MOST_A_DAY


def test_without_a_folder_no_worker_makes_one(window, settings, now):
    settings.BACKUP_FOLDER = ""
    assert "Back up now" not in window.get(PAGE).content.decode()
    services.ask_backup(actor=SYSTEM, now=now)
    make_backups()
    assert Backup.objects.get().state == "waiting"
    assert "BACKUP_FOLDER" in backup_problem(now + timedelta(hours=2))


def test_health_and_metrics_know_how_old_the_last_one_is(now):
    assert (backup_problem(now), list(metrics(now))) == ("", [])
    row = Backup(state="made", asked_at=now, made_at=now, not_before=now, name="a.dump", size=1, asked_by="root")
    row.save()
    assert backup_problem(now + timedelta(days=2)) == ""
    assert "nightly" in backup_problem(now + timedelta(days=3))
    [metric] = metrics(now + timedelta(minutes=1))
    assert [sample.value for sample in metric.samples] == [60]


def test_the_page_has_what_doctor_finds_without_asking_others(window, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        page = window.get(PAGE)
    found = [check[0].name for check in page.context["checks"]]
    assert len(found) == len({*found}), "each check is listed once"
    assert {"database", "redis", "role", "keys", "operators", "backups", "time zones"} <= {*found}
    assert not {"mail", "proxy", "openid"} & {*found}


def test_secrets_get_the_newest_key(window, settings):
    row = Authenticator.objects.get(type="totp")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 48
    page = window_of(make_operator(name="Ben Ode"))
    assert page.get(PAGE).context["old_secrets"] == 1
    page.post(reverse("operations:keys"))
    settings.SECRET_KEY_FALLBACKS = []
    assert page.get(PAGE).context["old_secrets"] == 0
    row.refresh_from_db()
    assert row.data["secret"] != encrypt("other")
    assert not any("fit no key" in finding.found for check in page.get(PAGE).context["checks"] for finding in check)
    assert AuditEntry.objects.filter(action=AuditAction.SECRETS_ENCRYPTED).count() == 1


def test_worker_may_start_late_with_other_secrets(window, settings, monkeypatch, django_capture_on_commit_callbacks):
    """No beat starts this task: its message must outlive a long task before it."""
    sent = []
    monkeypatch.setattr(encrypt_secrets, "apply_async", lambda **options: sent.append(options))
    monkeypatch.setattr(services, "SECRETS_AT_ONCE", 1)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 48
    page = window_of(make_operator(name="Ben Ode"))
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("operations:keys"))
    assert [options["expires"] for options in sent] == [settings.LONGEST_TASK_SECONDS]


def test_all_secrets_are_counted_and_only_old_ones_are_written(settings, monkeypatch):
    secret = encrypt("old")
    many = User.objects.bulk_create(User(email=f"p{n}@example.org") for n in range(1001))
    Authenticator.objects.bulk_create(Authenticator(user=one, type="totp", data={"secret": secret}) for one in many)
    old = Authenticator.objects.filter(pk__in=Authenticator.objects.order_by("-pk").values("pk")[:3])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 48
    Authenticator.objects.exclude(pk__in=[row.pk for row in old]).update(data={"secret": encrypt("new")})
    assert count_old_secrets() == 3
    monkeypatch.setattr(services, "SECRETS_AT_ONCE", 2)
    with CaptureQueriesContext(connection) as queries:
        assert services.use_newest_key(actor=SYSTEM, now=timezone.now()) == (2, 0)
    assert len(queries) < 20  # not one for each secret
    assert count_old_secrets() == 1
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [services.SECRETS_LOCK])
            encrypt_secrets()
            assert count_old_secrets() == 1  # another worker is at it
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [services.SECRETS_LOCK])
    finally:
        other.close()
    encrypt_secrets()
    assert count_old_secrets() == 0


def test_the_provider_is_asked_on_the_click(window, settings, monkeypatch):
    settings.OIDC_NAME, settings.OIDC_ISSUER = "Example", "https://id.example.org"
    assert "account/openid/login/callback/" in window.get(PAGE).context["redirect_address"]

    def answer(place, timeout):
        raise OSError("no way there")

    monkeypatch.setattr("careerplan.operations.doctor.urlopen", answer)
    page = window.post(reverse("operations:provider"), follow=True)
    assert "no way there" in page.content.decode()


def test_the_command_writes_down_what_it_made_and_removed(folder, now):
    for day in range(2):
        with time_machine.travel(now + timedelta(days=day), tick=False):
            call_command("backup", str(folder), "--keep", "1")
    newest = Backup.objects.get()  # the row of the older one went with its file
    assert newest.made_at == now + timedelta(days=1)
    assert [path.name for path in folder.glob("*.dump")] == [newest.name]


def test_backups_of_the_page_push_out_no_nightly_ones(folder, now):
    for hour in range(3):
        with time_machine.travel(now + timedelta(hours=hour), tick=False):
            if hour == 0:
                call_command("backup", str(folder))
            else:
                services.ask_backup(actor=SYSTEM, now=timezone.now())
                make_backups()
    assert len(remove_old_backups(folder, 1)) == 1
    assert sorted(path.name[:15] for path in folder.glob("*.dump")) == [f"careerplan-{now:%Y}", "careerplan-page"]


def test_what_a_killed_worker_left_is_removed(folder, now):
    folder.mkdir()
    for name in ("careerplan-1.dump.new", "careerplan-1.dump.json", "careerplan-2.dump.new", "mine.dump.new"):
        (folder / name).touch()
        os.utime(folder / name, ((now - timedelta(minutes=1 if "2" in name else 76)).timestamp(),) * 2)
    made = make_backup(folder, now=now)
    kept = {"careerplan-2.dump.new", "mine.dump.new", made.name, f"{made.name}.json"}
    assert {path.name for path in folder.iterdir()} == kept


def test_the_request_of_a_killed_check_is_taken_up_after_its_lease(window, folder, now):
    services.ask_backup(actor=SYSTEM, now=now)
    make_backups()
    backup = Backup.objects.get()
    window.post(reverse("operations:backup-check", args=[backup.pk]))
    assert services._claim_check(now) == backup  # and its worker ends without a word
    page = window.get(PAGE).content.decode()
    assert "A worker is checking it" in page
    assert "Checked on" not in page
    make_backups()
    backup.refresh_from_db()
    assert backup.check_asked_at is not None
    later = now + services.LEASE + timedelta(minutes=1)
    services.check_asked_backups(clock=lambda: later)
    backup.refresh_from_db()
    assert (backup.check_asked_at, backup.checked_at, backup.problem) == (None, later, "")


def test_a_backup_elsewhere_is_not_called_damaged(window, folder, tmp_path, now, settings):
    call_command("backup", str(tmp_path / "stick"))
    backup = Backup.objects.get()
    check = reverse("operations:backup-check", args=[backup.pk])
    page = window.get(PAGE).content.decode()
    assert str(tmp_path / "stick") in page
    assert check not in page
    assert "not in BACKUP_FOLDER" in window.post(check, follow=True).content.decode()
    Backup.objects.update(folder="")  # of the version before
    settings.BACKUP_FOLDER, there = "", settings.BACKUP_FOLDER
    assert "not in BACKUP_FOLDER" in window.post(check, follow=True).content.decode()
    assert not Backup.objects.filter(check_asked_at__isnull=False).exists()
    assert backup_problem(now) == ""
    settings.BACKUP_FOLDER = there
    window.post(check)
    make_backups()
    assert f"is not in {there}" in Backup.objects.get().problem


def test_only_one_worker_makes_or_checks_backups(folder, now):
    services.ask_backup(actor=SYSTEM, now=now)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [services.BACKUP_LOCK])
            make_backups()
            assert Backup.objects.get().state == "waiting"
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [services.BACKUP_LOCK])
            make_backups()
            assert Backup.objects.get().state == "made"
            cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [services.BACKUP_LOCK])
            assert cursor.fetchone() == (True,)  # it was given back
    finally:
        other.close()
