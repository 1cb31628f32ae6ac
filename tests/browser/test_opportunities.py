"""An opportunity from the note to the decision, with and without JavaScript, at a desk and on a phone."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at
from tests.browser.test_reviews import signed_in
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]

ADVERT = """We are looking for someone with excellent negotiation and presentation skills.
Basic Excel. Programming is not required."""


def note(page: Page, title: str, closes_on: date | None = None) -> None:
    page.goto("/opportunities/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Organisation").fill("Northgate General Hospital")
    if closes_on:
        page.get_by_label("Closing date").fill(closes_on.isoformat())
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added. Weigh it up when you have time.")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_one_is_noted_weighed_compared_and_decided_on(
    stack: Stack, product: StackProcess, browser: Browser, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = signed_in(context, product, stack)
    note(page, "Ward manager, ward 12", timezone.localdate() + timedelta(days=5))
    note(page, "Deputy ward manager")
    page.get_by_role("link", name="Ward manager, ward 12").click()
    page.get_by_role("link", name="Paste the advert").click()
    page.get_by_label("Text of the advert").fill(ADVERT)
    page.get_by_role("button", name="Find skills").click()
    expect(page.get_by_label("Programming", exact=True)).to_have_count(0)
    page.get_by_label("Negotiating", exact=True).check()
    expect(page.get_by_label("Level needed Negotiating")).to_have_value("4")
    page.get_by_role("button", name="Save the ticked entries").click()
    expect(page.get_by_text(re.compile("You have not rated: .*Negotiating"))).to_be_visible()
    page.get_by_role("link", name="Weigh it up").click()
    page.get_by_label("Reasons for it").fill("A real budget\nIt ends: a safe trial")
    page.get_by_role("group", name="Give four talks").get_by_role("radio", name="Helps").check()
    page.get_by_role("group", name="How well does it fit your vision?").get_by_role(
        "radio", name=re.compile("^4")
    ).check()
    if script:
        expect(page.get_by_test_id("score-so-far")).to_contain_text("4 of 5: Mostly")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It ends: a safe trial")).to_be_visible()
    page.goto("/opportunities/")
    page.get_by_role("button", name="Compare the ticked opportunities").click()
    expect(page.get_by_role("heading", level=1, name="Compare 2 opportunities")).to_be_visible()
    expect(page.get_by_role("cell", name="Give four talks")).to_be_visible()
    page.get_by_role("link", name=re.compile("Pursue.*Ward manager, ward 12")).click()
    page.get_by_label("Why?").fill("It is the next rung.")
    page.get_by_label("What will you do first?").fill("Ask Karen for a reference")
    page.get_by_label("Due date of the step").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Pursue this opportunity").click()
    expect(page.get_by_text("It is the next rung.")).to_be_visible()
    page.goto("/today/")
    expect(page.get_by_role("link", name="Ask Karen for a reference")).to_be_visible()
    page.get_by_role("link", name="Closing date: Ward manager, ward 12", exact=True).click()
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".cp-messages")).to_be_visible()
    context.close()


def test_the_pages_of_opportunities_are_looked_at(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/opportunities/")
    wrong = look_at(page, "list")
    own = page.locator(".cp-opp-title a").first.get_attribute("href") or ""
    page.get_by_role("button", name="Compare the ticked opportunities").click()
    page.wait_for_url("**/compare/**")
    wrong += look_at(page, "comparison")
    for name in ("", "edit/", "weigh-up/", "skills/", "pursue/", "decline/", "delete/"):
        page.goto(own + name)
        wrong += look_at(page, name or "detail")
    page.goto(own + "advert/")
    wrong += look_at(page, "advert")
    page.get_by_label("Text of the advert").fill(ADVERT)
    page.get_by_role("button", name="Find skills").click()
    expect(page.get_by_role("button", name="Save the ticked entries")).to_be_visible()
    wrong += look_at(page, "proposals")
    page.goto("/opportunities/criteria/")
    wrong += look_at(page, "criteria")
    page.goto("/opportunities/")
    page.get_by_role("link", name=re.compile("Look back")).first.click()
    page.wait_for_url(lambda url: not url.endswith("/opportunities/"))
    wrong += look_at(page, "judge")
    page.goto("/opportunities/new/")
    page.get_by_label("Link").fill("javascript:alert(1)")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += look_at(page, "note with errors")
    assert wrong + complaints.found == []
    context.close()
