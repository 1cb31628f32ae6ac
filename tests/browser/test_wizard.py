"""The wizard in a real browser: by keyboard, without JavaScript, on two devices and in two tabs, as it saves itself.

The quick assessment has every kind of page; the full one only more of them (tests/skills/test_time.py goes through it).
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import PHONE, Complaints, open_context, sign_in
from tests.browser.looks import look_at
from tests.browser.test_main_job import answer
from tests.profiles import PROFILE
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# The full way takes a minute more for more pages of the same kinds.
IF_ASKED = pytest.mark.skipif(not PROFILE.is_thorough, reason="only in a thorough run")
WAYS = ["quick", pytest.param("full", marks=IF_ASKED)]
FIRST, WHERE_TO = "/skills/assessment/where-you-are/", "/skills/assessment/where-you-want-to-be/"


@pytest.fixture
def email(product: StackProcess) -> str:
    """A user of this test, without an assessment."""
    return product.call(people.make_person, time_zone="Europe/Berlin")


@pytest.fixture
def page(stack: Stack, product: StackProcess, browser: Browser, email: str) -> Iterator[Page]:
    """Signed in, and nothing to complain of in the end."""
    context = open_context(browser, stack)
    page = sign_in(context, product, stack, email)
    complaints = Complaints(page)
    yield page
    context.close()
    assert complaints.found == []


def start(page: Page, way: str = "quick") -> None:
    page.goto("/skills/assessment/")
    page.get_by_role("button", name=f"Start the {way} assessment").click()
    page.wait_for_url(f"**{FIRST}")


def go_on(page: Page) -> None:
    """Continue, and keep one's own words if they are near to an occupation."""
    before = page.url
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    if page.url == before:
        page.locator("label[for=occupation-none]").click()
        page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: url != before)


def saves(page: Page):
    """Waits for the page to save itself."""
    return page.expect_response(lambda r: r.request.method == "POST" and "assessment" in r.url and r.status == 200)


def focus_on(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {selector}")


def press_enter(page: Page) -> None:
    """Continue; asked for the nearest occupation, choose the last answer: one's own words."""
    before = page.url
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.url == before:
        focus_on(page, "#occupations-found input[type=radio]")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def answer_by_keyboard(page: Page) -> None:
    """Tab, arrows, letters and Enter; the mouse is not there."""
    heading = page.get_by_role("heading", level=1).inner_text()
    if heading == "Where you are":
        focus_on(page, "[name=career_stage]")
        page.keyboard.press("ArrowDown")
        focus_on(page, "#id_current_role")
        page.keyboard.type("Senior staff nurse")
    elif heading == "Where you want to be":
        focus_on(page, "#id_target_role")
        page.keyboard.type("A kind of work that no list has")
    elif heading == "Education and training":
        focus_on(page, "#id_level")
        page.keyboard.type("Bach")
        focus_on(page, "[name=enough]")
        page.keyboard.press("Space")
    for number, _ in enumerate(page.locator("fieldset.cp-rating").all()):
        focus_on(page, f"fieldset.cp-rating:nth-of-type({number + 1}) input")
        for _ in range(number % 4 + 1):
            page.keyboard.press("ArrowRight")
    # Enter in a text field or on a radio presses "Continue".
    if heading in {"Strengths and weaknesses", "Skills to learn", "What you like", "Which of these have you done?"}:
        focus_on(page, ".cp-wizard-end .btn-primary")
    press_enter(page)


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_wizard_by_keyboard_only(page: Page, way: str) -> None:
    start(page, way)
    for _ in range(40):
        if page.url.endswith("/check/"):
            break
        answer_by_keyboard(page)
    focus_on(page, ".cp-wizard-end .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/skills/results/**")


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_wizard_without_javascript_on_a_phone(
    stack: Stack, product: StackProcess, browser: Browser, email: str, way: str
) -> None:
    context = open_context(browser, stack, java_script_enabled=False, **PHONE)
    page = sign_in(context, product, stack, email)
    start(page, way)
    go_on_from = {"Where you want to be": "Find a matching occupation"}
    for _ in range(40):
        if page.url.endswith("/check/"):
            break
        heading = page.get_by_role("heading", level=1).inner_text()
        answer(page)
        if heading in go_on_from:
            page.locator("#id_target_role").fill("nurse")
            page.get_by_role("button", name=go_on_from[heading]).click()
            page.locator("#occupations-found label").first.click()
        go_on(page)
    page.get_by_role("button", name="Finish and see the results").click()
    page.wait_for_url("**/skills/results/**")
    context.close()


def test_resume_on_a_phone(stack: Stack, product: StackProcess, browser: Browser, page: Page, email: str) -> None:
    start(page)
    while not page.url.endswith("/what-you-can-do/"):
        answer(page)
        go_on(page)
    stopped_at = page.url
    with saves(page):
        page.locator("fieldset.cp-rating [value='3']").first.check()
    other = open_context(browser, stack, **PHONE)
    there = sign_in(other, product, stack, email)
    there.goto("/skills/assessment/continue/")
    assert there.url == stopped_at
    expect(there.get_by_text(re.compile("^Question 2 of"))).to_be_visible()
    other.close()


def test_back_and_forth_loses_nothing(page: Page) -> None:
    start(page)
    page.get_by_text("Changing direction").click()
    go_on(page)
    page.locator("#id_target_role").fill("Own words")
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Changing direction")).to_be_checked()
    go_on(page)
    expect(page.locator("#id_target_role")).to_have_value("Own words")


def test_occupations_by_keyboard(page: Page) -> None:
    start(page)
    page.goto(WHERE_TO)
    box = page.get_by_role("combobox", name="What job would you like to have?")
    box.focus()
    page.keyboard.type("nurse")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(page.locator("#occupations-status")).to_have_text(re.compile(r"^\d occupations?$"))
    assert look_at(page, "occupations are offered") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "occupations-option-1")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("nurse")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    title = options.first.evaluate("option => option.firstChild.textContent")
    with saves(page):
        page.keyboard.press("Enter")
    expect_chosen(page, title)
    go_on(page)
    page.goto(WHERE_TO)
    expect_chosen(page, title)


def expect_chosen(page: Page, title: str) -> None:
    """It is said what is chosen, and how to change it; nothing is asked."""
    expect(page.get_by_role("group", name="Compare with")).to_be_visible()
    expect(page.get_by_role("radio", name=title)).to_be_checked()
    expect(page.get_by_text("Type to choose a different one.")).to_be_visible()
    expect(page.get_by_text("come close?")).to_have_count(0)


def test_who_finds_no_occupation_is_told(page: Page) -> None:
    start(page)
    page.goto(WHERE_TO)
    page.get_by_role("combobox", name="What job would you like to have?").focus()
    page.keyboard.type("zzqx")
    words = page.get_by_text("No match found.")
    expect(words).to_be_visible()
    assert words.bounding_box()["height"] > 10  # to be seen, not only heard
    assert look_at(page, "no occupation is found") == []
    for _ in "zzqx":
        page.keyboard.press("Backspace")
    expect(words).to_have_count(0)


def test_who_types_an_occupations_name_and_goes_on_is_compared_with_it(page: Page) -> None:
    start(page)
    page.goto(WHERE_TO)
    page.get_by_role("combobox", name="What job would you like to have?").focus()
    page.keyboard.type("registered nurse")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/")
    expect(page.get_by_text("This is what registered nurses do.")).to_be_visible()


def test_what_is_typed_is_saved_before_the_page_is_left(page: Page) -> None:
    start(page)
    with saves(page):
        page.locator("#id_current_role").fill("Cook in a hotel")
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved \d+:\d\d"))
    page.reload()
    expect(page.locator("#id_current_role")).to_have_value("Cook in a hotel")


def test_who_is_signed_out_meanwhile_loses_nothing(page: Page) -> None:
    start(page)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=next(c["name"] for c in cookies if "session" in c["name"]))
    page.locator("#id_current_role").fill("Cook in a hotel")
    expect(page.locator("#save-problem")).to_contain_text("You were signed out.")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#id_current_role")).to_have_value("Cook in a hotel")
    page.context.add_cookies(cookies)
    page.get_by_text("Changing direction").click()
    go_on(page)
    page.goto(FIRST)
    expect(page.locator("#id_current_role")).to_have_value("Cook in a hotel")


def test_two_tabs_do_not_overwrite_each_other(page: Page) -> None:
    start(page)
    other = page.context.new_page()
    other.goto(FIRST)
    with saves(other):
        other.locator("#id_current_role").fill("Baker")
    page.locator("#id_current_role").fill("Cook")
    expect(page.get_by_text("This changed in another tab")).to_be_visible()
    assert look_at(page, "a clash") == []
    with saves(page):
        page.get_by_label("Keep the other version: Baker").check()
    expect(page.locator("#id_current_role")).to_have_value("Baker")
    expect(page.get_by_text("This changed in another tab")).to_be_hidden()


def lose_the_reply(route: Route) -> None:
    """The request arrives; what comes back is not the reply. (A 404 is no complaint of the browser's.)"""
    route.fetch()
    route.fulfill(status=404)


def test_who_types_on_after_a_lost_reply_is_not_asked(page: Page) -> None:
    start(page)
    page.route("**/assessment/**", lose_the_reply, times=1)
    page.locator("#id_current_role").fill("Cook")
    expect(page.get_by_text("We cannot reach Careerplan.")).to_be_visible()
    with saves(page):
        page.locator("#id_current_role").fill("Cook in a hotel")
    expect(page.get_by_text("We cannot reach Careerplan.")).to_be_hidden()
    expect(page.get_by_text("This changed in another tab")).to_be_hidden()
    page.reload()
    expect(page.locator("#id_current_role")).to_have_value("Cook in a hotel")


def test_a_skill_of_ones_own_is_renamed_and_deleted(page: Page) -> None:
    start(page)
    page.goto("/skills/assessment/skills-to-learn/")
    page.locator("summary", has_text="Add your own skill").click()
    page.get_by_label("Name of the skill").fill("Weldng")
    page.get_by_role("button", name="Add skill").click()
    expect(page.get_by_role("button", name=re.compile("^Rename or delete.*Weldng$"))).to_be_visible()
    wrong = look_at(page, "skills to learn, one added")
    page.get_by_role("button", name=re.compile("^Rename or delete.*Weldng$")).click()
    expect(page.get_by_role("button", name="Save name")).to_be_visible()
    wrong += look_at(page, "a skill of one's own")
    page.get_by_label("Name of the skill").fill("Welding")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("button", name=re.compile("^Rename or delete.*Welding$")).click()
    page.get_by_role("link", name="Delete skill").click()
    expect(page.get_by_role("button", name="Delete skill")).to_be_visible()
    wrong += look_at(page, "delete a skill")
    page.get_by_role("button", name="Delete skill").click()
    expect(page.get_by_text("Deleted: Welding.")).to_be_visible()
    expect(page.get_by_role("button", name="Rename or delete")).to_have_count(0)
    assert wrong == []


def test_every_page_of_the_wizard(stack: Stack, product: StackProcess, browser: Browser, email: str) -> None:
    context = open_context(browser, stack)
    page = sign_in(context, product, stack, email)
    complaints = Complaints(page)
    start(page)
    wrong: list[str] = []
    for _ in range(40):
        wrong += look_at(page, page.url)
        if page.url.endswith("/check/"):
            break
        answer(page)
        wrong += look_at(page, f"{page.url}, answered") if page.url.endswith("/what-you-can-do/") else []
        go_on(page)
    assert wrong + complaints.found == []
    context.close()
