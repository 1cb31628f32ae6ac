"""The plan as a document in a browser: looked at by a machine, chosen, printed, downloaded; with and without script."""

from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import open_context
from tests.browser.looks import check

pytestmark = [pytest.mark.browser, pytest.mark.stack]

PAGES = {
    "document": "/document/",
    "for a manager": "/document/{plan}/?for=manager",
    "nothing chosen": "/document/{plan}/?chosen=1",
}


def test_pages_of_the_document(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/document/")
    plan = page.url.rstrip("/").rpartition("/")[2]
    assert check(context, {name: path.format(plan=plan) for name, path in PAGES.items()}) == []


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)])
def test_a_plan_is_read_chosen_and_taken_along(
    stack: Stack, browser: Browser, ruths_cookies: list, script: bool, width: int
) -> None:
    context = open_context(browser, stack, java_script_enabled=script, viewport={"width": width, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/plan/")
    page.get_by_role("link", name="Print", exact=True).click()
    sheet = page.locator(".cp-sheet")
    expect(sheet.get_by_role("heading", name="Vision")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible(visible=script)

    page.get_by_role("link", name="For my manager").click()
    expect(sheet.get_by_role("heading", name="Vision")).to_have_count(0)
    expect(sheet.get_by_role("heading", name="Lead 12 shifts as nurse in charge")).to_be_visible()
    pdf = "".join(text.get_textpage().get_text_bounded() for text in pypdfium2.PdfDocument(downloaded(page, "PDF")))
    assert "Lead 12 shifts" in pdf
    assert "Speak to 100" not in pdf

    page.get_by_text("Choose the parts").click()
    page.get_by_label("Vision").check()
    page.get_by_role("button", name="Show these parts").click()
    expect(sheet.get_by_role("heading", name="Vision")).to_be_visible()
    assert page.locator("[name=part]:checked").count() == 6
    word = docx.Document(BytesIO(downloaded(page, "Word")))
    assert next(p.text for p in word.paragraphs if p.style.name == "Heading 1") == "Vision"
    context.close()


def downloaded(page: Page, name: str) -> bytes:
    """The file behind a link."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def test_print_keeps_the_sheet_and_nothing_else(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/document/")
    page.goto(f"{page.url}?for=manager")
    pages = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(one.get_textpage().get_text_bounded() for one in pages)
    assert len(pages) == 2
    assert "Lead 12 shifts" in pages[0].get_textpage().get_text_bounded()
    for left_out in ("What goes in", "Print", "Sign out", "Privacy"):
        assert left_out not in text
    context.close()
