"""An email answered in a browser without a session and without JavaScript, on a phone; nothing found by axe."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture
def links(product: StackProcess) -> dict[str, str]:
    return product.call(people.make_email_links)


@pytest.fixture
def page(stack: Stack, browser: Browser) -> Iterator[Page]:
    context = open_context(browser, stack, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    complaints = Complaints(page)
    yield page
    assert complaints.found == []
    context.close()


def test_a_mail_is_answered(page: Page, links: dict[str, str]) -> None:
    page.goto(links["shoes"] + "stuck/")
    page.get_by_label("What is in the way?").fill("No money before Friday")
    page.get_by_label("What smaller step can you take first?").fill("Ask Ada for hers")
    page.get_by_role("button", name="Add the smaller step").click()
    expect(page.get_by_role("heading", name="This is your next step")).to_be_visible()
    expect(page.get_by_text("Ask Ada for hers")).to_be_visible()
    page.goto(links["shoes"] + "stuck/")
    expect(page.get_by_text("Ask Ada for hers")).to_be_visible()

    page.goto(links["shoes"] + "done/")
    page.get_by_role("link", name="Move by a week").click()
    page.get_by_role("button", name="Move the date").click()
    expect(page.get_by_role("heading", name="Date moved")).to_be_visible()
    page.goto(links["shoes"] + "week/")
    expect(page.get_by_role("heading", name="The date has already moved")).to_be_visible()

    page.goto(links["shoes"] + "done/")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("heading", name="Was it worth your time and effort?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^4")).press("Space")  # a click could meet the fading last page
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    page.goto(links["shoes"] + "done/")
    expect(page.get_by_role("heading", name="This step is already done")).to_be_visible()

    page.goto(links["group"] + "let-go/")
    page.get_by_role("button", name="Drop this step").click()
    expect(page.get_by_role("heading", name="Step dropped")).to_be_visible()

    page.goto(links["goal"] + "done/")
    page.get_by_role("radio", name="Partly reached").press("Space")
    page.get_by_role("button", name="Close the goal").click()
    expect(page.get_by_role("heading", name="Partly reached")).to_be_visible()

    page.get_by_role("link", name="Open in Careerplan").click()  # none of that signed the user in
    expect(page).to_have_url(re.compile("/account/login/"))


def test_the_pages_behind_a_mail(stack: Stack, browser: Browser, links: dict[str, str]) -> None:
    context = open_context(browser, stack)
    page = context.new_page()
    complaints = Complaints(page)
    wrong: list[str] = []
    for where in (
        *(links["shoes"] + answer for answer in ("done/", "week/", "stuck/", "let-go/", "worth/")),
        *(links["goal"] + answer for answer in ("done/", "week/", "stuck/", "let-go/")),
        *(links["rule"] + answer for answer in ("so/", "week/")),
        "/r/17.740045.s1.740050." + "0" * 32 + "/done/",
    ):
        page.goto(where)
        wrong += look_at(page, re.sub(r"\.[0-9a-f]{32}", "", where))
    page.goto(links["shoes"] + "stuck/")
    page.get_by_role("button", name="Add the smaller step").click()
    expect(page).to_have_title(re.compile("^Error: I am stuck"))
    wrong += look_at(page, "stuck with errors")
    page.goto(links["goal"] + "done/")
    page.get_by_role("button", name="Close the goal").click()
    expect(page).to_have_title(re.compile("^Error: Close this goal"))
    wrong += look_at(page, "reached with errors")
    page.goto(links["shoes"] + "done/")
    page.get_by_role("button", name="Mark as done").click()
    expect(page).to_have_title(re.compile("^Rate this step"))
    wrong += look_at(page, "done, and worth it?")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: Rate this step"))
    wrong += look_at(page, "a verdict that is missing")
    assert wrong + complaints.found == []
    context.close()
