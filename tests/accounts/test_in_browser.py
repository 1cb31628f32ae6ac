"""Account pages in a browser: accessible, without console errors, and without JavaScript."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import services
from accounts.models import User
from accounts.tasks import delete_due_accounts
from tests.accounts.conftest import SIGN_IN, SIGN_UP, Newcomer, unique
from tests.factories.accounts import PASSWORD, UserFactory
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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
    "/account/settings/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/logout/",
]


def sign_up(page: Page, email: str, name: str = "Ruth Adeyemi") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_public_pages(open_page, path):
    page = open_page()
    page.goto(path)
    check(page)


def test_private_pages(open_page):
    page = open_page(UserFactory())
    for path in SIGNED_IN:
        page.goto(path)
        assert page.url.endswith(path)
        check(page)


def test_error_summary_has_focus_and_links_to_fields(open_page):
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
    expect(field).to_have_accessible_description(re.compile("browser"))


def test_unlisted_time_zone_is_added_and_accepted(open_page, mail_box):
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


def test_chosen_time_zone_is_not_overwritten(open_page):
    page = open_page(timezone_id="Asia/Tokyo")
    page.goto(SIGN_UP)
    page.get_by_label("Time zone").select_option("Africa/Cairo")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Africa/Cairo")


def test_code_page_in_every_state(open_page, mail_box):
    page = open_page()
    page.goto(SIGN_UP)
    sign_up(page, unique("a.rather.long.address.that.has.to.break.somewhere"))
    expect(page.get_by_label("Code")).to_be_visible()
    check(page)
    for _ in range(3):
        page.get_by_label("Code").fill("abcdef")
        with page.expect_navigation():
            page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_role("alert").first).to_contain_text("new code")
    check(page)
    page.get_by_role("button", name="Send a new code").click()
    expect(page.locator(".cp-messages")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Use another address").click()
    expect(page.get_by_label("Your name")).to_have_value("Ruth Adeyemi")


def test_sign_up_without_javascript(open_page, mail_box):
    page = open_page(java_script_enabled=False)
    person = Newcomer(Client(), mail_box)
    page.goto(SIGN_UP)
    expect(page.get_by_label("Time zone")).to_have_value("")
    sign_up(page, person.email)
    expect(page.get_by_role("alert").first).to_contain_text("Time zone")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(person.code())
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_text(f"{person.email} is confirmed.")).to_be_visible()


@pytest.mark.parametrize(("java_script", "width"), [(True, 1280), (False, 360)])
def test_deletion_is_cancelled_and_then_done_without_waiting(open_page, mail_box, java_script, width):
    user = UserFactory()
    page = open_page(user, java_script_enabled=java_script, viewport={"width": width, "height": 800})
    page.goto("/account/delete/")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Keep my account")).to_be_visible()
    page.goto("/account/settings/")
    page.get_by_role("link", name="Keep your account").click()
    page.get_by_role("button", name="Keep my account").click()
    expect(page.locator(".cp-messages").get_by_text("account")).to_be_visible()
    expect(page.get_by_role("link", name="Keep your account")).to_have_count(0)
    delete_due_accounts()
    page.goto("/account/delete/")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Delete my account now").click()
    expect(page.locator(".cp-messages").get_by_text("account")).to_be_visible()
    delete_due_accounts()
    assert not User.objects.filter(pk=user.pk).exists()


def test_pages_with_a_pending_deletion(open_page):
    user = UserFactory()
    page = open_page(user)
    page.goto("/account/delete/")
    check(page)
    services.request_deletion(user=user, now=timezone.now())
    for path, link in (("/account/delete/", 0), ("/data/", 1)):
        page.goto(path)
        expect(page.get_by_role("link", name="Keep your account")).to_have_count(link)
        check(page)
