"""The pages of accounts in a real browser: accessible, without complaints, and without JavaScript too."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.accounts.conftest import SIGN_IN, SIGN_UP, Newcomer, unique
from tests.browser.conftest import Complaints
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [("light", 1280), ("dark", 320)]
SIGNED_OUT = [
    SIGN_IN,
    SIGN_UP,
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/password/reset/key/1-abc/",
]
SIGNED_IN = [
    "/account/settings/profile/",
    "/account/settings/appearance/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/logout/",
]


@pytest.fixture
def open_page(browser: Browser, live_server):
    """Opens windows on the live server; at the end none of them may have complained."""
    contexts, complaints = [], []

    def open_page(**options) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        complaints.append(Complaints(page))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [found for complaint in complaints for found in complaint.found] == []


def check(page: Page) -> None:
    """Nothing that axe finds, no scrolling sideways: light and wide, dark and narrow."""
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(200)  # colours change by a short transition
        violations = Axe().run(page, options=AXE).response["violations"]
        assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_up(page: Page, email: str, name: str = "Ruth Adeyemi") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_pages_for_everybody(open_page, path):
    page = open_page()
    page.goto(path)
    check(page)


def test_pages_of_ones_own(open_page, live_server):
    client = Client()
    client.force_login(UserFactory())
    page = open_page()
    cookies = [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    page.context.add_cookies(cookies)
    for path in SIGNED_IN:
        page.goto(path)
        assert page.url.endswith(path)
        check(page)


def test_errors_take_the_focus_and_lead_to_their_fields(open_page):
    page = open_page()
    page.goto(SIGN_UP)
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_title("Error: Create your account · Careerplan")
    summary = page.get_by_role("alert").first
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    check(page)


@pytest.mark.parametrize(("zone", "chosen"), [("Asia/Tokyo", "Asia/Tokyo"), ("Asia/Kolkata", "Asia/Calcutta")])
def test_time_zone_comes_from_the_browser(open_page, zone, chosen):
    page = open_page(timezone_id=zone)
    page.goto(SIGN_UP)
    field = page.get_by_label("Time zone")
    expect(field).to_have_value(re.compile(f"^({zone}|{chosen})$"))
    expect(field).to_have_accessible_description("Taken from your browser, so that reminders come at your hour.")


def test_zone_that_is_not_in_the_list_is_added_and_accepted(open_page, mail_box):
    page = open_page()
    page.add_init_script(
        "const own = Intl.DateTimeFormat.prototype.resolvedOptions;"
        "Intl.DateTimeFormat.prototype.resolvedOptions ="
        " function () { return {...own.call(this), timeZone: 'US/Eastern'}; };"
    )
    page.goto(SIGN_UP)
    expect(page.get_by_label("Time zone")).to_have_value("US/Eastern")
    sign_up(page, unique("old.zone"))
    expect(page.get_by_role("heading", name="Enter the code we sent you")).to_be_visible()


def test_what_was_chosen_by_hand_is_not_overwritten(open_page):
    page = open_page(timezone_id="Asia/Tokyo")
    page.goto(SIGN_UP)
    page.get_by_label("Time zone").select_option("Africa/Cairo")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Africa/Cairo")


def test_the_page_for_the_code_in_each_of_its_states(open_page, mail_box):
    page = open_page()
    page.goto(SIGN_UP)
    sign_up(page, unique("a.rather.long.address.that.has.to.break.somewhere"))
    check(page)
    for _ in range(3):
        page.get_by_label("Code").fill("abcdef")
        page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_role("alert").first).to_contain_text("no longer works now")
    check(page)
    page.get_by_role("button", name="Send a new code").click()
    expect(page.get_by_text("We sent a code only just now")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Use another address").click()
    expect(page.get_by_label("Your name")).to_have_value("Ruth Adeyemi")


def test_signing_up_without_javascript(open_page, mail_box):
    page = open_page(java_script_enabled=False)
    person = Newcomer(Client(), mail_box)
    page.goto(SIGN_UP)
    expect(page.get_by_label("Time zone")).to_have_value("")
    sign_up(page, person.email)
    expect(page.get_by_role("alert").first).to_contain_text("Choose the city nearest to you.")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(person.code())
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_text(f"{person.email} is confirmed.")).to_be_visible()
