"""Two people in two browsers: an owner at a desk, and a mentor on a phone without JavaScript and without an account.

One walk through everything between them. A step is a function that takes both pages; new ones go before `stop`.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.closer_looks import alike_when_checked, lost_to_the_keyboard, narrow_and_turned, use_tab_alone
from tests.browser.conftest import PHONE, Complaints, open_context
from tests.browser.looks import look_at
from tests.profiles import PROFILE
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


# Who has the phone, and whether both use Tab, Enter and Space alone (which takes minutes).
IF_ASKED = pytest.mark.skipif(not PROFILE.is_thorough, reason="only in a thorough run")
WAYS = [
    pytest.param(("mentor", False), id="mentor-on-a-phone"),
    pytest.param(("owner", True), id="owner-on-a-phone-by-tab-alone", marks=IF_ASKED),
]


@pytest.fixture(params=WAYS)
def both(
    stack: Stack,
    browser: Browser,
    product: StackProcess,
    ruths_cookies: list[dict],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Both]:
    on_phone, by_tab = request.param
    if by_tab:
        use_tab_alone(monkeypatch)
    narrow = {"viewport": PHONE["viewport"]}
    owners = open_context(browser, stack, **(narrow if on_phone == "owner" else {}))
    fresh = [product.call(people.make_ruth) | {"url": stack.base_url}] if by_tab else ruths_cookies
    owners.add_cookies(fresh)
    mentors = open_context(browser, stack, java_script_enabled=False, **(narrow if on_phone == "mentor" else {}))
    owner, mentor = owners.new_page(), mentors.new_page()
    complaints = Complaints(owner), Complaints(mentor)
    found = Both(owner, mentor, product, f"kwame-{uuid4().hex[:8]}@example.org")
    yield found
    # A page that is closed answers 410 on purpose.
    unasked = [words for one in complaints for words in one.found if "status of 410" not in words]
    assert found.wrong + unasked == []
    owners.close()
    mentors.close()


def test_two_people(both: Both) -> None:
    invite(both)
    come_in(both)
    look(both)
    talk(both)
    second_opinion(both)
    meeting(both)
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


def press(page: Page, role: Literal["link", "button"], name: str) -> None:
    """Use a link or a button by keyboard; the name is the start of its own."""
    page.get_by_role(role, name=re.compile(f"^{name}")).first.press("Enter")


def talk(both: Both) -> None:
    """The mentor comments and suggests a step and a day; the owner takes one, declines one, and makes a step."""
    mentor, owner = both.mentor, both.owner
    mentor.get_by_label("Write to Ruth").fill("Try it without the slides. Then you know.")
    mentor.get_by_role("button", name="Send").click()
    for what, title, days in (("A new step", "Speak to the night team", 9), ("Another day for", "", 12)):
        mentor.get_by_text("Suggest a step or a date").click()
        choice = mentor.get_by_label("What do you suggest?")
        choice.select_option(choice.locator("option", has_text=what).first.get_attribute("value"))
        mentor.get_by_label("Step", exact=True).fill(title)
        mentor.get_by_label("By when").fill(f"{timezone.localdate() + timedelta(days=days)}")
        mentor.get_by_role("button", name="Suggest it").click()
    expect(mentor.get_by_text("You suggest another day")).to_be_visible()
    owner.goto("/people/comments/")
    owner.get_by_role("link", name="Speak to 100 people without notes").first.press("Enter")
    expect(owner.locator("#comments .cp-new")).to_have_count(3)
    both.wrong += look_at(owner, "goal with comments", has_forced_colours=True)
    press(owner, "button", "Add this step")
    expect(owner.get_by_role("button", name=re.compile("^Add this step"))).to_have_count(0)
    press(owner, "link", "No, thank you")
    owner.get_by_label("A line to them").fill("That week is full.")
    press(owner, "button", "Decline")
    press(owner, "link", "Make this a step")
    expect(owner.get_by_role("button", name="Add the step")).to_be_visible()
    both.wrong += look_at(owner, "comment becomes a step")
    press(owner, "button", "Add the step")
    expect(owner.get_by_text("A step for").or_(owner.get_by_text("A step now"))).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text("That week is full.")).to_be_visible()


def second_opinion(both: Both) -> None:
    """The owner asks about two skills, the mentor rates them blind, the owner sees where both differ and decides."""
    mentor, owner = both.mentor, both.owner
    owner.goto("/people/")
    press(owner, "link", "Change what Kwame sees")
    press(owner, "link", "Ask Kwame for a second opinion")
    expect(owner.get_by_role("button", name="Ask Kwame")).to_be_visible()
    both.wrong += look_at(owner, "question for a second opinion")
    ticked = owner.locator("main input[type=checkbox]:checked")
    while ticked.count() > 2:
        ticked.last.press("Space")
    press(owner, "button", "Ask Kwame")
    expect(owner.get_by_text("Kwame gets an email about 2 skills.")).to_be_visible()
    mentor.get_by_role("link", name=re.compile("Ruth Adeyemi.s plan")).click()
    mentor.get_by_role("link", name="Rate the skills").click()
    for button in ("Next skill", "Send to Ruth"):
        mentor.locator(".cp-levels label").nth(4).click()  # an expert, which Ruth is in neither
        mentor.get_by_label("What did you see?").fill("The night the lift failed.")
        mentor.get_by_role("button", name=button).click()
    expect(mentor.get_by_role("heading", level=1)).not_to_have_text("There is a problem")
    owner.reload()
    press(owner, "link", "See Kwame.s second opinion")
    press(owner, "button", "See where you differ")
    expect(owner.get_by_text("The night the lift failed.")).to_have_count(2)
    both.wrong += look_at(owner, "differences", has_forced_colours=True)
    first, second = owner.locator(".cp-differ > li").all()
    first.get_by_role("radio", name=re.compile("^Take Kwame")).press("Space")
    first.get_by_label("Talk about it when we meet").press("Space")
    second.get_by_role("radio", name=re.compile("^Keep mine")).press("Space")
    press(owner, "button", "Save my levels")
    expect(owner.get_by_text("2 levels decided.")).to_be_visible()
    both.wrong += look_at(owner, "results with the second opinion")


def meeting(both: Both) -> None:
    """The owner sets the date; both have the same sheet; notes become a step, and the next date is in the file."""
    mentor, owner = both.mentor, both.owner
    press(owner, "link", "Kwame Osei")
    press(owner, "link", "Open the meeting sheet")
    owner.get_by_label("When do you meet?").fill(f"{timezone.localdate() + timedelta(days=3)}T17:30")
    press(owner, "button", "Set the date")
    expect(owner.get_by_role("button", name="Move the meeting")).to_be_visible()
    both.wrong += look_at(owner, "meeting sheet", has_forced_colours=True)
    questions = owner.locator("article ol > li").all_inner_texts()
    assert len(questions) == 3
    mentor.goto(LINK.search(mentor.url)[0] + "meeting/")
    assert mentor.locator("article ol > li").all_inner_texts() == questions
    expect(mentor.get_by_text("Where we differ")).to_be_visible()
    press(owner, "link", "Write notes")
    expect(owner.get_by_label("Note 1 is about")).to_be_hidden()  # just a note is about nothing
    both.wrong += look_at(owner, "notes of a meeting")
    owner.get_by_label("Note 1", exact=True).fill("Book the seminar room")
    owner.get_by_role("group", name="Note 1 becomes").get_by_label("Step").press("Space")
    press(owner, "button", "Save notes")
    expect(owner).to_have_title(re.compile("^Error"))
    both.wrong += look_at(owner, "notes with errors")
    owner.get_by_label("Note 1 is about").select_option(index=1)
    owner.get_by_label("When do you meet next?").fill(f"{timezone.localdate() + timedelta(days=30)}T17:30")
    press(owner, "button", "Save notes")
    expect(owner.get_by_text("1 note saved.")).to_be_visible()
    with mentor.expect_download() as file:
        mentor.reload()
        mentor.get_by_role("link", name="Calendar").click()
    day = timezone.localdate() + timedelta(days=30)
    assert f"DTSTART:{day:%Y%m%d}T" in file.value.path().read_text()


def stop(both: Both) -> None:
    """The owner stops sharing while the mentor has a page open: it closes at its next request."""
    page = both.mentor
    page.get_by_role("link", name="Leave this plan").click()
    press(both.owner, "link", "Kwame Osei")
    both.owner.get_by_role("link", name="Stop sharing with Kwame").click()
    both.owner.get_by_role("button", name="Stop sharing").click()
    expect(both.owner.get_by_text("Only you can see it.")).to_be_visible()
    page.get_by_role("button", name="Leave this plan").click()
    expect(page.get_by_role("heading", name=re.compile("Ruth.s plan is closed to you"))).to_be_visible()


def test_pages_of_people_who_work_together(stack: Stack, product: StackProcess, browser: Browser) -> None:
    """Of an owner with two mentors, and of these, whose every text is one word of 80 letters; each is opened once.

    Last here, because it makes the module's Ruth afresh.
    """
    company = product.call("tests.browser.company.make_wordy_company")
    company["cookies"].append(product.call(people.session_cookie, email=company["email"]))
    context = open_context(browser, stack)
    context.add_cookies([cookie | {"url": stack.base_url} for cookie in company["cookies"]])
    page, tried = context.new_page(), set[str]()
    complaints = Complaints(page)
    wrong: list[str] = []
    for where in (*company["owner"], *company["mentor"]):
        page.goto(where)
        wrong += look_at(page, where, has_forced_colours=PROFILE.is_thorough)
        wrong += narrow_and_turned(page, where)
        wrong += alike_when_checked(page, where, tried)
        if PROFILE.is_thorough or re.search("/(opinion|notes|plan|comment)/$", where):
            wrong += lost_to_the_keyboard(page, where)
    context.close()
    assert len(tried) >= 5
    wrong += complaints.found
    assert not wrong, "\n".join(wrong)
