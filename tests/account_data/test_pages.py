"""The pages of one's own data: what is downloaded, by whom, and what a file that is sent does."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft7Validator, Draft202012Validator
from structlog.testing import capture_logs

from accounts import services as account_services
from careerplan.account_data import queries, services, tasks
from careerplan.account_data.models import DataChunk, DataFile
from careerplan.account_data.partial_exports import escape_formula
from careerplan.account_data.schema import PUBLISHED, file_schema
from careerplan.account_data.tasks import process_files
from careerplan.core.smtp import SmtpOutcome, SmtpResult
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from tests.account_data.pages import content, export, send
from tests.factories.accounts import PASSWORD, UserFactory, confirm_password
from tests.factories.data import make_data_file
from tests.factories.goals import add_steps, make_goal
from tests.factories.whole import make_whole_account

pytestmark = pytest.mark.django_db
RESUME_SCHEMA = Path(__file__).parent / "jsonresume-1.0.0.schema.json"
DAY = timedelta(days=1)


def test_published_schema_is_current_and_public(client):
    assert json.loads(PUBLISHED.read_text()) == json.loads(json.dumps(file_schema()))
    response = client.get(reverse("account_data:schema"))
    assert response.status_code == 200
    Draft202012Validator.check_schema(response.json())


def test_export_is_valid_by_the_published_schema(user, signed_in):
    make_whole_account(user)
    response = export(signed_in)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="careerplan-export-')
    Draft202012Validator(file_schema()).validate(json.loads(content(response)))


def test_export_asks_for_the_password_and_goes_on(user, signed_in, mail_box):
    path = reverse("account_data:export")
    asked = signed_in.post(path)
    assert asked.url.startswith("/account/reauthenticate/?next=")
    with capture_logs() as lines:
        page = signed_in.post(asked.url, {"password": PASSWORD, "next": path}, follow=True)
    assert page.context["download_url"] == reverse("account_data:download")
    assert page.headers["Refresh"] == f"0; url={page.context['download_url']}"
    assert {"event": "data_exported", "user": user.pk, "log_level": "info"} in lines
    (mail,) = mail_box.to(user.email)
    assert "127.0.0.1" in mail.get_body(("plain",)).get_content()


def test_nothing_is_downloaded_without_exporting_it_first_in_this_session(user, signed_in):
    file = make_data_file(user)
    home, paths = reverse("account_data:home"), [reverse("account_data:file", args=[file.pk])]
    paths.append(reverse("account_data:download"))
    assert [confirm_password(signed_in).get(path).url for path in paths] == [home, home]
    export(signed_in)
    assert [signed_in.get(path).status_code for path in paths] == [200, 200]
    elsewhere = Client()
    elsewhere.force_login(user)
    assert [elsewhere.get(path).url for path in paths] == [home, home]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert [signed_in.get(path).url for path in paths] == [home, home]
        assert "Refresh" not in signed_in.get(home, {"download": ""}).headers


def test_large_export_is_written_by_a_worker_and_announced(user, signed_in, mail_box, monkeypatch):
    make_goal(user)
    monkeypatch.setattr(queries, "IMMEDIATE_ROWS", 3)
    confirm_password(signed_in)
    assert signed_in.post(reverse("account_data:export")).url == reverse("account_data:home")
    signed_in.post(reverse("account_data:file-request"))
    signed_in.post(reverse("account_data:file-request"))
    file = DataFile.objects.get()
    assert signed_in.get(reverse("account_data:file", args=[file.pk])).status_code == 404
    assert signed_in.get(reverse("account_data:home")).context["status"].file.is_waiting
    process_files()
    process_files()
    (mail,) = mail_box.to(user.email)
    assert Goal.objects.get().title not in mail.as_string()
    response = export(signed_in)
    assert len(body := content(response)) == int(response.headers["Content-Length"])
    assert json.loads(body)["goals"][0]["title"] == Goal.objects.get().title


def test_email_about_a_file_is_tried_again(user, settings, mail_box):
    make_data_file(user)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    process_files()
    assert DataFile.objects.get().notified_at is None
    settings.EMAIL_PORT = port
    process_files()
    assert len(mail_box.to(user.email)) == 1


@pytest.mark.parametrize("outcome", list(SmtpOutcome))
def test_email_about_a_file_is_sent_once_to_a_mailbox_that_does_not_exist(user, monkeypatch, outcome):
    make_data_file(user)
    monkeypatch.setattr(tasks, "deliver_email", lambda _mail: SmtpResult(outcome, "550 5.1.1 <anna@example.com>"))
    process_files()
    is_done = DataFile.objects.get().notified_at is not None
    assert is_done == (outcome in {SmtpOutcome.ACCEPTED, SmtpOutcome.REJECTED})


def test_account_in_deletion_gets_no_email_but_its_file(user, signed_in, mail_box):
    make_goal(user)
    make_data_file(user)
    account_services.request_deletion(user=user, now=timezone.now())
    process_files()
    assert mail_box.to(user.email) == []
    assert export(signed_in).status_code == 200
    assert len(mail_box.to(user.email)) == 1  # that it was exported
    account_services.cancel_deletion(user=user)
    process_files()
    assert len(mail_box.to(user.email)) == 2


def test_export_is_for_its_owner_for_seven_days(user, other_user, signed_in):
    now = timezone.now()
    file = make_data_file(user, now)
    stranger = Client()
    stranger.force_login(other_user)
    address = reverse("account_data:file", args=[file.pk])
    assert stranger.get(address).status_code == 404
    export(signed_in)
    assert signed_in.get(address).status_code == 200
    services.delete_expired(now=now + 7 * DAY - timedelta(seconds=1))
    assert DataChunk.objects.exists()
    services.delete_expired(now=now + 7 * DAY)
    assert not DataChunk.objects.exists()
    assert signed_in.get(address).status_code == 404


def test_claim_of_a_dead_worker_expires(user):
    now = timezone.now()
    services.request_export(user=user, now=now)
    dead = services.claim_next(now=now)
    assert services.claim_next(now=now + services.LEASE - timedelta(seconds=1)) is None
    heir = services.claim_next(now=now + services.LEASE)
    assert heir == dead
    assert not services.write_export_file(file=dead, clock=lambda: now)
    assert services.write_export_file(file=heir, clock=lambda: now)
    for _ in range(3):
        assert services.claim_next(now=now + 9 * services.LEASE) is None


def test_file_fails_after_three_attempts(user):
    now = timezone.now()
    services.request_export(user=user, now=now)
    for attempt in range(3):
        assert services.claim_next(now=now + attempt * services.LEASE)
    assert services.claim_next(now=now + 3 * services.LEASE) is None
    assert DataFile.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("account_data_datafile_one_each_direction", [{}, {}]),
        ("account_data_datafile_ready_at", [{"state": "ready"}]),
        ("account_data_datafile_direction_known", [{"direction": "up"}]),
    ],
)
def test_the_database_refuses(user, rule, changes):
    now = timezone.now()
    columns = {"user": user, "direction": "out", "requested_at": now, "not_before": now, "expires_at": now}
    rows = [DataFile(**columns | change) for change in changes]
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        DataFile.objects.bulk_create(rows)


def test_chunk_numbers_are_unique(user):
    file = make_data_file(user)
    with pytest.raises(IntegrityError, match="account_data_datachunk_number_once"), transaction.atomic():
        DataChunk.objects.create(file=file, number=0, content=b"")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\uff1d1"])
def test_csv_cell_is_never_a_formula(cell):
    assert escape_formula(cell) == "'" + cell


@pytest.mark.parametrize(
    ("cell", "guarded"), [("a;=9+9", "a;'=9+9"), ("a\t=9", "a\t'=9"), ("a;  @b;-1", "a;'  @b;'-1")]
)
def test_separator_inside_a_csv_cell_starts_no_formula(cell, guarded):
    assert escape_formula(cell) == guarded


@pytest.mark.parametrize("cell", ["1", "a=b", "a; b", "a, -1", "a\n- b", "", None, -1])
def test_harmless_csv_cell_is_unchanged(cell):
    assert escape_formula(cell) == cell


def test_csv_tables_hold_goals_steps_and_ratings(user, signed_in):
    make_whole_account(user, "=HYPERLINK(0)")
    response = signed_in.get(reverse("account_data:csv-tables"))
    archive = zipfile.ZipFile(io.BytesIO(content(response)))
    assert archive.namelist() == ["goals.csv", "steps.csv", "ratings.csv"]
    for name, rows in (("goals.csv", 5), ("steps.csv", 9), ("ratings.csv", 13)):
        text = archive.read(name).decode()
        assert text.startswith("\ufeff")
        found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(found) == rows + 1
        assert {len(row) for row in found} == {len(found[0])}
        assert not any(cell.startswith(("=", "+", "@")) for row in found for cell in row)
    assert "'=HYPERLINK(0)" in archive.read("goals.csv").decode()


def test_negative_number_stays_a_number(user, signed_in):
    goal = make_goal(user, title="-5 kg")
    Goal.objects.filter(pk=goal.pk).update(start_value="-20.50")
    archive = zipfile.ZipFile(io.BytesIO(content(signed_in.get(reverse("account_data:csv-tables")))))
    row = next(csv.DictReader(io.StringIO(archive.read("goals.csv").decode("utf-8-sig"))))
    assert (row["Goal"], row["Start value"]) == ("'-5 kg", "-20.5")


def test_json_resume_is_valid_and_leaves_out_private_parts(user, signed_in):
    make_whole_account(user, "a secret")
    resume = json.loads(content(signed_in.get(reverse("account_data:json-resume"))))
    Draft7Validator(json.loads(RESUME_SCHEMA.read_text())).validate(resume)
    assert resume["basics"]["name"] == user.name
    assert resume["skills"]
    assert "a secret" not in json.dumps(resume)


def test_json_resume_of_a_new_account(user, signed_in):
    resume = json.loads(content(signed_in.get(reverse("account_data:json-resume"))))
    Draft7Validator(json.loads(RESUME_SCHEMA.read_text())).validate(resume)


def test_file_is_previewed_and_imported_once(user, signed_in):
    make_whole_account(user)
    data = json.loads(content(export(signed_in)))
    newcomer = UserFactory()
    client = Client()
    client.force_login(newcomer)
    page = send(client, data).content.decode()
    assert "Next, Ruth&#x27;s own words" in page
    assert not Goal.objects.for_user(newcomer).exists()
    assert client.post(reverse("account_data:import-finish")).url == reverse("plans:plan")
    count = Goal.objects.for_user(newcomer).count()
    assert count == len(data["goals"])
    client.post(reverse("account_data:import-finish"))
    assert Goal.objects.for_user(newcomer).count() == count
    assert not DataFile.objects.exists()


def test_discarded_file_is_deleted(user, signed_in):
    send(signed_in, {"format": "careerplan-export", "version": 2})
    assert DataFile.objects.count() == 1
    signed_in.post(reverse("account_data:import-discard"))
    assert not DataChunk.objects.exists()


def test_owner_of_a_plan_chooses_the_active_one(user, signed_in):
    make_goal(user, title="Of the file")
    data = json.loads(content(export(signed_in)))
    for answer, active in (("own", "Here already"), ("imported", "Of the file")):
        owner = UserFactory()
        make_goal(owner, title="Here already")
        client = Client()
        client.force_login(owner)
        assert send(client, data).context["file"].summary["keeps_own_plan"]
        client.post(reverse("account_data:import-finish"), {"active": answer})
        assert Goal.objects.get(plan__user=owner, plan__state="active").title == active
        assert Plan.objects.filter(user=owner, state="archived").count() == 1


def test_rejected_file_changes_nothing(user, signed_in):
    make_goal(user)
    data = json.loads(content(export(signed_in)))
    data["goals"][0]["due_on"] = "soon"
    form = send(signed_in, data).context["form"]
    assert form.has_error("file", "rejected")
    assert form.errors["file"][0].startswith("goals, entry 1, due_on: ")
    assert Goal.objects.count() == 1
    assert not DataFile.objects.exists()


def test_too_large_upload_is_rejected(user, signed_in, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert send(signed_in, b"x" * 1001).context["form"].has_error("file", "rejected")


@pytest.mark.parametrize("many", [1, 30])
def test_number_of_queries_is_constant(user, signed_in, django_assert_num_queries, many):
    goal = make_goal(user)
    add_steps(goal, *("More" for _ in range(many)))
    signed_in.get(reverse("account_data:home"))
    with django_assert_num_queries(4):
        signed_in.get(reverse("account_data:home"))
