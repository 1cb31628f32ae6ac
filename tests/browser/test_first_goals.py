"""From the results to a plan in three clicks, and the same page looked at in every state."""

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import Complaints, open_context, sign_in
from tests.browser.looks import look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_from_the_results_to_a_plan_in_three_clicks(stack: Stack, product: StackProcess, browser: Browser) -> None:
    context = open_context(browser, stack)
    page = sign_in(context, product, stack, product.call(people.make_person_with_gaps))
    complaints = Complaints(page)
    page.goto("/today/")
    page.get_by_role("link", name="See your results").click()
    page.get_by_role("link", name="Choose your first goals").click()
    page.wait_for_url("**/goals/first/")
    wrong = look_at(page, "first goals")
    titles = page.locator(".cp-offers h2 label").all_inner_texts()
    page.get_by_role("button", name=f"Add these {len(titles)} goals").click()
    expect(page.locator(".cp-messages")).to_contain_text(f"{len(titles)} goals added")
    for title in titles:
        expect(page.get_by_text(title, exact=True).first).to_be_visible()
    assert wrong + complaints.found == []
    context.close()


def test_an_error_opens_its_goal_and_takes_the_focus(stack: Stack, product: StackProcess, browser: Browser) -> None:
    context = open_context(browser, stack)
    page = sign_in(context, product, stack, product.call(people.make_person_with_gaps))
    complaints = Complaints(page)
    page.goto("/goals/first/")
    page.locator(".cp-offers > li > input[type=checkbox]").nth(2).uncheck()
    page.locator(".cp-offers summary").first.click()
    page.get_by_label("What is your goal?").first.fill("")
    page.get_by_role("button", name="Add these 2 goals").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("What is your goal?").first).to_be_visible()
    wrong = look_at(page, "first goals with an error")
    assert wrong + complaints.found == []
    context.close()
