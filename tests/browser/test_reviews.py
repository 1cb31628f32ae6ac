"""A review from the prompt to its summary, with and without JavaScript, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import Complaints, open_context, sign_in
from tests.browser.looks import WAYS, look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def signed_in(context: BrowserContext, product: StackProcess, stack: Stack) -> Page:
    """A user of this module with two goals, so that other tests cannot change the review."""
    return sign_in(context, product, stack, product.call(people.make_person_with_goals))


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_review_is_started_left_resumed_and_finished(
    stack: Stack, product: StackProcess, browser: Browser, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = signed_in(context, product, stack)
    page.goto("/reviews/")
    page.get_by_role("button", name="Review your plan now").click()
    expect(page.get_by_role("heading", level=1, name="Give four talks")).to_be_visible()
    page.get_by_label("What is the number now?").fill("2")
    page.get_by_label("A little behind").check()
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    page.get_by_role("link", name="Continue the review").click()
    expect(page.get_by_label("What is the number now?")).to_have_value("2")
    expect(page.get_by_label("A little behind")).to_be_checked()
    page.get_by_text("Change nothing").click()
    page.get_by_role("button", name="Next goal").click()
    page.get_by_label("On track", exact=True).check()
    page.get_by_text("Split it", exact=True).click()
    page.get_by_role("button", name="Your whole plan").last.click()
    page.get_by_label("What went well?").fill("Both talks")
    page.get_by_role("button", name="Finish the review").click()
    expect(page.get_by_role("heading", level=1, name="1 on track, 1 behind")).to_be_visible()
    expect(page.get_by_role("cell", name="2 of 4 talks")).to_be_visible()
    expect(page.get_by_role("link", name="Split it")).to_have_attribute("href", re.compile("split="))
    page.goto("/reviews/")
    expect(page.get_by_role("img", name="Reached: 0. Open and on track: 1. Open and behind: 1.")).to_be_visible()
    context.close()


def test_what_is_typed_is_kept_without_pressing_anything(stack: Stack, product: StackProcess, browser: Browser) -> None:
    context = open_context(browser, stack)
    page = signed_in(context, product, stack)
    page.goto("/reviews/")
    page.get_by_role("button", name="Review your plan now").click()
    page.get_by_label("What is the number now?").fill("3")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Reason or note").fill("Half a thought")
    elsewhere = context.new_page()
    elsewhere.goto("/reviews/current/1/")
    expect(elsewhere.get_by_label("Reason or note")).to_have_value("Half a thought")
    expect(elsewhere.get_by_label("What is the number now?")).to_have_value("3")
    context.close()


def test_a_figure_that_cannot_be_read_waits_for_who_closed_the_browser(
    stack: Stack, product: StackProcess, browser: Browser
) -> None:
    context = open_context(browser, stack)
    page = signed_in(context, product, stack)
    page.goto("/reviews/")
    page.get_by_role("button", name="Review your plan now").click()
    page.get_by_label("On track", exact=True).check()
    page.get_by_text("Change nothing").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("What is the number now?").fill("1 1/2x")
    page.close()
    later = context.new_page()
    later.goto("/reviews/current/")
    expect(later.get_by_label("What is the number now?")).to_have_value("1 1/2x")
    expect(later.get_by_text("Not recorded: Enter a number, such as 35 or 3.5.")).to_be_visible()
    wrong = look_at(later, "a figure that waits")
    context.close()
    assert wrong == []


def test_the_pages_of_a_review_are_looked_at(stack: Stack, product: StackProcess, browser: Browser) -> None:
    context = open_context(browser, stack)
    page = signed_in(context, product, stack)
    complaints = Complaints(page)
    page.goto("/reviews/")
    wrong = look_at(page, "reviews, none yet")
    page.get_by_role("button", name="Review your plan now").click()
    page.get_by_text("Change the date or the target").click()
    wrong += look_at(page, "a goal")
    page.get_by_label("What is the number now?").fill("many")
    page.get_by_role("button", name="Next goal").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += look_at(page, "a goal with an error")
    page.goto("/reviews/current/overall/")
    wrong += look_at(page, "the plan as a whole")
    page.get_by_role("button", name="Finish the review").click()
    expect(page.get_by_role("heading", name="Goal by goal")).to_be_visible()
    wrong += look_at(page, "summary")
    for address in ("/reviews/", "/reviews/schedule/"):
        page.goto(address)
        wrong += look_at(page, address)
    assert wrong + complaints.found == []
    context.close()
