"""The whole product behind a real browser: web, worker and beat as processes, with the demo plan in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from careerplan.local.demo_plan import read_plan
from careerplan.local.stack import Stack
from tests.plugins.template import template

SHORT_WAITS = {"SCHEDULER_SECONDS": "2", "EMAIL_TIMEOUT_SECONDS": "1", "EMAIL_FINAL_TIMEOUT_SECONDS": "3"}
SHORT_WAITS["REMINDER_LEASE_SECONDS"] = "8"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything runs; rounds come every two seconds."""
    with Stack(env=SHORT_WAITS, template=template()) as stack:
        stack.prepare()
        stack.manage("load_demo")
        stack.start("web", "worker", "beat")
        yield stack


@pytest.fixture(scope="module")
def ruths_cookies(stack: Stack, browser: Browser) -> list[dict]:
    """Somebody with a full plan signs in: a fresh one for each module, whatever the tests before it changed."""
    stack.manage("load_demo")
    context = open_context(browser, stack)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(read_plan()["person"]["email"])
    page.get_by_label("Password").fill(read_plan()["person"]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today/")
    cookies = context.cookies()
    context.close()
    return cookies


class Complaints:
    """What the browser complains of: console errors (CSP violations among them) and uncaught exceptions."""

    def __init__(self, page: Page):
        self.found: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def _console(self, message) -> None:
        # A page that answers 404 on purpose is reported as a failed load; everything else counts.
        if message.type == "error" and "status of 404" not in message.text:
            self.found.append(message.text)


def open_context(browser: Browser, stack: Stack, **options) -> BrowserContext:
    """A browser window of its own, with short waits so that a failure is seen soon."""
    context = browser.new_context(base_url=stack.base_url, **options)
    context.set_default_timeout(15_000)
    return context
