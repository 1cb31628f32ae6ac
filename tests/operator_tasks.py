"""`make operator-tasks`: what an operator does by the manual on pages, and by lines in the settings, clicked and timed.

Everything runs for real, with Chromium and a worker. At the server only settings change, with a restart. What needs
more of it (upgrade, go back, restore) is timed by `make compose-test`.
"""

import re
import secrets
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect, sync_playwright

from careerplan.local.stack import Stack
from tests.plugins.browser import ARGUMENTS, find
from tests.plugins.template import ensure_template
from tests.stack_process import StackProcess

OPERATOR, GUEST, REFUSED = "ines@example.org", "guest@example.org", "deniz@example.org"
PASSWORD = "violet-harbour-31-lanterns"
SERVER = "/operator/server/"
MOST_SECONDS = 300


class Walk:
    """The stack, and the operator's browser."""

    def __init__(self, stack: Stack, page: Page) -> None:
        self.stack, self.page, self.base_url = stack, page, stack.base_url
        self.settings: dict[str, str] = stack._extra

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()

    def mail_to(self, address: str) -> str:
        """Wait for an email and return its text."""
        for _try in range(100):
            if found := [message for message in self.stack.messages() if address in message.to]:
                return found[0].text
            time.sleep(0.2)
        raise TimeoutError(address)

    @property
    def secret_key(self) -> str:
        """Return the SECRET_KEY that is used."""
        return str(self.stack.env["SECRET_KEY"])

    def restart(self, **settings: str) -> None:
        """Change settings and restart web and worker."""
        self.settings.update(settings)
        for name in ("web", "worker"):
            self.stack.stop(name)
        self.stack.start("web", "worker")


def become_operator(walk: Walk) -> str:
    """Sign up with the address of FIRST_OPERATOR, and add a passkey."""
    page = walk.page
    page.goto("/account/signup/")
    for label, text in (("Your name", "Ines Roth"), ("Email address", OPERATOR), ("Password", PASSWORD)):
        page.get_by_label(label).fill(text)
    walk.press("Create account")
    page.get_by_label("Code").fill(re.search(r"\b\d{6}\b", walk.mail_to(OPERATOR))[0])
    walk.press("Confirm")
    page.wait_for_load_state()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/operator/")
    page.get_by_role("link", name="Add a passkey").click()
    page.wait_for_load_state()
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
    page.get_by_label("Name of the passkey").fill("Laptop")
    walk.press("Add passkey")
    page.get_by_role("checkbox", name="I have saved my recovery codes").check()
    walk.press("Finish")
    page.wait_for_url("**/account/security/")
    page.goto("/operator/")
    if "/operator/" not in page.url:
        walk.press("Use")
        page.wait_for_url("**/operator/")
    return page.get_by_role("heading", level=1).inner_text()


def invite(walk: Walk) -> str:
    """Invite somebody."""
    walk.page.goto("/operator/")
    walk.page.get_by_role("link", name="Invite someone").click()
    walk.page.get_by_label("Email address").fill(GUEST)
    walk.press("Send the invitation")
    assert "/account/" in walk.mail_to(GUEST)
    return "the email arrived"


def close_sign_up(walk: Walk) -> str:
    """Let nobody sign up."""
    walk.page.goto("/operator/site/")
    walk.page.get_by_role("radio", name="Nobody").check()
    walk.press("Save")
    walk.page.wait_for_load_state()
    time.sleep(6)  # every process shows it within 5 seconds
    stranger = walk.page.context.browser.new_context(base_url=walk.base_url, ignore_https_errors=True).new_page()
    stranger.goto("/account/signup/")
    expect(stranger.get_by_label("Password")).to_have_count(0)
    return stranger.get_by_role("heading", level=1).inner_text()


def back_up(walk: Walk) -> str:
    """Make a backup and have it checked."""
    page = walk.page
    page.goto(SERVER)
    with page.expect_navigation():
        walk.press("Back up now")
    made = page.locator("[data-testid=backup][data-state=made]")
    for _try in range(60):
        if made.count():
            break
        time.sleep(1)
        page.reload()
    with page.expect_navigation():
        made.get_by_role("button", name="Check").click()
    for _try in range(60):
        page.reload()
        if "A worker is checking it" not in made.inner_text():
            break
        time.sleep(1)
    return " ".join(made.inner_text().split())


def why_no_email(walk: Walk) -> str:
    """Find out why somebody gets no email, and try again."""
    walk.page.goto("/operator/")
    walk.page.get_by_role("searchbox").fill(REFUSED)
    walk.page.get_by_role("button", name="Find").click()
    walk.page.get_by_role("link", name="Deniz Marlow").click()
    said = walk.page.get_by_test_id("mail-reason").inner_text()
    walk.press("Try again now")
    walk.page.wait_for_load_state()
    return said


def change_key(walk: Walk) -> str:
    """Let every process know a new key, then use it, and use it for the secrets."""
    old, new = walk.secret_key, secrets.token_urlsafe(48)
    walk.restart(SECRET_KEY_FALLBACKS=new)
    walk.restart(SECRET_KEY=new, SECRET_KEY_FALLBACKS=old)
    walk.page.goto(SERVER)
    before = walk.page.get_by_test_id("old-secrets").inner_text()
    walk.press("Use the newest key")
    expect(walk.page.get_by_test_id("old-secrets")).to_have_count(0)
    return f"still signed in; {before} None does afterwards."


def add_provider(walk: Walk) -> str:
    """Add OpenID sign-in; the provider of this walk does not exist, and the page says so."""
    walk.page.goto(SERVER)
    walk.page.get_by_text("/account/openid/login/callback/").wait_for()
    names = {"OIDC_ISSUER": "https://id.invalid", "OIDC_CLIENT_ID": "careerplan", "OIDC_CLIENT_SECRET": "hush"}
    walk.restart(**names, OIDC_NAME="Example")
    walk.page.goto(SERVER)
    walk.press("Ask the provider")
    walk.page.get_by_text("id.invalid/.well-known").wait_for()
    return walk.page.get_by_test_id("provider").inner_text()


TASKS: tuple[Callable[[Walk], str], ...] = (
    become_operator, invite, close_sign_up, back_up, why_no_email, change_key, add_provider,
)  # fmt: skip


def make_refused() -> None:
    """Somebody whose mailbox refuses; called in the stack."""
    from django.utils import timezone

    from careerplan.reminders.models import RefusedAddress
    from tests.factories.accounts import UserFactory

    user, now = UserFactory(email=REFUSED, name="Deniz Marlow"), timezone.now()
    RefusedAddress.objects.create(
        user=user, address=REFUSED, refused_on=now.date(), stopped_at=now, smtp_response="550 5.1.1 no such user"
    )


def main() -> int:
    """Walk and print the seconds of each task."""
    with Stack(env={"FIRST_OPERATOR": OPERATOR}, template=ensure_template()) as stack, sync_playwright() as playwright:
        stack.prepare()
        stack.start("web", "worker", "beat")
        with StackProcess(stack) as product:
            product.call("tests.operator_tasks.make_refused")
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = browser.new_context(base_url=stack.base_url.replace("127.0.0.1", "localhost")).new_page()
        walk, slow = Walk(stack, page), 0
        for task in TASKS:
            started = time.monotonic()
            saw = task(walk)
            seconds = time.monotonic() - started
            slow += seconds > MOST_SECONDS
            print(f"{task.__name__:<18}{seconds:6.1f} s  {saw}", flush=True)
        browser.close()
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
