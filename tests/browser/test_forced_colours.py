"""With Windows' high contrast, what is checked looks different from what is not, pixel by pixel."""

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser.closer_looks import picture
from tests.browser.conftest import open_context
from tests.browser.looks import address

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# A page, and what is drawn by us there: it has the field in it.
KINDS = {
    "picks": ("first goal, reached/", ".cp-picks > span"),
    "five": ("first goal, reached/", ".cp-scale > div"),
    "segments": ("/goals/new/", ".cp-segments:has(input)"),
    "checkbox": ("/goals/steps/?several=1", ".cp-row:has(input[type=checkbox])"),
}


def test_checked_things_look_checked_in_forced_colours(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, forced_colors="active")
    context.add_cookies(ruths_cookies)
    page, same = context.new_page(), []
    for kind, (where, place) in KINDS.items():
        page.goto(address(page, where))
        drawn = page.locator(place).first
        field = drawn.locator("input:not(:checked)").first
        before = picture(page, drawn)
        field.press("Space")
        expect(drawn.locator("input:checked"), kind).to_have_count(1)
        if picture(page, drawn) == before:
            same.append(kind)
    assert not same
    context.close()
