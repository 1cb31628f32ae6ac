"""The pages of a large import while a worker has it and afterwards, with and without JavaScript."""

import io

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from careerplan.account_data import queries, services
from careerplan.account_data.exporter import write_export
from careerplan.account_data.models import DataFile
from careerplan.account_data.tasks import process_files
from careerplan.goals.models import Goal
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REJECTED = "steps, entry 1, due_on: This value has the wrong format."
# The row behind each state of the page, and whether the page still has the form.
STATES = [
    ({"state": "waiting", "size": 100}, False),
    ({"state": "waiting", "size": 100, "replace_active": False}, False),
    ({"state": "done", "counts": {"goals": 2}}, True),
    ({"state": "rejected", "rejected": REJECTED}, True),
    ({"state": "failed"}, True),
]


def test_every_state_of_an_import_is_accessible(open_page):
    user = UserFactory()
    page = open_page(user)
    for row, has_form in STATES:
        DataFile.objects.all().delete()
        own = {name: row[name] for name in row.keys() & {"state", "size"}}
        now = timezone.now()
        file = DataFile.objects.create(
            user=user,
            direction=DataFile.Direction.IN,
            requested_at=now,
            not_before=now,
            expires_at=now + services.IMPORT_LIFETIME,
            summary={name: value for name, value in row.items() if name not in own},
            **own,
        )
        cache.set(queries.progress_key(file), 37, 60)
        page.goto("/data/import/")
        expect(page.get_by_role("button", name="Check the file")).to_have_count(1 if has_form else 0)
        check(page)


def choose(page: Page, file: bytes) -> None:
    page.goto("/data/")
    page.get_by_label("File").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": file})
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("status")).to_contain_text("We are checking your file")


@pytest.mark.parametrize(("java_script", "width"), [(True, 1280), (False, 360)])
def test_large_import_is_cancelled_or_finished_by_a_worker(open_page, mail_box, monkeypatch, java_script, width):
    monkeypatch.setattr(queries, "IMMEDIATE_ROWS", 1)
    monkeypatch.setattr("careerplan.account_data.views.enqueue", lambda task: None)
    with io.BytesIO() as out:
        write_export(make_goal(UserFactory(), now=timezone.now()).plan.user, out, now=timezone.now())
        file = out.getvalue()
    user = UserFactory()
    page = open_page(user, java_script_enabled=java_script, viewport={"width": width, "height": 800})
    choose(page, file)
    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("File deleted.")).to_be_visible()
    process_files()
    choose(page, file)
    process_files()
    page.get_by_role("link", name="Show progress").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("We are importing your file")
    process_files()
    page.get_by_role("link", name="Show progress").click()
    expect(page.get_by_test_id("import-finished")).to_be_visible()
    page.get_by_role("link", name="Go to your plan").click()
    page.wait_for_url("**/plan/")
    assert Goal.objects.filter(plan__user=user).count() == 1
