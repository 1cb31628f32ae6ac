"""Undo an import: what it made is deleted, rows that others build on stay, no other user is affected."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.account_data.importer import import_file
from careerplan.account_data.models import DataImport
from careerplan.account_data.services import delete_expired
from careerplan.account_data.texts import SECTION_LABELS
from careerplan.account_data.undo import preview_undo, undo_import
from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment
from tests.account_data.test_round_trip import NOW, exported
from tests.database import fingerprint, undone
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.factories.whole import make_whole_account

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def file(django_db_setup, django_db_blocker):
    """The export of an account of everything, which is no longer there; what the catalogue holds for it is."""
    with django_db_blocker.unblock(), undone():
        owner = make_whole_account(UserFactory())
        data = json.dumps(exported(owner)).encode()
        owner.delete()
        yield data


def imported(user, file, **kwargs):
    with transaction.atomic():
        import_file(user=user, file=io.BytesIO(file), now=NOW, checksum="c" * 64, **kwargs)
    return DataImport.objects.for_user(user).latest("pk")


def test_untouched_import_is_undone_completely(user, file):
    make_goal(user, title="My own")
    before = fingerprint()
    record = imported(user, file)
    preview = undo_import(record=record, now=NOW)
    assert (preview.kept, preview.kept_skills) == ([], [])
    assert preview.deleted["plans"] == 2
    assert fingerprint() == before


def test_replaced_plan_is_active_again(user, file):
    own = make_goal(user, title="My own").plan
    record = imported(user, file, replace_active=True)
    own.refresh_from_db()
    assert own.state == Plan.State.ARCHIVED
    undo_import(record=record, now=NOW)
    own.refresh_from_db()
    assert (own.state, own.archived_at) == (Plan.State.ACTIVE, None)
    assert Plan.objects.filter(user=user).count() == 1


def test_changed_plan_is_not_undone_and_the_reason_is_shown(user, file):
    record = imported(user, file)
    goal = Goal.objects.filter(plan__user=user, plan__state="active", state="active").first()
    count = Goal.objects.filter(plan=goal.plan).count()
    Goal.objects.filter(pk=goal.pk).update(title="Changed since")
    preview = preview_undo(record)
    assert [(title, sections) for title, sections in preview.kept] == [(goal.plan.title, ["goals"])]
    undo_import(record=record, now=NOW)
    assert list(Plan.objects.filter(user=user)) == [goal.plan]
    assert Goal.objects.filter(plan=goal.plan).count() == count
    assert not Assessment.objects.filter(user=user).exists()


def test_plan_with_an_added_goal_is_not_undone(user, file):
    record = imported(user, file)
    make_goal(user, title="Added since")
    assert [sections for _title, sections in preview_undo(record).kept] == [["goals", "steps"]]


def test_skill_used_elsewhere_is_not_deleted(user, file):
    record = imported(user, file)
    Goal.objects.filter(plan__user=user, plan__state="active").first().skills.add(Skill.objects.for_user(user).get())
    preview = undo_import(record=record, now=NOW)
    assert preview.kept_skills == [Skill.objects.for_user(user).get().name]


def test_import_can_be_undone_once_and_for_30_days(user, file):
    record = imported(user, file)
    assert undo_import(record=record, now=NOW + timedelta(days=31)) is None
    assert undo_import(record=record, now=NOW + timedelta(days=29)) is not None
    assert undo_import(record=record, now=NOW + timedelta(days=29)) is None


def test_expired_import_record_is_deleted_without_its_rows(user, file):
    imported(user, file)
    delete_expired(now=NOW + timedelta(days=31))
    assert not DataImport.objects.exists()
    assert Plan.objects.filter(user=user).count() == 2


def send(client, file):
    return client.post(reverse("account_data:import"), {"file": SimpleUploadedFile("e.json", file)}, follow=True)


def test_importing_the_same_file_again_is_noticed_before_anything_is_written(user, signed_in, file):
    first = send(signed_in, file)
    assert first.context["previous"] is None
    assert not any(row.present for row in first.context["contents"])
    signed_in.post(reverse("account_data:import-finish"))
    count = Goal.objects.for_user(user).count()
    again = send(signed_in, file)
    assert again.context["previous"] == DataImport.objects.get()
    assert [row.new for row in again.context["contents"]] == [0] * len(again.context["contents"])
    assert Goal.objects.for_user(user).count() == count


def test_newer_file_of_the_same_account_shows_new_rows(user, signed_in, file):
    send(signed_in, file)
    signed_in.post(reverse("account_data:import-finish"))
    data = json.loads(file)
    new = {"id": 10**6, "value": "7", "form_key": str(uuid4())}
    data["progress_entries"].append(data["progress_entries"][-1] | new)
    page = send(signed_in, json.dumps(data).encode())
    assert page.context["previous"] is None
    progress = next(row for row in page.context["contents"] if row.label == SECTION_LABELS["progress_entries"])
    assert (progress.new, progress.present) == (1, len(data["progress_entries"]) - 1)


def test_pages_of_undoing_an_import(user, signed_in, file):
    send(signed_in, file)
    signed_in.post(reverse("account_data:import-finish"))
    record = DataImport.objects.get()
    assert list(signed_in.get(reverse("account_data:home")).context["imports"]) == [record]
    page = signed_in.get(reverse("account_data:import-record", args=[record.pk]))
    assert page.context["contents"]
    assert signed_in.get(reverse("account_data:import-undo", args=[record.pk])).status_code == 405
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(reverse("account_data:import-undo", args=[record.pk])).status_code == 404
    assert stranger.get(reverse("account_data:import-record", args=[record.pk])).status_code == 404
    assert signed_in.post(reverse("account_data:import-undo", args=[record.pk])).url == reverse("account_data:home")
    assert not Plan.objects.filter(user=user).exists()
    assert record.expires_at - timezone.now() > timedelta(days=29)
