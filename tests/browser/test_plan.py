"""The pages of the plan in a browser: looked at by a machine, and the way through a pause without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import open_context
from tests.browser.looks import check

pytestmark = [pytest.mark.browser, pytest.mark.stack]

PAGES = {
    "plan": "/plan/",
    "edit plan": "/plan/edit/",
    "pause": "/plan/pause/",
    "catch up": "/plan/catch-up/",
    "new chapter": "/plan/new/",
    "chapters": "/plan/earlier/",
    "as it stood": "/plan/snapshot/?on=2026-01-01",
    "what changed": "/plan/changes/",
    "every change": "/plan/changes/every/",
}


def test_pages_of_the_plan(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    assert check(context, PAGES) == []


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)])
def test_a_priority_moves_and_a_pause_is_shown_made_and_ended(
    stack: Stack, browser: Browser, ruths_cookies: list, script: bool, width: int
) -> None:
    context = open_context(browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/plan/edit/")
    second = page.locator("#id_priority_2").input_value()
    page.get_by_role("button", name="Move up: Priority 2").click()
    expect(page.locator("#id_priority_1")).to_have_value(second)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Changes saved.")).to_be_visible()
    expect(page.locator(".cp-vision-first li").first).to_have_text(second)

    page.goto("/plan/pause/")
    page.locator("#id_ends_on").fill("2099-12-31")
    page.get_by_text("Leave or holidays").click()
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_text("A pause can last 2 years at most.").first).to_be_visible()
    page.locator("#id_ends_on").fill(page.locator("#id_starts_on").input_value())
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("heading", name=re.compile("moves"))).to_be_visible()
    page.get_by_role("button", name="Pause the plan").click()
    expect(page.get_by_text("Your plan is paused")).to_be_visible()
    page.get_by_role("button", name="Cancel the pause").click()
    expect(page.get_by_text("Pause cancelled")).to_be_visible()
    context.close()
