"""The pages of one's own data: what is downloaded, by whom, and what a file that is sent does."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft7Validator, Draft202012Validator

from accounts import deletion
from accounts.models import User
from careerplan.account_data import queries, services
from careerplan.account_data.csv_tables import harmless
from careerplan.account_data.models import DataChunk, DataFile
from careerplan.account_data.schema import PUBLISHED, whole_schema
from careerplan.account_data.tasks import make_files
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from tests.factories.accounts import UserFactory
from tests.factories.data import make_data_file
from tests.factories.goals import add_steps, make_goal
from tests.factories.whole import make_whole_account

pytestmark = pytest.mark.django_db
RESUME_SCHEMA = Path(__file__).parent / "jsonresume-1.0.0.schema.json"
DAY = timedelta(days=1)


def content(response):
    """What was downloaded."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def send(client, data, name="export.json"):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(reverse("account_data:import"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_the_published_schema_is_that_of_the_code_and_public(client):
    assert json.loads(PUBLISHED.read_text()) == json.loads(json.dumps(whole_schema()))
    response = client.get(reverse("account_data:schema"))
    assert response.status_code == 200
    Draft202012Validator.check_schema(response.json())


def test_the_download_is_valid_by_the_published_schema(user, signed_in):
    make_whole_account(user)
    response = signed_in.get(reverse("account_data:download"))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="careerplan-export-')
    Draft202012Validator(whole_schema()).validate(json.loads(content(response)))


def test_a_large_account_is_made_by_a_worker_and_announced(user, signed_in, mail_box, monkeypatch):
    make_goal(user)
    monkeypatch.setattr(queries, "AT_ONCE_ROWS", 3)
    assert signed_in.get(reverse("account_data:download")).url == reverse("account_data:home")
    signed_in.post(reverse("account_data:file-request"))
    signed_in.post(reverse("account_data:file-request"))
    file = DataFile.objects.get()
    assert signed_in.get(reverse("account_data:file", args=[file.pk])).status_code == 404
    assert "is being prepared" in signed_in.get(reverse("account_data:home")).content.decode()
    make_files()
    make_files()
    (mail,) = mail_box.to(user.email)
    assert mail["Subject"] == "Your file is ready"
    assert Goal.objects.get().title not in mail.as_string()
    response = signed_in.get(reverse("account_data:file", args=[file.pk]))
    assert len(body := content(response)) == int(response.headers["Content-Length"])
    assert json.loads(body)["goals"][0]["title"] == Goal.objects.get().title
    assert reverse("account_data:file", args=[file.pk]) in signed_in.get(reverse("account_data:home")).content.decode()


def test_a_mail_server_that_is_away_is_tried_again(user, settings, mail_box):
    make_data_file(user)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    make_files()
    assert DataFile.objects.get().told_at is None
    settings.EMAIL_PORT = port
    make_files()
    assert len(mail_box.to(user.email)) == 1


def test_who_is_leaving_is_not_written_to_but_still_takes_their_file_along(user, signed_in, mail_box):
    make_goal(user)
    file = make_data_file(user)
    deletion.request_deletion(user=user, now=timezone.now())
    make_files()
    assert mail_box.to(user.email) == []
    assert signed_in.get(reverse("account_data:file", args=[file.pk])).status_code == 200
    deletion.cancel_deletion(user=user)
    make_files()
    assert len(mail_box.to(user.email)) == 1


def test_a_prepared_file_is_for_its_owner_alone_and_for_a_week(user, other_user, signed_in):
    now = timezone.now()
    file = make_data_file(user, now)
    stranger = Client()
    stranger.force_login(other_user)
    address = reverse("account_data:file", args=[file.pk])
    assert stranger.get(address).status_code == 404
    assert signed_in.get(address).status_code == 200
    services.remove_expired(now=now + 7 * DAY - timedelta(seconds=1))
    assert DataChunk.objects.exists()
    services.remove_expired(now=now + 7 * DAY)
    assert not DataChunk.objects.exists()
    assert signed_in.get(address).status_code == 404


def test_a_worker_that_died_is_taken_over_from_and_comes_too_late(user):
    now = timezone.now()
    services.ask_for_file(user=user, now=now)
    dead = services.take_next(now=now)
    assert services.take_next(now=now + services.LEASE - timedelta(seconds=1)) is None
    heir = services.take_next(now=now + services.LEASE)
    assert heir == dead
    assert not services.make_file(file=dead, clock=lambda: now)
    assert services.make_file(file=heir, clock=lambda: now)
    for _ in range(3):
        assert services.take_next(now=now + 9 * services.LEASE) is None


def test_a_file_that_fails_three_times_is_said_to_have_failed(user):
    now = timezone.now()
    services.ask_for_file(user=user, now=now)
    for attempt in range(3):
        assert services.take_next(now=now + attempt * services.LEASE)
    assert services.take_next(now=now + 3 * services.LEASE) is None
    assert DataFile.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("account_data_datafile_one_each_way", [{}, {}]),
        ("account_data_datafile_ready_at", [{"state": "ready"}]),
        ("account_data_datafile_way_known", [{"way": "up"}]),
    ],
)
def test_the_database_refuses(user, rule, changes):
    now = timezone.now()
    columns = {"user": user, "way": "out", "asked_at": now, "not_before": now, "expires_at": now}
    rows = [DataFile(**columns | change) for change in changes]
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        DataFile.objects.bulk_create(rows)


def test_two_pieces_have_two_places(user):
    file = make_data_file(user)
    with pytest.raises(IntegrityError, match="account_data_datachunk_number_once"), transaction.atomic():
        DataChunk.objects.create(file=file, number=0, content=b"")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\uff1d1"])
def test_no_text_is_a_formula(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["1", "a=b", "", None, -1])
def test_what_is_harmless_stays(cell):
    assert harmless(cell) == cell


def test_tables_hold_goals_steps_and_ratings(user, signed_in):
    make_whole_account(user, "=HYPERLINK(0)")
    response = signed_in.get(reverse("account_data:csv-tables"))
    archive = zipfile.ZipFile(io.BytesIO(content(response)))
    assert archive.namelist() == ["goals.csv", "steps.csv", "ratings.csv"]
    for name, rows in (("goals.csv", 5), ("steps.csv", 7), ("ratings.csv", 13)):
        text = archive.read(name).decode()
        assert text.startswith("\ufeff")
        found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(found) == rows + 1
        assert {len(row) for row in found} == {len(found[0])}
        assert not any(cell.startswith(("=", "+", "@")) for row in found for cell in row)
    assert "'=HYPERLINK(0)" in archive.read("goals.csv").decode()


def test_a_figure_below_zero_stays_a_figure(user, signed_in):
    goal = make_goal(user, title="-5 kg")
    Goal.objects.filter(pk=goal.pk).update(start_value="-20.50")
    archive = zipfile.ZipFile(io.BytesIO(content(signed_in.get(reverse("account_data:csv-tables")))))
    row = next(csv.DictReader(io.StringIO(archive.read("goals.csv").decode("utf-8-sig"))))
    assert (row["goal"], row["start value"]) == ("'-5 kg", "-20.5")


def test_the_resume_is_valid_and_tells_no_secrets(user, signed_in):
    make_whole_account(user, "a secret")
    resume = json.loads(content(signed_in.get(reverse("account_data:json-resume"))))
    Draft7Validator(json.loads(RESUME_SCHEMA.read_text())).validate(resume)
    assert resume["basics"]["name"] == user.name
    assert resume["skills"]
    assert "a secret" not in json.dumps(resume)


def test_a_new_account_has_a_resume_too(user, signed_in):
    resume = json.loads(content(signed_in.get(reverse("account_data:json-resume"))))
    Draft7Validator(json.loads(RESUME_SCHEMA.read_text())).validate(resume)


def test_a_file_is_shown_and_then_brought_in_once(user, signed_in):
    make_whole_account(user)
    data = json.loads(content(signed_in.get(reverse("account_data:download"))))
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


def test_a_file_that_is_not_wanted_is_removed(user, signed_in):
    send(signed_in, {"format": "careerplan-export", "version": 1})
    assert DataFile.objects.count() == 1
    signed_in.post(reverse("account_data:import-discard"))
    assert not DataChunk.objects.exists()


def test_who_has_a_plan_says_which_one_goes_on(user, signed_in):
    make_goal(user, title="Of the file")
    data = json.loads(content(signed_in.get(reverse("account_data:download"))))
    for answer, active in (("own", "Here already"), ("brought", "Of the file")):
        owner = UserFactory()
        make_goal(owner, title="Here already")
        client = Client()
        client.force_login(owner)
        assert "Which plan do you work on" in send(client, data).content.decode()
        client.post(reverse("account_data:import-finish"), {"active": answer})
        assert Goal.objects.get(plan__user=owner, plan__state="active").title == active
        assert Plan.objects.filter(user=owner, state="archived").count() == 1


def test_a_refused_file_says_where_and_why_and_changes_nothing(user, signed_in):
    make_goal(user)
    data = json.loads(content(signed_in.get(reverse("account_data:download"))))
    data["goals"][0]["due_on"] = "soon"
    page = send(signed_in, data).content.decode()
    assert "goals, entry 1, due_on: It is not written as a day" in page
    assert "Nothing is changed." in page
    assert Goal.objects.count() == 1
    assert not DataFile.objects.exists()


def test_a_file_that_is_too_big_is_not_even_kept(user, signed_in, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    page = send(signed_in, b"x" * 1001).content.decode()
    assert "The file is larger than" in page


@pytest.fixture
def large(user, signed_in, monkeypatch):
    """A browser of somebody who has a file that is larger than what is taken at once, and that file."""
    make_goal(user, title="Of the file")
    data = json.loads(content(signed_in.get(reverse("account_data:download"))))
    monkeypatch.setattr(queries, "AT_ONCE_ROWS", 1)
    client = Client()
    client.force_login(UserFactory())
    return client, data


def owner_of(client):
    return int(client.session["_auth_user_id"])


def page_of(client):
    return client.get(reverse("account_data:import")).content.decode()


def test_a_large_file_is_looked_at_and_brought_in_by_a_worker(large):
    client, data = large
    assert "Your file is being looked at" in send(client, data).content.decode()
    assert "Look again" in page_of(client)
    make_files()
    assert "Of the file" not in Goal.objects.filter(plan__user=owner_of(client)).values_list("title", flat=True)
    assert "Nothing is changed yet." in page_of(client)
    for _ in range(2):
        assert client.post(reverse("account_data:import-finish")).url == reverse("account_data:import")
        assert "Your file is being brought in: 0 % are read." in page_of(client)
    make_files()
    make_files()
    assert Goal.objects.get(plan__user=owner_of(client)).title == "Of the file"
    assert "1 goal came along." in page_of(client)
    assert not DataChunk.objects.exists()
    client.post(reverse("account_data:import-finish"))
    client.post(reverse("account_data:import-discard"))
    assert "1 goal came along." in page_of(client)
    assert Goal.objects.filter(plan__user=owner_of(client)).count() == 1


def mails(client, mail_box):
    return mail_box.to(User.objects.get(pk=owner_of(client)).email)


def subjects(client, mail_box):
    return [mail["Subject"] for mail in mails(client, mail_box)]


def test_what_becomes_of_a_large_file_is_announced_once_each_time(large, mail_box):
    client, data = large
    send(client, data)
    make_files()
    make_files()
    assert subjects(client, mail_box) == ["Choose what to do with your file"]
    client.post(reverse("account_data:import-finish"))
    make_files()
    make_files()
    assert subjects(client, mail_box)[1:] == ["Import finished"]
    said = "".join(part.get_content() for part in mails(client, mail_box)[-1].iter_parts())
    assert said.count(reverse("plans:plan")) >= 2  # in the text and in the HTML
    assert "Of the file" not in said


def test_a_large_file_that_is_refused_or_fails_is_announced_and_a_small_one_is_not(large, mail_box, monkeypatch):
    client, data = large
    send(client, data | {"steps": [*data["steps"], {}]})
    make_files()
    assert subjects(client, mail_box) == ["We could not import your file"]
    send(client, data)
    DataFile.objects.update(attempts=services.MOST_ATTEMPTS)
    make_files()
    assert subjects(client, mail_box) == ["We could not import your file"] * 2
    monkeypatch.setattr(queries, "AT_ONCE_ROWS", 1_000)
    send(client, data)
    make_files()
    client.post(reverse("account_data:import-finish"))
    make_files()
    assert len(subjects(client, mail_box)) == 2


def test_news_of_a_file_that_goes_on_meanwhile_are_told_too(large, mail_box):
    client, data = large
    send(client, data)
    now = timezone.now()
    services.work_on(file=services.take_next(now=now), clock=lambda: now)
    (ready,) = services.to_announce()
    client.post(reverse("account_data:import-finish"))
    services.note_announced(file=ready, now=now)
    make_files()
    assert subjects(client, mail_box) == ["Import finished"]


def test_a_large_file_that_is_wrong_further_on_is_refused_on_its_page(large):
    client, data = large
    data["steps"][-1]["due_on"] = "soon"
    send(client, data)
    make_files()
    page = page_of(client)
    assert "<title>Error:" in page
    assert "steps, entry 1, due_on: It is not written as a day" in page
    assert not Goal.objects.filter(plan__user=owner_of(client)).exists()
    assert not DataChunk.objects.exists()


def test_a_large_file_that_is_wrong_at_its_beginning_is_refused_at_once(large):
    client, data = large
    assert "This version is not known here" in send(client, data | {"version": 2}).content.decode()
    assert not DataFile.objects.filter(way="in").exists()


def test_which_plan_goes_on_is_asked_of_a_large_file_too(large):
    client, data = large
    make_goal(UserFactory._meta.model.objects.get(pk=owner_of(client)), title="Here already")
    send(client, data)
    make_files()
    assert "Which plan do you work on" in page_of(client)
    client.post(reverse("account_data:import-finish"), {"active": "brought"})
    make_files()
    assert Goal.objects.get(plan__user=owner_of(client), plan__state="active").title == "Of the file"


def test_of_two_workers_one_brings_a_file_in(large):
    client, data = large
    send(client, data)
    make_files()
    client.post(reverse("account_data:import-finish"))
    now = timezone.now()
    slow = services.take_next(now=now)
    heir = services.take_next(now=now + services.LEASE)
    assert not services.work_on(file=slow, clock=lambda: now)
    assert not Goal.objects.filter(plan__user=owner_of(client)).exists()
    assert services.work_on(file=heir, clock=lambda: now)
    assert not services.work_on(file=heir, clock=lambda: now)
    assert Goal.objects.filter(plan__user=owner_of(client)).count() == 1


def test_a_file_that_is_discarded_while_a_worker_is_at_it_brings_nothing(large):
    client, data = large
    send(client, data)
    file = services.take_next(now=timezone.now())
    client.post(reverse("account_data:import-discard"))
    assert not services.work_on(file=file, clock=timezone.now)
    assert not DataFile.objects.filter(way="in").exists()


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_costs_the_same_whatever_there_is(user, signed_in, django_assert_num_queries, many):
    goal = make_goal(user)
    add_steps(goal, *("More" for _ in range(many)))
    signed_in.get(reverse("account_data:home"))
    with django_assert_num_queries(3):
        signed_in.get(reverse("account_data:home"))
