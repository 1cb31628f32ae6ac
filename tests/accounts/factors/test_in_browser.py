"""Passkeys, codes and recovery codes in a browser: with Chromium's virtual authenticator, by keyboard, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.conftest import SIGN_IN
from tests.accounts.factors import conftest as steps
from tests.factories.accounts import PASSWORD, UserFactory
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
Press = Callable[[Page, str, str], None]


def click(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).click()


def press(page: Page, role: str, name: str) -> None:
    """Reach something with the keyboard alone and press it."""
    wanted = page.get_by_role(role, name=name, exact=True)
    expect(wanted).to_be_visible()
    for _stop in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter" if role != "checkbox" else "Space")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached with the keyboard")


# Each way of use with the size of its window.
WAYS = [pytest.param(click, PHONE, id="phone"), pytest.param(press, {}, id="keyboard")]


def add_authenticator(page: Page, *, has_pin: bool = True) -> None:
    """Give the browser an authenticator that confirms by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal" if has_pin else "usb",
        "hasResidentKey": has_pin,
        "hasUserVerification": has_pin,
        "isUserVerified": has_pin,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def confirm_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("login|/$"))


def start_with_password(page: Page, user: User) -> None:
    page.goto(SIGN_IN)
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{steps.CONFIRM}")


def expect_signed_in(page: Page) -> None:
    page.wait_for_url("**/today/")


def save_codes(page: Page, use: Press) -> list[str]:
    """Tick that the recovery codes are saved; return them."""
    codes = page.locator(".cp-codes li").all_inner_texts()
    use(page, "button", "Finish")
    expect(page.get_by_role("alert").first).to_be_focused()
    use(page, "checkbox", "I have saved my recovery codes")
    use(page, "button", "Finish")
    page.wait_for_url(f"**{steps.SECURITY}")
    return codes


@pytest.mark.parametrize(("use", "window"), WAYS)
def test_a_passkey_is_added_and_is_enough_to_sign_in(open_page, use, window):
    page = open_page(UserFactory(), **window)
    add_authenticator(page)
    page.goto(steps.SECURITY)
    use(page, "link", "Add a passkey")
    confirm_password(page)
    page.get_by_label("Name of the passkey").fill("Work laptop")
    use(page, "button", "Add passkey")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    assert len(save_codes(page, use)) == 10
    expect(page.get_by_role("heading", name="Work laptop")).to_be_visible()
    sign_out(page)
    page.goto(f"{SIGN_IN}?next=/goals/")
    use(page, "button", "Sign in with a passkey")
    page.wait_for_url("**/goals/")


@pytest.mark.parametrize(("use", "window"), WAYS)
def test_an_authenticator_app_is_added_and_asked_for(open_page, use, window):
    user = UserFactory()
    page = open_page(user, **window)
    page.goto(steps.SECURITY)
    use(page, "link", "Add an authenticator app")
    confirm_password(page)
    secret = page.locator(".cp-secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(steps.app_code(secret))
    use(page, "button", "Add authenticator app")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    [recovery_code, *_others] = save_codes(page, use)
    sign_out(page)
    start_with_password(page, user)
    code = steps.app_code(secret, 1)  # the first is used up; each holds for a period more
    page.get_by_label("Code", exact=True).fill(f"{code[:3]} {code[3:]}")
    use(page, "button", "Sign in")
    expect_signed_in(page)
    sign_out(page)
    start_with_password(page, user)
    use(page, "link", "Use a recovery code")
    page.get_by_label("Recovery code").fill(recovery_code)
    use(page, "button", "Sign in")
    expect_signed_in(page)


def test_a_security_key_without_a_pin_is_a_second_step(open_page):
    user = UserFactory()
    page = open_page(user)
    add_authenticator(page, has_pin=False)
    page.goto(steps.ADD_PASSKEY)
    confirm_password(page)
    click(page, "button", "Add passkey")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    save_codes(page, click)
    expect(page.get_by_text("only as a second step")).to_be_visible()
    sign_out(page)
    start_with_password(page, user)
    click(page, "button", "Use your passkey")
    expect_signed_in(page)


def test_a_passkey_that_is_refused_says_so_and_keeps_the_page(open_page):
    page = open_page()
    page.goto(SIGN_IN)
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    click(page, "button", "Sign in with a passkey")
    expect(page.locator("[data-passkey-problem]")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_focused()
    check(page)


def test_a_passkey_confirms_a_change(open_page):
    page = open_page(UserFactory())
    add_authenticator(page)
    page.goto(steps.ADD_PASSKEY)
    confirm_password(page)
    click(page, "button", "Add passkey")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    page.goto(f"/account/reauthenticate/?next={steps.NEW_CODES}")
    click(page, "link", "Use your passkey")
    click(page, "button", "Use your passkey")
    page.wait_for_url(f"**{steps.NEW_CODES}")


def test_a_passkey_after_a_password_that_was_started_leads_to_the_second_step(open_page):
    user = UserFactory()
    steps.give_app(user)
    page = open_page()
    add_authenticator(page)
    page.goto(SIGN_IN)
    waiting = page.context.new_page()
    start_with_password(waiting, user)
    click(page, "button", "Sign in with a passkey")
    page.wait_for_url(f"**{steps.CONFIRM}")


def test_pages_are_accessible(open_page):
    user = UserFactory()
    page = open_page(user)
    add_authenticator(page)
    page.goto(steps.ADD_PASSKEY)
    confirm_password(page)
    page.wait_for_url(f"**{steps.ADD_PASSKEY}")
    check(page)
    click(page, "button", "Add passkey")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    check(page)
    save_codes(page, click)
    secret = steps.give_app(user)
    assert secret
    for path in (
        steps.SECURITY,
        steps.NEW_CODES,
        "/account/security/app/remove/",
        "/account/security/password/remove/",
    ):
        page.goto(path)
        check(page)
    for path in ("/account/reauthenticate/", "/account/reauthenticate/code/", "/account/reauthenticate/passkey/"):
        page.goto(path)
        check(page)
    for name in ("Rename Passkey 1", "Remove Passkey 1"):
        page.goto(steps.SECURITY)
        click(page, "link", name)
        page.wait_for_url(lambda url: not url.endswith(steps.SECURITY))
        check(page)
    sign_out(page)
    page.goto(SIGN_IN)
    check(page)
    start_with_password(page, user)
    check(page)
    page.get_by_label("Code", exact=True).fill("12")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    check(page)
    page.goto(steps.RECOVERY)
    check(page)


def test_an_app_is_set_up_without_javascript(open_page):
    page = open_page(UserFactory(), java_script_enabled=False)
    page.goto(steps.ADD_APP)
    confirm_password(page)
    secret = page.locator(".cp-secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(steps.app_code(secret))
    click(page, "button", "Add authenticator app")
    page.wait_for_url(f"**{steps.SAVE_CODES}")
    page.goto(steps.ADD_PASSKEY)
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    sign_in_page = open_page(java_script_enabled=False)
    sign_in_page.goto(SIGN_IN)
    expect(sign_in_page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
