"""Taking everything along, bringing it in, and thinking again: with and without JavaScript, narrow and wide."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, confirm_password, open_context
from tests.browser.looks import WAYS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def look_at_a_file(page: Page, folder: Path) -> None:
    """Download everything and choose it to be brought in."""
    page.goto("/account/settings/")
    page.get_by_role("link", name=re.compile("Open your data")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything").click()
        confirm_password(page)
    expect(page.get_by_test_id("download-started")).to_be_visible()
    download.value.save_as(folder / "export.json")
    page.get_by_label("File").set_input_files(folder / "export.json")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Check what the file holds.")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_everything_is_taken_along_and_looked_at_again(
    stack: Stack, browser: Browser, ruths_cookies: list, tmp_path: Path, width: int, *, script: bool
) -> None:
    context = open_context(
        browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800}, accept_downloads=True
    )
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    look_at_a_file(page, tmp_path)
    expect(page.get_by_text("The plan in this account.")).to_be_visible()
    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("File deleted.")).to_be_visible()
    page.get_by_label("File").set_input_files({"name": "x.json", "mimeType": "text/plain", "buffer": b"{"})
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()
    context.close()


def test_the_pages_are_accessible(stack: Stack, browser: Browser, ruths_cookies: list, tmp_path: Path) -> None:
    context = open_context(browser, stack, accept_downloads=True)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    look_at_a_file(page, tmp_path)
    wrong = look_at(page, "preview")
    page.get_by_role("button", name="Cancel the import").click()
    for where in ("/data/", "/data/import/", "/account/delete/"):
        page.goto(where)
        wrong += look_at(page, where)
    context.close()
    assert wrong + complaints.found == []
