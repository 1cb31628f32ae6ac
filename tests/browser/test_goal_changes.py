"""A goal is moved, changed in two tabs and closed, in a browser: with and without JavaScript, wide and narrow."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def new_goal(page: Page, title: str) -> None:
    page.goto("/goals/new/")
    page.get_by_label("What is your goal?").fill(title)
    page.get_by_label("Target").fill("4 talks")
    page.locator("#id_due_on").fill("2099-06-30")
    page.get_by_label("What will you do?").fill("Ask for a slot")
    page.get_by_label("Due date of the step").fill("2099-05-01")
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_goal_is_moved_changed_in_two_tabs_and_closed(
    stack: Stack, browser: Browser, ruths_cookies: list, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, viewport={"width": width, "height": 800}, java_script_enabled=script)
    context.add_cookies(ruths_cookies)
    page, other = context.new_page(), context.new_page()
    complaints = Complaints(page)
    wrong: list[str] = []

    def look(where: str) -> None:
        if script:
            wrong.extend(look_at(page, where))

    new_goal(page, "Get better at giving talks")
    look("goal with a hint")
    page.get_by_role("link", name="Use this wording").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giving talks: from 0 to 4 talks")
    goal = page.url

    page.locator("#main").get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Move the date").click()
    page.get_by_label("New due date").fill("2099-07-30")
    page.get_by_role("button", name="Move the date").click()
    look("move asks")
    step = page.locator("#id_move_steps").get_by_role("checkbox")
    expect(page.locator("#id_move_steps li")).to_contain_text("31 May 2099")
    page.get_by_label("New due date").fill("2099-04-01")
    page.get_by_label("New due date").press("Tab")
    if script:  # the step would be due after its goal
        expect(step).to_be_checked()
    page.get_by_label("New due date").fill("2099-07-30")
    page.get_by_label("New due date").press("Tab")
    expect(step).not_to_be_checked()
    step.check()
    page.get_by_text("Life got in the way").click()
    page.get_by_label("In your own words").fill("The hall was flooded.")
    page.get_by_role("button", name="Move the date").click()
    moved = "Due date moved from 30 Jun 2099 to 30 Jul 2099, with 1 open step."
    page.locator("summary", has_text="History").press("Enter")  # a fold opens with the keyboard, without a script
    expect(page.get_by_text(moved)).to_be_visible()
    expect(page.locator(".cp-step-when").first).to_contain_text("31 May 2099")
    look("goal with history")

    page.goto(f"{goal}edit/")
    other.goto(f"{goal}edit/")
    other.get_by_label("What is your goal?").fill("Give 4 talks")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Give 4 talks")
    page.get_by_label("What is your goal?").fill("Give 4 long talks")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_test_id("conflict")).to_have_count(1)
    look("two tabs")
    page.get_by_label("Keep mine: Give 4 long talks").check()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give 4 long talks")

    page.goto(f"{goal}reached/")
    look("closing")
    page.get_by_label("What did you learn?").fill("Begin with a question.")
    page.locator("#id_worth_3").check()
    page.get_by_role("button", name=re.compile("Mark as (partly )?reached")).click()
    expect(page.get_by_text("Begin with a question.")).to_be_visible()
    expect(page.get_by_text("4 of 5")).to_be_visible()
    look("closed goal")
    assert wrong + complaints.found == []
    context.close()


def test_the_hint_comes_as_the_title_is_left_and_its_wording_is_taken_by_a_click(
    stack: Stack, browser: Browser, ruths_cookies: list
) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/goals/new/")
    title = page.get_by_label("What is your goal?")
    title.fill("Get better at giving talks")
    title.press("Tab")
    expect(page.get_by_role("status").filter(has_text="This is a direction.")).to_be_visible()
    page.get_by_label("Target").fill("4 talks")
    page.get_by_label("Target").press("Tab")
    page.get_by_role("button", name="Use this wording").click()
    expect(title).to_have_value("Giving talks: from 0 to 4 talks")
    expect(page.get_by_text("This is a direction.")).to_have_count(0)
    assert complaints.found == []
    context.close()


def test_a_stop_rule_that_asks_is_answered(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, viewport={"width": 360, "height": 740})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/goals/")
    page.get_by_role("link", name="Be appointed ward manager").click()
    expect(page.get_by_role("heading", name="Keep going or stop?")).to_be_visible()
    assert look_at(page, "stop rule asks") == []
    page.get_by_role("link", name="Give it more time").click()
    expect(page.get_by_role("button", name="Give it more time")).to_be_visible()
    assert look_at(page, "more time") == []
    page.get_by_role("button", name="Give it more time").click()
    expect(page).to_have_title(re.compile("^Error"))
    assert look_at(page, "more time with errors") == []
    context.close()
