"""Questions on a phone: one fills the screen, a tap shows the next, and what was chosen can be taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import PHONE, Complaints, open_context, sign_in
from tests.browser.looks import look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]

FIRST_PAGE, SECOND_PAGE = "**/what-you-can-do/", "**/what-you-can-do-2/"
WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def page(stack: Stack, product: StackProcess, browser: Browser) -> Iterator[Page]:
    """The first five questions, on a phone; nothing to complain of in the end."""
    context = open_context(browser, stack, **PHONE)
    page = sign_in(context, product, stack, product.call(people.make_person_at_questions))
    complaints = Complaints(page)
    page.goto("/skills/assessment/what-you-can-do/")
    yield page
    context.close()
    assert complaints.found == []


def question(page: Page) -> Locator:
    """The one question that is shown."""
    return page.locator("fieldset.cp-rating:visible")


def name_of(page: Page) -> str:
    return question(page).locator("legend b").inner_text()


def expect_question(page: Page, number: int) -> None:
    expect(page.get_by_text(f"Question {number} of 5")).to_be_visible()
    expect(question(page)).to_have_count(1)


def tap(page: Page, level: str) -> None:
    question(page).locator(f"[value='{level}']").tap()


def test_a_tap_shows_the_next_question_and_undo_takes_it_back(page: Page) -> None:
    expect_question(page, 1)
    first = name_of(page)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    with page.expect_response(lambda r: r.request.method == "POST" and r.status == 200):
        tap(page, "4")
    expect_question(page, 2)
    expect(question(page)).to_be_focused()
    expect(page.locator(".cp-undo [role=status]")).to_have_text(f"{first}: 4 Advanced")
    with page.expect_response(lambda r: r.request.method == "POST" and r.status == 200):
        page.get_by_role("button", name="Undo").tap()
    expect_question(page, 1)
    assert name_of(page) == first
    page.reload()
    expect_question(page, 1)
    expect(page.locator("input:checked")).to_have_count(0)


def test_arrow_keys_change_the_level_and_enter_goes_on(page: Page) -> None:
    question(page).focus()
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect_question(page, 1)
    expect(question(page).locator("[value='2']")).to_be_checked()
    page.keyboard.press("Enter")
    expect_question(page, 2)
    expect(question(page)).to_be_focused()


def test_back_leads_to_the_question_before(page: Page) -> None:
    tap(page, "1")
    expect_question(page, 2)
    tap(page, "2")
    expect_question(page, 3)
    page.go_back()
    expect_question(page, 2)
    expect(question(page).locator("[value='2']")).to_be_checked()
    page.get_by_role("button", name="Back").tap()
    expect_question(page, 1)
    page.go_forward()
    expect_question(page, 2)
    page.set_viewport_size(WIDE)
    expect(question(page)).to_have_count(5)
    page.get_by_role("button", name="Continue").tap()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    page.set_viewport_size(PHONE["viewport"])
    expect_question(page, 3)
    expect(question(page).locator(".invalid-feedback")).to_be_visible()


def test_a_skipped_question_is_asked_again_and_the_last_answer_leaves_the_page(page: Page) -> None:
    page.get_by_role("button", name="Skip").tap()
    for number in range(2, 6):
        expect_question(page, number)
        tap(page, str(number))
    expect_question(page, 1)
    last = name_of(page)
    tap(page, "unsure")
    page.wait_for_url(SECOND_PAGE)
    expect(page.locator(".cp-undo [role=status]")).to_have_text(f"{last}: Not sure")
    page.get_by_role("button", name="Undo").tap()
    page.wait_for_url(FIRST_PAGE)
    expect_question(page, 1)
    expect(question(page).locator("input:checked")).to_have_count(0)
    tap(page, "3")
    page.wait_for_url(SECOND_PAGE)
    page.go_back()
    expect_question(page, 1)
    expect(question(page).locator("[value='3']")).to_be_checked()


def test_the_quick_way_by_taps(page: Page) -> None:
    for number in range(15):
        expect_question(page, number % 5 + 1)
        tap(page, str(number % 5))  # never twice at one place: that would be a double tap
    page.wait_for_url("**/strengths/")


def test_a_question_looks_right(page: Page) -> None:
    tap(page, "3")
    expect_question(page, 2)
    page.go_back()
    expect_question(page, 1)
    assert look_at(page, "one question", has_forced_colours=True) == []
    page.emulate_media(forced_colors="active")
    chosen = question(page).locator(".cp-scale > div:has(:checked)")
    expect(chosen).to_have_css("outline-style", "solid")  # not by its background alone
