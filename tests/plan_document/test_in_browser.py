"""What is said of a large file while a worker has it and afterwards, with and without JavaScript."""

import io

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from careerplan.account_data import queries, services
from careerplan.account_data.models import DataFile
from careerplan.account_data.tasks import make_files
from careerplan.goals.models import Goal
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSED = "steps, entry 1, due_on: It is not written as a day."
# What the page says in each state, and the row behind it.
STATES = {
    "Your file is being looked at: 37 % are read.": {"state": "waiting", "size": 100},
    "Your file is being brought in: 37 % are read.": {"state": "waiting", "size": 100, "replace_active": False},
    "Everything is brought in. 2 goals came along.": {"state": "done", "counts": {"goals": 2}},
    f"The file is not taken. {REFUSED} Nothing is changed.": {"state": "refused", "refused": REFUSED},
    "The file could not be brought in. Nothing is changed.": {"state": "failed"},
}


def test_every_state_is_accessible(open_page):
    user = UserFactory()
    page = open_page(user)
    for said, row in STATES.items():
        DataFile.objects.all().delete()
        own = {name: row[name] for name in row.keys() & {"state", "size"}}
        now = timezone.now()
        file = DataFile.objects.create(
            user=user,
            way=DataFile.Way.IN,
            asked_at=now,
            not_before=now,
            expires_at=now + services.IMPORT_KEPT,
            summary={name: value for name, value in row.items() if name not in own},
            **own,
        )
        cache.set(queries.progress_key(file), 37, 60)
        page.goto("/data/import/")
        expect(page.get_by_role("main")).to_contain_text(said)
        before = page.get_by_text("You see what is in the file before anything is changed.")
        expect(before).to_have_count(0 if "brought in" in said and "could not" not in said else 1)
        check(page)


def choose(page: Page, file: bytes) -> None:
    page.goto("/data/")
    page.get_by_label("File").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": file})
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("status")).to_contain_text("Your file is being looked at")


@pytest.mark.parametrize(("java_script", "width"), [(True, 1280), (False, 360)])
def test_a_large_file_is_left_to_a_worker_and_called_off_or_brought_in(
    open_page, mail_box, monkeypatch, java_script, width
):
    monkeypatch.setattr(queries, "AT_ONCE_ROWS", 1)
    monkeypatch.setattr("careerplan.account_data.views.wake", lambda task: None)
    with io.BytesIO() as out:
        services.write_export(make_goal(UserFactory(), now=timezone.now()).plan.user, out, now=timezone.now())
        file = out.getvalue()
    user = UserFactory()
    page = open_page(user, java_script_enabled=java_script, viewport={"width": width, "height": 800})
    choose(page, file)
    page.get_by_role("button", name="Do not bring it in").click()
    expect(page.get_by_text("The file is removed. Nothing was brought in.")).to_be_visible()
    make_files()
    choose(page, file)
    make_files()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Bring it in", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your file is being brought in")
    make_files()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("1 goal came along.")).to_be_visible()
    page.get_by_role("link", name="To the plan").click()
    page.wait_for_url("**/plan/")
    assert Goal.objects.filter(plan__user=user).count() == 1
