"""A calendar to subscribe to: its address is made, used and stopped; with and without JavaScript, narrow and wide."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, confirm_password, open_context
from tests.browser.looks import WAYS, look_at
from tests.calendar_feed import rfc5545

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def make_address(page: Page) -> str:
    """From the settings to a new address."""
    page.goto("/reminders/settings/")
    page.get_by_role("link", name=re.compile("Open your calendar")).click()
    page.get_by_role("button", name=re.compile("Make a (private|new) address")).click()
    confirm_password(page)
    return page.get_by_label("Paste this into your calendar app").input_value()


def read_again(context: BrowserContext, address: str) -> int:
    """Read a calendar, and again as an app does that has it: the status of the second response."""
    etag = context.request.get(address).headers["etag"]
    return context.request.get(address, headers={"If-None-Match": etag}).status


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_calendar_is_subscribed_to_chosen_and_stopped(
    stack: Stack, browser: Browser, ruths_cookies: list, width: int, *, script: bool
) -> None:
    context = open_context(
        browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800}, accept_downloads=True
    )
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    address = make_address(page)
    copy = page.get_by_role("button", name="Copy")
    expect(copy).to_be_visible() if script else expect(copy).to_be_hidden()
    with open_context(browser, stack) as visitor:
        got = visitor.request.get(address)
        assert rfc5545.read(got.body()).all("VEVENT")
        assert not visitor.cookies()
        assert 304 in [read_again(visitor, address) for _ in range(3)]  # the worker may change a day between two reads
        head = visitor.request.head(address)
        assert (head.status, head.body()) == (200, b"")
        page.get_by_role("link", name="Your calendar").click()
        page.get_by_label("To-dos, which").check()
        page.get_by_label("Reviews").uncheck()
        page.get_by_label("Alert").select_option("1 day before")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        calendar = rfc5545.read(visitor.request.get(address).body())
        assert calendar.all("VTODO")
        assert all(part.all("VALARM") for part in calendar.parts)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the .ics file").click()
        assert rfc5545.read(download.value.path().read_bytes()) == calendar
        page.get_by_role("button", name="Stop the address").click()
        expect(page.get_by_text("Address stopped.")).to_be_visible()
        assert visitor.request.get(address).status == 404
    context.close()


def test_the_address_is_copied_with_a_click(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, permissions=["clipboard-read", "clipboard-write"])
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    address = make_address(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    context.close()


def test_the_pages_are_accessible(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    make_address(page)
    wrong = look_at(page, "address")
    page.goto("/calendar/")
    page.get_by_text("How to subscribe").click()
    wrong += look_at(page, "calendar")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Tick at least one kind of date.").first).to_be_visible()
    wrong += look_at(page, "calendar with an error")
    context.close()
    assert wrong + complaints.found == []
