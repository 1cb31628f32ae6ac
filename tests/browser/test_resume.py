"""Importing a CV or a list: with and without JavaScript, narrow and wide."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.looks import WAYS, look_at
from tests.imports import documents
from tests.imports.files import CASES, HERE, SAMPLE

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def look_at_the_export(page: Page) -> None:
    page.goto("/skills/")
    page.get_by_role("link", name="Import a CV").click()
    page.get_by_label("File").set_input_files(HERE / "linkedin.zip")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="Choose what to import")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_skills_are_picked_and_then_asked_about(
    stack: Stack, browser: Browser, ruths_cookies: list, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    look_at_the_export(page)
    page.get_by_role("checkbox", name=re.compile(r"^Data Analysis\b")).check()  # ticked once it is one's own skill
    page.get_by_label("Helping people").uncheck()
    expect(page.get_by_label("No change: Senior staff nurse")).to_be_checked()
    page.get_by_text("Data Analyst, Example Analytics").first.click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("CV imported.")).to_be_visible()
    expect(page.get_by_label("What do you do now?")).to_have_value("Data Analyst")
    page.goto("/skills/assessment/own-skills/")
    expect(page.get_by_role("group", name="Data Analysis")).to_be_visible()
    expect(page.locator("main input:checked")).to_have_count(0)
    page.goto("/skills/assessment/discard/")
    with page.expect_navigation():
        page.get_by_role("button", name="Delete assessment").click()
    context.close()


TODOIST = (
    "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\ntask,Ask HR,,1,1,,,,en,\n"
)
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:1\r\nSUMMARY:Ask HR\r\nEND:VTODO\r\n"
    "END:VCALENDAR\r\n"
)
WAYS_IN = {
    "PDF": (lambda: documents.pdf_of(documents.ENGLISH), "Practice nurse, Elm Street Surgery"),
    "Word": (lambda: documents.word_of(documents.ENGLISH), "Practice nurse, Elm Street Surgery"),
    "text": (documents.ENGLISH.encode, "Practice nurse, Elm Street Surgery"),
    "Europass": (documents.EUROPASS.encode, "Bookbinder, Elm Works"),
    "JSON Resume": (lambda: SAMPLE, "Your current role"),
    "a table of LinkedIn": (lambda: b"Name\nBookbinding\n", "Bookbinding"),
    "Todoist": (TODOIST.encode, "This is a list of tasks from Todoist."),
    "a calendar": (CALENDAR.encode, "Ask HR"),
    "a bomb": (lambda: documents.packed({"word/document.xml": bytes(80_000_000)}), "unpacks to far too much"),
}
"""What each file is, and what its page says."""


def test_each_kind_of_file_goes_through_the_one_page(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    missing = []
    for kind, (make, words) in WAYS_IN.items():
        page.goto("/import/")
        page.get_by_label("File").set_input_files({"name": "file", "mimeType": "", "buffer": make()})
        with page.expect_navigation():
            page.get_by_role("button", name="Check the file").click()
        if words not in page.get_by_role("main").inner_text():
            missing.append((kind, page.get_by_role("main").inner_text()))
    context.close()
    assert missing == []


LIST = "Goal,Task,Due\nRun {0} km,Buy shoes for {0},3/4/2099\nRun {0} km,Sign up for {0},\n"


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_list_becomes_a_goal_with_its_steps(
    stack: Stack, browser: Browser, ruths_cookies: list, width: int, *, script: bool
) -> None:
    context = open_context(browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/import/")
    data = LIST.format(width).encode()  # a second walk finds nothing of the first
    page.get_by_label("File").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Check the file").click()
    page.get_by_label("The month first").press("Space")
    with page.expect_navigation():
        page.get_by_role("button", name="Read again").click()
    wrong = look_at(page, "list") if script else []
    page.get_by_label("Area").select_option("Personal")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".cp-messages")).to_contain_text("2 steps imported")
    page.get_by_role("link", name=f"Run {width} km", exact=True).click()
    expect(page.get_by_text(f"Sign up for {width}").first).to_be_visible()
    expect(page.get_by_text("4 Mar 2099").first).to_be_visible()
    context.close()
    assert wrong == []


def test_the_pages_are_accessible(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    look_at_the_export(page)
    wrong = look_at(page, "pick")
    page.goto("/import/")
    page.get_by_label("File").set_input_files(CASES / "resumes/unread-sections.json")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="Not read")).to_be_visible()
    wrong += look_at(page, "not read")
    page.goto("/import/")
    page.get_by_label("File").set_input_files(CASES / "other-formats/cv.docx")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_label("Bookbinder, Elm Works")).to_be_visible()
    page.goto("/import/")
    wrong += look_at(page, "choose")
    page.get_by_label("File").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK"})
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    wrong += look_at(page, "refused")
    context.close()
    assert wrong + complaints.found == []
