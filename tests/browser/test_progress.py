"""Progress in two clicks, with and without JavaScript, at a desk and on a phone; the chart looked at like a page."""

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack]

TITLE = "Pass the certificate in healthcare leadership"


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_figure_is_recorded_from_the_list_and_withdrawn(
    stack: Stack, browser: Browser, ruths_cookies: list[dict], width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, viewport={"width": width, "height": 800}, java_script_enabled=script)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/goals/")
    row = page.locator(".cp-goals > li").filter(has_text=TITLE)
    expect(row).to_contain_text("4 of 6 modules")
    row.get_by_role("link", name="Record progress").click()
    page.get_by_label("Now, in modules").fill("5")
    page.get_by_label("Note").fill("Handed in")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("heading", level=1, name="Goals")).to_be_visible()
    expect(row).to_contain_text("5 of 6 modules")
    row.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_text("Chart and all progress").click()
    expect(page.get_by_role("cell", name="Handed in").first).to_be_visible()
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator(".cp-figure")).to_have_text("4 of 6 modules")
    context.close()


def test_the_progress_of_a_goal_with_everything_open(stack: Stack, browser: Browser, ruths_cookies: list[dict]) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/goals/")
    goal = page.get_by_role("link", name="Speak to 100 people without notes", exact=True).get_attribute("href")
    page.goto(f"{goal}#chart")  # a link to what is folded opens it
    expect(page.get_by_role("img", name="Progress in people, ")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("29% done. 64% of the time used.")
    # Menus and dates stay shut: two open ones would overlap, which no user can cause.
    page.evaluate("for (const more of document.querySelectorAll('details:not(.cp-menu, .cp-when)')) more.open = true")
    wrong = look_at(page, "progress")
    page.get_by_label("Now, in people").fill("many")
    page.get_by_role("button", name="Record progress", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert wrong + look_at(page, "record with an error") + complaints.found == []
    context.close()
