"""The whole product behind a real browser: web, worker and beat as processes, with the demo plan in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from careerplan.local.demo import read_plan
from careerplan.local.stack import Stack
from tests.browser import people
from tests.factories.accounts import hash_once
from tests.plugins.day import stack_clock
from tests.plugins.template import template
from tests.stack_process import StackProcess
from tests.warm_processes import WarmStack

SHORT_WAITS = {"SCHEDULER_SECONDS": "4", "EMAIL_TIMEOUT_SECONDS": "1", "EMAIL_FINAL_TIMEOUT_SECONDS": "3"}
# One process for tasks is enough for one browser.
SHORT_WAITS |= {"REMINDER_LEASE_SECONDS": "13", "WORKER_PROCESSES": "1"}

DESK = {"viewport": {"width": 1280, "height": 800}}  # as pages are looked at, so that nothing is drawn again for that
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

# Each group goes to one worker, with a stack of its own; they take about as long.
GROUPS = {
    "browser-1": {
        "answers",
        "calendar",
        "data",
        "document",
        "goal_changes",
        "main_job",
        "opportunities",
        "plan",
        "reviews",
        "steps",
        "valid_html",
    },
    "browser-2": {
        "first_goals",
        "forced_colours",
        "pages",
        "people",
        "phone",
        "progress",
        "results",
        "resume",
        "today",
        "wizard",
    },
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each module of this folder into its group, before xdist reads the groups."""
    groups = {f"test_{module}": group for group, modules in GROUPS.items() for module in modules}
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group(groups[item.path.stem]))


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """Everything runs; rounds come every four seconds."""
    with WarmStack(env=SHORT_WAITS | stack_clock(), template=template()) as stack:
        stack.prepare()
        stack.start("web", "worker", "beat")
        yield stack


@pytest.fixture(scope="package")
def product(stack: Stack) -> Iterator[StackProcess]:
    """Calls functions of tests/browser/people.py in the stack."""
    with StackProcess(stack) as process:
        process.call(hash_once)
        yield process


@pytest.fixture(scope="module")
def ruths_cookies(product: StackProcess, stack: Stack) -> list[dict]:
    """A user with a full plan, signed in: a fresh one for each module, whatever the tests before it changed."""
    return [product.call(people.make_ruth) | {"url": stack.base_url}]


def sign_in(context: BrowserContext, product: StackProcess, stack: Stack, email: str) -> Page:
    """A page of a signed-in user."""
    context.add_cookies([product.call(people.session_cookie, email=email) | {"url": stack.base_url}])
    return context.new_page()


def confirm_password(page: Page) -> None:
    """Type Ruth's password if the page asks for it: no session of these tests was signed in with one."""
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Confirm your password").is_visible():
        page.get_by_label("Password", exact=True).fill(read_plan()["person"]["password"])
        page.get_by_role("button", name="Continue").click()


class Complaints:
    """What the browser complains of: console errors (CSP violations among them) and uncaught exceptions."""

    def __init__(self, page: Page):
        self.found: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._page_error)

    def _page_error(self, error) -> None:
        # A fade between two pages is not drawn: motion is switched off between them, or the next page is there already.
        if "opt-in disabled" not in str(error) and "Page already revealed" not in str(error):
            self.found.append(str(error))

    def _console(self, message) -> None:
        # A page that answers 404 on purpose is reported as a failed load; everything else counts.
        if message.type == "error" and "status of 404" not in message.text:
            self.found.append(message.text)


def open_context(browser: Browser, stack: Stack, **options) -> BrowserContext:
    """A browser window of its own, with short waits so that a failure is seen soon, and without motion.

    To draw the fade from each page to the next takes longer than the pages; test_main_job.py looks at it.
    """
    context = browser.new_context(base_url=stack.base_url, **DESK | {"reduced_motion": "reduce"} | options)
    context.set_default_timeout(15_000)
    return context
