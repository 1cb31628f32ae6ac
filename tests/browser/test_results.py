"""Results without a target, and beside an occupation that is not rated: looked at like every page."""

import re

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import Complaints, open_context, sign_in
from tests.browser.looks import look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]
TWO_SCREENS = 2 * 800  # pixels, at a width of 1280


@pytest.fixture(scope="module")
def undecided(product: StackProcess) -> dict:
    """A user without a target, an occupation that is not rated, and one with rough figures."""
    return product.call(people.make_undecided_person)


def test_results_without_a_target(stack: Stack, product: StackProcess, browser: Browser, undecided: dict) -> None:
    context = open_context(browser, stack)
    page = sign_in(context, product, stack, undecided["email"])
    complaints = Complaints(page)
    page.goto("/skills/results/gaps/")
    expect(page.get_by_role("heading", name="Choose a target role")).to_be_visible()
    wrong = look_at(page, "without a target")
    for view in ("", "gaps/", "occupations/"):
        page.goto(f"/skills/results/{view}")
        assert page.evaluate("document.documentElement.scrollHeight") <= TWO_SCREENS
    page.goto(f"/skills/results/gaps/?occupation={undecided['unrated']}")
    expect(page.get_by_text("no levels for")).to_be_visible()
    wrong += look_at(page, "not rated")
    page.goto(f"/skills/results/gaps/?occupation={undecided['rough']}")
    expect(page.get_by_text("rough estimate", exact=True).first).to_be_visible()
    page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
    wrong += look_at(page, "rough estimates, everything open")
    assert wrong + complaints.found == []
    context.close()


def test_each_view_of_results_with_a_target_takes_at_most_two_screens(
    stack: Stack, browser: Browser, ruths_cookies: list
) -> None:
    context = open_context(browser, stack, viewport={"width": 1280, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    for view in ("", "gaps/", "occupations/"):
        page.goto(f"/skills/results/{view}")
        assert page.evaluate("document.documentElement.scrollHeight") <= TWO_SCREENS
    context.close()


def test_from_a_fit_to_its_gaps_to_a_goal_without_javascript(
    stack: Stack, product: StackProcess, browser: Browser, undecided: dict
) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = sign_in(context, product, stack, undecided["email"])
    page.goto("/skills/results/occupations/")
    page.locator("details:has(.cp-third) > summary").click()  # without a target the fields come first
    page.locator(".cp-third > .cp-occs .cp-occ-name a").last.click()
    page.wait_for_url("**/gaps/**")
    gaps = page.url
    page.get_by_role("link", name="Make this a goal").first.click()
    page.get_by_role("button", name="Save goal").click()
    page.wait_for_url(re.compile(r"/goals/\d+/$"))
    title = page.get_by_role("heading", level=1).inner_text()
    page.goto(gaps)
    assert title in page.content()
    context.close()
