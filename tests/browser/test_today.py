"""Today fits on a screen; and a session that ends in the middle of a form loses no text."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from accounts.middleware import SIGNED_OUT_SAVED
from careerplan.core.expired_session import RESTORED
from careerplan.local.demo import read_plan
from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack]

HEIGHT = 800


def sign_in(page: Page) -> None:
    person = read_plan()["person"]
    page.get_by_label("Email address").fill(person["email"])
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in with password").click()


def test_today_answers_without_scrolling(stack: Stack, browser: Browser, ruths_cookies: list[dict]) -> None:
    context = open_context(browser, stack, viewport={"width": 1280, "height": HEIGHT})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/today/")
    expect(page.get_by_role("button", name=re.compile("Done.*Ask Dr Osei"))).to_be_visible()
    agenda = page.get_by_test_id("agenda").bounding_box()
    legend = page.locator(".cp-timeline-legend").bounding_box()
    assert agenda
    assert legend
    assert max(agenda["y"] + agenda["height"], legend["y"] + legend["height"]) <= HEIGHT
    page.get_by_role("heading", name="Ask Dr Osei").get_by_role("link").click()
    expect(page.get_by_role("button", name=re.compile("Done.*Ask Dr Osei"))).to_be_visible()
    context.close()


@pytest.mark.usefixtures("ruths_cookies")
@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_session_that_ends_in_a_form_gives_the_text_back(
    stack: Stack, browser: Browser, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, viewport={"width": width, "height": HEIGHT}, java_script_enabled=script)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/goals/new/")
    sign_in(page)
    page.get_by_label("What is your goal?").fill("Read one book on staffing")
    page.get_by_text("Yes or no").click()
    page.get_by_label("What counts as done?").fill("My notes on it are written")
    page.locator("#id_due_on").fill("2099-12-31")
    page.get_by_label("Why does it matter to you?").fill("Line one\nline <two> & größer")
    page.get_by_label("What will you do?").fill(f"Borrow the book {width} {script}")
    page.get_by_label("Due date of the step").fill("2099-01-31")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator(".cp-messages")).to_contain_text(str(SIGNED_OUT_SAVED))
    sign_in(page)
    expect(page.locator(".cp-messages")).to_contain_text(str(RESTORED))
    if script:
        assert look_at(page, "what was typed") == []
    expect(page.get_by_label("Why does it matter to you?")).to_have_value("Line one\nline <two> & größer")
    expect(page.locator("#id_measure_kind_1")).to_be_checked()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", level=1, name="Read one book on staffing")).to_be_visible()
    expect(page.locator(".cp-step-title")).to_have_text(f"Borrow the book {width} {script}")
    assert complaints.found == []
    context.close()


@pytest.mark.usefixtures("ruths_cookies")
def test_the_sign_in_page_after_a_session_has_ended(stack: Stack, browser: Browser) -> None:
    context = open_context(browser, stack)
    page = context.new_page()
    page.goto("/goals/new/")
    sign_in(page)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".cp-messages")).to_be_visible()
    assert look_at(page, "signed out") == []
    context.close()
