"""Two people in two browsers: an owner at a desk, and a mentor on a phone without JavaScript and without an account.

One walk through everything between them. A step is a function that takes both pages; new ones go before `stop`.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import PHONE, Complaints, open_context
from tests.browser.looks import look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]
LINK = re.compile(r"/with/[0-9a-f-]{36}/")


@dataclass
class Both:
    """The pages of both people, the mentor's address, and what was found wrong."""

    owner: Page
    mentor: Page
    product: StackProcess
    address: str
    wrong: list[str] = field(default_factory=list)

    def email(self, number: int) -> str:
        """The mentor's email with this number, once it is there."""
        for _attempt in range(60):
            mails: list[str] = self.product.call(people.emails_to, address=self.address)
            if len(mails) > number:
                return mails[number]
            time.sleep(0.5)
        raise AssertionError(f"email {number} did not arrive")


@pytest.fixture
def both(stack: Stack, browser: Browser, product: StackProcess, ruths_cookies: list[dict]) -> Iterator[Both]:
    desk = open_context(browser, stack)
    desk.add_cookies(ruths_cookies)
    phone = open_context(browser, stack, java_script_enabled=False, viewport=PHONE["viewport"])
    owner, mentor = desk.new_page(), phone.new_page()
    complaints = Complaints(owner), Complaints(mentor)
    found = Both(owner, mentor, product, f"kwame-{uuid4().hex[:8]}@example.org")
    yield found
    # A page that is closed answers 410 on purpose.
    unasked = [words for one in complaints for words in one.found if "status of 410" not in words]
    assert found.wrong + unasked == []
    desk.close()
    phone.close()


def test_two_people(both: Both) -> None:
    invite(both)
    come_in(both)
    look(both)
    stop(both)


def invite(both: Both) -> None:
    """The owner chooses what is seen, looks at that page and sends the invitation, by keyboard."""
    page = both.owner
    page.goto("/people/")
    page.get_by_role("link", name="Invite someone").press("Enter")
    page.get_by_role("button", name="Preview what they see").press("Enter")
    expect(page).to_have_title(re.compile("^Error: Invite someone"))
    both.wrong += look_at(page, "invitation with errors")
    page.get_by_label("Their name").fill("Kwame Osei")
    page.get_by_label("Their email address").fill(both.address)
    page.get_by_label("Vision").press("Space")
    page.get_by_label("Summaries of reviews").press("Space")
    page.get_by_label("A line to them").fill("Would you look in once a month?")
    page.get_by_role("button", name="Preview what they see").press("Enter")
    expect(page.get_by_test_id("mentor-view")).to_contain_text("Speak to 100 people without notes")
    both.wrong += look_at(page, "preview")
    page.get_by_role("button", name="Send the invitation").press("Enter")
    expect(page.get_by_test_id("person")).to_contain_text("Kwame Osei")
    both.product.call(people.send_mentoring_emails_now)


def come_in(both: Both) -> None:
    """The mentor opens the link, asks for a code and types it."""
    page, link = both.mentor, LINK.search(both.email(0))
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").fill("12")
    page.get_by_role("button", name="Open the plan").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Code").fill(both.email(1)[:6])
    page.get_by_role("button", name="Open the plan").click()
    expect(page.get_by_role("heading", name=re.compile("Ruth Adeyemi.s plan"))).to_be_visible()


def look(both: Both) -> None:
    """The mentor reads the plan and a goal; the owner sees when, and exactly what."""
    page = both.mentor
    page.get_by_role("link", name="Speak to 100 people without notes").click()
    expect(page.get_by_role("heading", name="Next steps")).to_be_visible()
    both.owner.goto("/people/")
    both.owner.get_by_role("link", name="Change what Kwame sees").click()
    expect(both.owner.get_by_text("Looked 1 time.")).to_be_visible()
    both.wrong += look_at(both.owner, "one person")


def stop(both: Both) -> None:
    """The owner stops sharing while the mentor has a page open: it closes at its next request."""
    page = both.mentor
    page.get_by_role("link", name="Leave this plan").click()
    both.owner.get_by_role("link", name="Stop sharing with Kwame").click()
    both.owner.get_by_role("button", name="Stop sharing").click()
    expect(both.owner.get_by_text("Only you can see it.")).to_be_visible()
    page.get_by_role("button", name="Leave this plan").click()
    expect(page.get_by_role("heading", name=re.compile("Ruth.s plan is closed to you"))).to_be_visible()


def test_pages_of_a_mentor(stack: Stack, browser: Browser, product: StackProcess, ruths_cookies: list[dict]) -> None:
    """axe and both widths on each page of a mentor, without an account."""
    found = product.call(people.make_mentor_links, session=ruths_cookies[0]["value"])
    context = open_context(browser, stack)
    page = context.new_page()
    complaints = Complaints(page)
    wrong: list[str] = []
    for name in ("", "code/", "decline/", "stop/", "emails/"):
        page.goto(found["invited"] + name)
        wrong += look_at(page, f"invited {name}")
    context.add_cookies([found["cookie"] | {"url": stack.base_url}])
    for name in ("plan/", found["goal"], "leave/"):
        page.goto(found["active"] + name)
        wrong += look_at(page, f"mentor {name}")
    context.close()
    assert wrong + complaints.found == []
