"""Signing up and connecting at a provider, in Chromium: by keyboard, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.openid.conftest import ADDRESS, JOIN, LOGIN, SIGNUP
from tests.factories.accounts import PASSWORD, UserFactory
from tests.windows import check

# The provider's own use of its library.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]


def press(page: Page, role: str, name: str) -> None:
    """Go to a control with the tab key and press it."""
    control = page.get_by_role(role, name=name, exact=True)
    for _ in range(40):
        if control.evaluate("control => control === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def to_provider_and_back(page: Page, identity: str) -> None:
    """From the sign-in page to the provider and back, without a mouse."""
    page.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(body="", content_type="text/css"))
    page.route("**/favicon.ico", lambda route: route.fulfill(body=""))
    page.goto("/account/login/")
    press(page, "button", "Continue with Northgate")
    page.wait_for_url("**/oauth2/authorize**")
    expect(page.get_by_placeholder("sub")).to_be_focused()
    page.keyboard.type(identity)
    page.keyboard.press("Enter")


PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("java_script", [True, False])
def test_signing_up_on_a_phone_by_keyboard(provider, open_page, java_script):
    page = open_page(java_script_enabled=java_script, **PHONE)
    to_provider_and_back(page, "iris")
    page.wait_for_url(f"**{SIGNUP}")
    expect(page.get_by_label("Your name")).to_have_value("Iris Novak")
    if java_script:  # sets the time zone
        check(page)
    else:
        page.get_by_label("Time zone").select_option("Europe/Vienna")
    press(page, "button", "Create account")
    page.wait_for_url("**/today/")
    assert User.objects.get().email == ADDRESS


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_connecting_on_a_phone_by_keyboard(provider, open_page, mail_box):
    UserFactory(email=ADDRESS)
    page = open_page(**PHONE)
    to_provider_and_back(page, "iris")
    page.wait_for_url(f"**{JOIN}")
    check(page)
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    page.goto("/account/security/")
    expect(page.get_by_text(f"Connected as {ADDRESS}")).to_be_visible()
    expect(page.get_by_test_id("device")).to_have_count(1)
    check(page)
    press(page, "button", "Disconnect Northgate")
    expect(page.get_by_text("Not connected")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_of_a_failed_sign_in_are_accessible(provider, open_page):
    page = open_page(**PHONE)
    page.goto("/account/openid/login/cancelled/")
    check(page)
    page.goto(LOGIN)
    check(page)
