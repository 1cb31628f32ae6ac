"""Steps in a browser: planned, ordered, done and judged, with and without JavaScript; nothing found by axe."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture
def page(stack: Stack, browser: Browser, ruths_cookies: list, width: int, *, script: bool) -> Iterator[Page]:
    context = open_context(browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    yield page
    assert complaints.found == []
    context.close()


def make_goal(page: Page, title: str) -> str:
    """A goal with its first step, "Borrow the book"; gives the address of its page."""
    page.goto("/goals/new/")
    page.get_by_label("What is your goal?").fill(title)
    page.get_by_text("Yes or no").click()
    page.get_by_label("What counts as done?").fill("My notes on it are written")
    page.locator("#id_due_on").fill("2099-12-31")
    page.get_by_label("What will you do?").fill("Borrow the book")
    page.get_by_label("Due date of the step").fill("2099-01-31")
    page.get_by_role("button", name="Save goal").click()
    page.wait_for_url(lambda url: "/new/" not in url)
    return page.url


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_step_is_planned_ordered_done_and_judged(page: Page, width: int, *, script: bool) -> None:
    goal = make_goal(page, "Read one book on staffing")

    # One more step, with what it takes; a row is added on the way.
    page.get_by_role("link", name="Use the full form").click()
    page.get_by_label("What will you do?").fill("Read the book")
    page.get_by_label("Due date of the step").fill("2099-02-28")
    page.get_by_label("Effort in hours").fill("5")
    page.get_by_label("Kind of step").select_option("study")
    page.get_by_text("What do you need?").click()
    page.locator("#id_resources-0-kind").select_option("money")
    page.locator("#id_resources-0-description").fill("The library's fee")
    page.locator("#id_resources-0-cost").fill("8.5")
    page.get_by_role("button", name="Add another").click()
    expect(page.locator("#id_resources-0-description")).to_have_value("The library's fee")
    expect(page.locator("#id_resources-2-description")).to_be_visible()
    page.get_by_label("What will you do?").press("Enter")  # saves, rather than adding one more row
    expect(page.get_by_text("Step added.")).to_be_visible()

    # Got hold of in one click.
    page.get_by_role("button", name=re.compile("Needed.*The library's fee")).click()
    expect(page.get_by_role("button", name=re.compile("Asked for.*The library's fee"))).to_be_visible()

    # The order, by the buttons; the focus stays where it was.
    page.get_by_role("link", name="Change the order of steps").click()
    expect(page.locator(".cp-step-title")).to_have_text(["Borrow the book", "Read the book"])
    page.get_by_role("button", name=re.compile("Move up.*Read the book")).press("Enter")
    expect(page.locator(".cp-step-title").first).to_have_text("Read the book")
    expect(page.get_by_role("button", name=re.compile("Move down.*Read the book"))).to_be_focused()
    if script:
        grip = page.locator(".cp-grip").first
        grip.hover()
        page.mouse.down()
        last = page.locator("[data-step]").last.bounding_box()
        assert last
        page.mouse.move(last["x"] + 20, last["y"] + last["height"] - 2, steps=5)
        page.mouse.up()
        expect(page.get_by_text("Saved. The step is now in position 2.")).to_be_visible()
        page.reload()
        expect(page.locator(".cp-step-title")).to_have_text(["Borrow the book", "Read the book"])
    page.get_by_role("link", name="Back to the goal").click()

    # Done, judged; then done, and asked later.
    page.get_by_role("button", name=re.compile("Done.*Read the book")).click()
    page.get_by_role("button", name="Later", exact=True).click()
    page.get_by_role("link", name=re.compile("Rate this step.*Read the book")).click()
    expect(page.get_by_role("heading", name="Was it worth your time and effort?")).to_be_visible()
    expect(page.get_by_text("You planned 5")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^4")).press("Space")
    page.get_by_label("Hours spent").fill("7")
    page.get_by_label("What did you learn?").fill("Half of it would have been enough.")
    page.get_by_role("radio", name="Yes, but differently").press("Space")
    page.get_by_role("button", name="Save").click()
    page.locator("summary", has_text="Done steps").press("Enter")
    expect(page.get_by_text("Worth it: 4 of 5, 7 hours")).to_be_visible()
    page.get_by_role("button", name=re.compile("Done.*Borrow the book")).click()
    page.get_by_role("button", name="Later", exact=True).click()

    # Nothing is left: the goal asks.
    expect(page.get_by_text("Have you reached this goal, or is there a next step?")).to_be_visible()
    assert page.url == goal
    expect(page.get_by_role("link", name=re.compile("Rate this step.*Borrow the book"))).to_be_visible()
    page.get_by_role("link", name="Add the next step").click()
    expect(page.get_by_text("Half of it would have been enough.")).to_be_visible()  # the goal's earlier steps
    if script:
        page.get_by_label("What will you do?").fill("Present the falls audit again")
        page.get_by_label("Due date of the step").focus()
        expect(page.get_by_role("heading", name="Similar steps")).to_be_visible()


def test_the_pages_of_steps(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/goals/")
    goal = page.get_by_role("link", name="Speak to 100 people without notes", exact=True).get_attribute("href") or ""
    page.goto(goal)
    worth = page.get_by_role("link", name=re.compile("Rate this step")).first.get_attribute("href") or ""
    wrong = look_at(page, "goal")
    for where in (goal + "steps/new/", goal + "steps/order/", worth, "/goals/needed/", "/goals/evaluations/"):
        page.goto(where)
        wrong += look_at(page, where)
    page.goto(worth)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: Was it worth it"))
    wrong += look_at(page, "a verdict that is missing")
    page.goto(goal + "steps/new/")
    page.get_by_text("What do you need?").click()
    page.locator("#id_resources-0-cost").fill("dear")
    page.get_by_role("button", name="Save step").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += look_at(page, "a step with errors")
    assert wrong + complaints.found == []
    context.close()
