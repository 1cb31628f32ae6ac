"""The main job, end to end, as a stranger does it: sign up, assess, set a goal, get the reminder, stop it."""

import re
import time
import urllib.request
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from careerplan.local.mailbox import Message
from careerplan.local.stack import Stack
from tests.browser import people
from tests.browser.conftest import Complaints, open_context
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]

ADDRESS, PASSWORD = "Stranger@Example.org", "four plain unrelated words"
ZONE = "Europe/Berlin"


def mails_to(stack: Stack, address: str) -> list[Message]:
    return [message for message in stack.messages() if message.to.lower() == address.lower()]


def wait_for_mail(stack: Stack, subject: str, seconds: float = 45) -> Message:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for message in mails_to(stack, ADDRESS):
            if subject in message.subject:
                return message
        time.sleep(0.1)
    raise AssertionError(f"no mail about {subject!r}: {[m.subject for m in mails_to(stack, ADDRESS)]}")


def sign_up(page: Page, stack: Stack) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start your plan").first.click()
    page.get_by_label("Your name").fill("Åsa Öberg 🎤")
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.get_by_label("Time zone")).to_have_value(ZONE)
    page.get_by_role("button", name="Create account").click()
    code = re.search(r"^\s*(\d{6})\s*$", wait_for_mail(stack, "code").text, re.MULTILINE)
    assert code
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name=re.compile("Confirm")).click()
    expect(page.get_by_role("heading", name="Welcome, Åsa. Where would you like to start?")).to_be_visible()


def answer(page: Page) -> None:
    """Answer whatever the wizard asks on this page, by its own controls."""
    for scale in page.locator("fieldset.cp-rating").all():
        scale.locator("input[value='3']").check()
    heading = page.get_by_role("heading", level=1).inner_text()
    if heading == "Where you are":
        page.get_by_text("Established in my field").click()
        page.locator("#id_current_role").fill("Senior staff nurse")
    elif heading == "Where you want to be":
        page.locator("#id_target_role").fill("Ward manager")
        if not page.locator("#id_vision").is_visible():
            page.locator("summary", has_text="Describe the work").click()
        page.locator("#id_vision").fill("I run a ward where nurses want to stay.")
    elif heading == "Education and training":
        page.locator("#id_level").select_option("bachelor")
        page.get_by_text("Yes, it is enough").click()


def go_through(page: Page, pages: int | None = None) -> int:
    """Answer page after page until the last, or so many; gives how many were answered."""
    answered = 0
    while pages is None or answered < pages:
        if page.get_by_role("button", name="Finish and see the results").count():
            return answered
        answer(page)
        before = page.url
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, before=before: url != before)
        answered += 1
    return answered


def make_goal(page: Page, due_on, step_due_on) -> None:
    page.goto("/goals/")
    page.get_by_role("link", name="Add a goal").click()
    page.get_by_label("What is your goal?").fill("Lead 12 shifts as nurse in charge")
    page.locator("#id_target_value").fill("12 shifts")
    page.locator("#id_due_on").fill(due_on.isoformat())
    page.get_by_label("What will you do?").fill("Ask for two late shifts")
    page.get_by_label("Due date of the step").fill(step_due_on.isoformat())
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Lead 12 shifts as nurse in charge")).to_be_visible()


HERE = {"timezone_id": ZONE, "locale": "en-GB", "reduced_motion": "no-preference"}


def one_click(url: str) -> tuple[int, str]:
    """POST as a mail client does: no cookies, no referrer; redirects would show as another address."""
    data = b"List-Unsubscribe=One-Click"
    with urllib.request.urlopen(urllib.request.Request(url, data=data, method="POST"), timeout=10) as response:
        return response.status, response.url


def test_from_a_stranger_to_a_reminder_and_its_end(stack: Stack, product: StackProcess, browser: Browser) -> None:
    context = open_context(browser, stack, **HERE)
    page = context.new_page()
    complaints = Complaints(page)
    sign_up(page, stack)

    # The assessment, with the browser closed in the middle.
    page.get_by_role("link", name="Start the assessment").click()
    page.get_by_role("button", name="Start the quick assessment").click()
    page.wait_for_url("**/where-you-are/")
    go_through(page, pages=4)
    stopped_at = page.url
    cookies = context.storage_state()
    context.close()

    context = open_context(browser, stack, **HERE, storage_state=cookies)
    page = context.new_page()
    complaints_later = Complaints(page)
    page.goto("/")
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url(stopped_at)
    go_through(page)
    page.get_by_role("button", name="Finish and see the results").click()
    page.wait_for_url("**/skills/results/**")

    # A goal with its first step, which comes due.
    today = datetime.now(ZoneInfo(ZONE)).date()
    make_goal(page, due_on=today + timedelta(days=60), step_due_on=today + timedelta(days=1))
    page.goto("/reminders/settings/")
    page.get_by_label("Time of day").select_option("0")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Save")).first.click()
    assert [mail.subject for mail in mails_to(stack, ADDRESS) if "shifts" in mail.subject] == []
    product.call(people.let_days_pass)

    mail = wait_for_mail(stack, "Ask for two late shifts")
    assert mail.subject == "Tomorrow: Ask for two late shifts"
    for body in (mail.text, mail.html):
        assert "Ask for two late shifts" in body
        assert "Lead 12 shifts as nurse in charge" in body
    link = re.search(r"http://\S+/r/\S+/done/", mail.text)
    assert link
    assert f'href="{link[0]}"' in mail.html
    page.goto(link[0])
    expect(page.get_by_text("Ask for two late shifts").first).to_be_visible()  # it asks; the step is not done yet

    # One click in the mail client stops it, and no second mail comes, neither now nor when it is due.
    stop = re.match(r"\s*<(http[^>]+)>", mail.unsubscribe)
    assert stop
    assert one_click(stop[1]) == (200, stop[1])
    tomorrow = f"{today + timedelta(days=1)}T12:00:00+00:00"
    assert ADDRESS.lower() not in stack.manage("send_reminders", "--now", tomorrow, "--send")
    time.sleep(9)  # two more rounds of the real beat
    assert len([mail for mail in mails_to(stack, ADDRESS) if "shifts" in mail.subject]) == 1

    # And the step is ticked off, in the app.
    page.goto("/goals/")
    page.get_by_role("link", name="Lead 12 shifts as nurse in charge", exact=True).click()
    page.get_by_role("button", name=re.compile("Done.*Ask for two late shifts")).click()
    page.get_by_role("button", name="Later", exact=True).click()
    expect(page.get_by_text("No open steps")).to_be_visible()
    assert complaints.found + complaints_later.found == []
    context.close()
