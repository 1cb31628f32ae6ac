"""Files that a worker checks and imports, because they are too large for a request."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.account_data import queries, services
from careerplan.account_data.models import DataChunk, DataFile
from careerplan.account_data.tasks import process_files
from careerplan.core import jobs
from careerplan.goals.models import Goal
from tests.account_data.pages import content, export, send
from tests.factories.accounts import UserFactory
from tests.factories.data import make_data_file
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(user, signed_in, monkeypatch):
    """A browser of a user with a file above the size limit, and that file."""
    make_goal(user, title="Of the file")
    data = json.loads(content(export(signed_in)))
    monkeypatch.setattr(queries, "IMMEDIATE_ROWS", 1)
    client = Client()
    client.force_login(UserFactory())
    return client, data


def owner_of(client):
    return int(client.session["_auth_user_id"])


def page_of(client):
    return client.get(reverse("account_data:import"))


def file_on_page(client):
    return page_of(client).context["file"]


def test_large_file_is_checked_and_imported_by_a_worker(large):
    client, data = large
    file = send(client, data).context["file"]
    assert (file.is_waiting, file.is_confirmed) == (True, False)
    process_files()
    assert "Of the file" not in Goal.objects.filter(plan__user=owner_of(client)).values_list("title", flat=True)
    assert file_on_page(client).is_ready
    for _ in range(2):
        assert client.post(reverse("account_data:import-finish")).url == reverse("account_data:import")
        file = file_on_page(client)
        assert (file.is_waiting, file.is_confirmed) == (True, True)
        assert page_of(client).context["percent"] == 0
    process_files()
    process_files()
    assert Goal.objects.get(plan__user=owner_of(client)).title == "Of the file"
    assert file_on_page(client).is_imported
    assert not DataChunk.objects.exists()
    client.post(reverse("account_data:import-finish"))
    client.post(reverse("account_data:import-discard"))
    assert file_on_page(client).is_imported
    assert Goal.objects.filter(plan__user=owner_of(client)).count() == 1


def mails(client, mail_box):
    return mail_box.to(User.objects.get(pk=owner_of(client)).email)


def pages_in_mails(client, mail_box):
    """The page that each email leads to."""
    texts = [mail.get_body(("plain",)).get_content() for mail in mails(client, mail_box)]
    return ["account_data:import" if reverse("account_data:import") in text else "plans:plan" for text in texts]


def test_large_import_is_announced_once_in_each_state(large, mail_box):
    client, data = large
    send(client, data)
    process_files()
    process_files()
    assert pages_in_mails(client, mail_box) == ["account_data:import"]
    client.post(reverse("account_data:import-finish"))
    process_files()
    process_files()
    assert pages_in_mails(client, mail_box)[1:] == ["plans:plan"]
    said = "".join(part.get_content() for part in mails(client, mail_box)[-1].iter_parts())
    assert said.count(reverse("plans:plan")) >= 2  # in the text and in the HTML
    assert "Of the file" not in said


@pytest.mark.parametrize("damaged", [False, True])
def test_file_over_a_megabyte_is_not_read_in_the_request(user, signed_in, monkeypatch, damaged):
    make_goal(user, title="Of the file")
    data = content(export(signed_in))
    client = Client()
    client.force_login(UserFactory())
    with monkeypatch.context() as patched:
        patched.setattr(services, "import_file", None)  # a call would fail
        space = b" " * queries.IMMEDIATE_BYTES
        assert send(client, space + (data[:-2] if damaged else data)).context["file"].is_waiting
    process_files()
    assert bool(file_on_page(client).rejected) == damaged
    if not damaged:
        client.post(reverse("account_data:import-finish"))
        assert not Goal.objects.filter(plan__user=owner_of(client)).exists()
        process_files()
        assert Goal.objects.get(plan__user=owner_of(client)).title == "Of the file"


def test_rejected_or_failed_large_import_is_announced(large, mail_box, monkeypatch):
    client, data = large
    send(client, data | {"steps": [*data["steps"], {}]})
    process_files()
    assert pages_in_mails(client, mail_box) == ["account_data:import"]
    send(client, data)
    DataFile.objects.update(attempts=services.MAX_ATTEMPTS)
    process_files()
    assert pages_in_mails(client, mail_box) == ["account_data:import"] * 2
    monkeypatch.setattr(queries, "IMMEDIATE_ROWS", 1_000)
    send(client, data)
    process_files()
    client.post(reverse("account_data:import-finish"))
    process_files()
    assert len(mails(client, mail_box)) == 2


@pytest.mark.parametrize("step", ["claim", "release"])
def test_state_that_changed_during_the_email_is_announced(large, mail_box, step):
    client, data = large
    send(client, data)
    now = timezone.now()
    services.process_file(file=services.claim_next(now=now), clock=lambda: now)
    (ready,) = services.files_to_announce()
    if step == "release":
        assert services.claim_announcement(file=ready, now=now)
    client.post(reverse("account_data:import-finish"))
    if step == "claim":
        assert not services.claim_announcement(file=ready, now=now)
    process_files()
    services.release_announcement(file=ready, claimed_at=now)
    process_files()
    assert pages_in_mails(client, mail_box) == ["plans:plan"]


def test_file_is_announced_by_one_of_two_tasks(user):
    make_data_file(user)
    now = timezone.now()
    (first,), (second,) = services.files_to_announce(), services.files_to_announce()
    assert services.claim_announcement(file=first, now=now)
    assert not services.claim_announcement(file=second, now=now)
    assert services.files_to_announce() == []


def test_run_that_takes_too_long_leaves_files_to_the_next(user, other_user, monkeypatch):
    for owner in (user, other_user):
        services.request_export(user=owner, now=timezone.now())
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "RUN_LIMIT", timedelta())
        process_files()
    assert DataFile.objects.filter(state="waiting", attempts=0).count() == 2
    process_files()
    assert DataFile.objects.filter(state="ready").count() == 2


def test_large_file_is_rejected_by_the_worker(large):
    client, data = large
    data["steps"][-1]["due_on"] = "soon"
    send(client, data)
    process_files()
    assert file_on_page(client).rejected.startswith("steps, entry 1, due_on: ")
    assert "<title>Error:" in page_of(client).text
    assert not Goal.objects.filter(plan__user=owner_of(client)).exists()
    assert not DataChunk.objects.exists()


def test_large_file_with_a_wrong_start_is_rejected_at_once(large):
    client, data = large
    form = send(client, data | {"version": 3}).context["form"]
    assert form.errors["file"][0].startswith("version: ")
    assert not DataFile.objects.filter(direction="in").exists()


def test_active_plan_is_chosen_for_a_large_file(large):
    client, data = large
    make_goal(User.objects.get(pk=owner_of(client)), title="Here already")
    send(client, data)
    process_files()
    assert file_on_page(client).summary["keeps_own_plan"]
    client.post(reverse("account_data:import-finish"), {"active": "imported"})
    process_files()
    assert Goal.objects.get(plan__user=owner_of(client), plan__state="active").title == "Of the file"


def test_only_one_of_two_workers_imports_a_file(large):
    client, data = large
    send(client, data)
    process_files()
    client.post(reverse("account_data:import-finish"))
    now = timezone.now()
    slow = services.claim_next(now=now)
    heir = services.claim_next(now=now + services.LEASE)
    assert not services.process_file(file=slow, clock=lambda: now)
    assert not Goal.objects.filter(plan__user=owner_of(client)).exists()
    assert services.process_file(file=heir, clock=lambda: now)
    assert not services.process_file(file=heir, clock=lambda: now)
    assert Goal.objects.filter(plan__user=owner_of(client)).count() == 1


def test_file_discarded_during_work_is_not_imported(large):
    client, data = large
    send(client, data)
    file = services.claim_next(now=timezone.now())
    client.post(reverse("account_data:import-discard"))
    assert not services.process_file(file=file, clock=timezone.now)
    assert not DataFile.objects.filter(direction="in").exists()
