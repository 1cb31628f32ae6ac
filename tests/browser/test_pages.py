"""Every page, looked at by a machine: axe finds nothing, the browser complains of nothing, nothing scrolls sideways.

Light and dark, 1280 and 360 px wide; once more without JavaScript.
"""

import os
import re

import pytest
from playwright.sync_api import Browser, expect

from careerplan.local.stack import Stack
from tests.browser.closer_looks import COVERED_BARS, SMALL_TARGETS
from tests.browser.conftest import PHONE, Complaints, open_context
from tests.browser.looks import address, check, look_at
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack]

STRANGERS = {
    "landing": "/",
    "privacy": "/privacy/",
    "explore": "/occupations/",
    "explore, one field": "/occupations/health/",
    "explore, search": "/occupations/?q=ward",
    "explore, no match": "/occupations/?q=qqqq",
    "explore, occupation": "/occupations/health/registered-nurse-29-1141/",
    "explore, questions": "/occupations/health/registered-nurse-29-1141/try/",
    "sign up": "/account/signup/",
    "sign in": "/account/login/",
    "password reset": "/account/password/reset/",
    "password reset sent": "/account/password/reset/done/",
    "not found": "/nothing/here/",
    "mails": f"/local/{os.environ['LOCAL_MAIL_KEY']}/mail/",
}
RUTHS = {
    "today": "/today/",
    "goals": "/goals/",
    "new goal": "/goals/new/",
    "goal": "first goal",
    "record": "first goal, record/",
    "progress": "first goal, progress/",
    "new step": "first goal, steps/new/",
    "edit goal": "first goal, edit/",
    "move goal": "first goal, move/",
    "if-then plan": "first goal, if-then/obstacle/",
    "close goal": "first goal, reached/",
    "how it went": "first reached",
    "delete goal": "first goal, delete/",
    "edit step": "first step",
    "settings": "/reminders/settings/",
    "skills": "/skills/",
    "strengths": "/skills/results/",
    "gaps": "/skills/results/gaps/",
    "occupations": "/skills/results/occupations/",
    "ratings": "/skills/results/ratings/",
    "first goals": "/goals/first/",
    "gaps beside another occupation": "first fit",
    "goal from a gap": "first gap",
    "explore, occupation": "/occupations/managing/health-services-manager-11-9111/",
    "explore, another occupation": "/occupations/building/electrician-47-2111/",
    "account settings": "/account/settings/",
    "email": "/account/email/",
    "password": "/account/password/change/",
    "sign out": "/account/logout/",
}


# Before there is anything: a drawn example on each.
NEWCOMERS = {
    "first day": "/today/",
    "no goal": "/goals/",
    "no plan": "/plan/",
    "no opportunity": "/opportunities/",
    "no review": "/reviews/",
    "no step": "/goals/steps/",
    "no assessment": "/skills/assessment/",
    "no hit": "/search/?q=dentist",
}


def test_pages_of_somebody_new(stack: Stack, product: StackProcess, browser: Browser) -> None:
    email = product.call("tests.browser.people.make_person")
    context = open_context(browser, stack)
    cookie = product.call("tests.browser.people.session_cookie", email=email)
    context.add_cookies([cookie | {"url": stack.base_url}])
    assert check(context, NEWCOMERS) == []


def test_pages_of_strangers(stack: Stack, browser: Browser) -> None:
    assert check(open_context(browser, stack), STRANGERS) == []


def test_pages_of_somebody_with_a_plan(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    assert check(context, RUTHS) == []


def test_pages_of_an_operator(stack: Stack, product: StackProcess, browser: Browser) -> None:
    made = product.call("tests.browser.people.make_operator")
    context = open_context(browser, stack)
    context.add_cookies([made["cookie"] | {"url": stack.base_url}])
    assert check(context, made["pages"]) == []


# Where a title of the person's own stands.
TITLES = "h1, h3, h3 a, .cp-over a, .cp-lane-head a, .cp-agenda-title a, .cp-agenda-meta, .cp-step-title, .cp-hint"


def test_a_title_of_one_long_word_makes_no_page_scroll_sideways(
    stack: Stack, browser: Browser, ruths_cookies: list
) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    wide = {}
    for where in ("/today/", "/goals/", "first goal", "first goal, record/", "first goal, reached/"):
        page.goto(address(page, where))
        page.evaluate("all => document.querySelectorAll(all).forEach(e => e.textContent = 'x'.repeat(200))", TITLES)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            wide[where, width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert not any(wide.values()), wide
    context.close()


def test_a_form_with_errors(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/goals/new/")
    page.get_by_role("button", name="Save goal").click()
    expect(page).to_have_title(re.compile("^Error: New goal"))
    # The summary takes the focus, and its links lead to the fields.
    expect(page.get_by_role("alert")).to_be_focused()
    assert look_at(page, "new goal with errors") == []
    page.get_by_role("link", name=re.compile("What is your goal")).click()
    expect(page.locator("#id_title")).to_be_focused()
    assert complaints.found == []
    context.close()


def test_a_goal_is_made_and_ticked_off_without_javascript(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/goals/new/")
    page.get_by_label("What is your goal?").fill("Read one book on staffing")
    page.get_by_text("Yes or no").click()
    page.get_by_label("What counts as done?").fill("My notes on it are written")
    page.locator("#id_due_on").fill("2099-12-31")
    page.get_by_label("What will you do?").fill("Borrow the book")
    page.get_by_label("Due date of the step").fill("2099-01-31")
    page.get_by_role("button", name="Save goal").click()
    page.get_by_role("button", name=re.compile("Done.*Borrow the book")).click()
    page.get_by_role("button", name="Later", exact=True).click()
    expect(page.get_by_text("No open steps")).to_be_visible()
    context.close()


def test_the_tab_key_goes_through_a_goal_form_in_order(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    page.goto("/goals/new/")
    page.get_by_label("What is your goal?").focus()
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    order = ["measure_kind", "start_value", "target_value", "starts_on", "due_on", "why", "step_title"]
    assert [name for index, name in enumerate(seen) if name in order and name not in seen[:index]] == order
    context.close()


TASKS = (
    *("first goal, record/", "first goal, steps/new/", "first goal, steps/order/", "first goal, edit/"),
    *(
        "first goal, move/",
        "first goal, reached/",
        "first goal, let-go/",
        "first goal, delete/",
        "first goal, progress/",
    ),
    *("first opportunity, weigh-up/", "first opportunity, edit/", "first opportunity, skills/"),
    *("first opportunity, advert/", "first opportunity, pursue/", "first opportunity, decline/"),
    *("first opportunity, delete/", "first step", "/opportunities/new/", "/opportunities/criteria/"),
    *("/goals/new/", "/goals/steps/add/", "/plan/edit/", "/plan/pause/", "/plan/new/"),
    *("/reviews/schedule/", "/account/delete/"),
)
HEADING = "(box => [Math.round(box.left), Math.round(box.top)])(document.querySelector('h1').getBoundingClientRect())"


def test_the_heading_of_each_task_stands_at_one_place(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, viewport={"width": 1280, "height": 800})
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    places: dict[tuple[int, int], list[str]] = {}
    for where in TASKS:
        page.goto(address(page, where))
        places.setdefault(tuple(page.evaluate(HEADING)), []).append(where)
    assert len(places) == 1, places
    context.close()


TOUCHED = (
    *("/today/", "/goals/", "/goals/new/", "first goal", "first goal, move/", "/goals/steps/?several=1", "/plan/"),
    *("/skills/results/", "/reminders/settings/", "/account/settings/", "first opportunity, weigh-up/"),
)


def test_everything_touched_is_44_pixels_high(stack: Stack, browser: Browser, ruths_cookies: list) -> None:
    context = open_context(browser, stack, **PHONE)
    context.add_cookies(ruths_cookies)
    page = context.new_page()
    small = {}
    for where in TOUCHED:
        page.goto(address(page, where))
        small[where] = page.evaluate(SMALL_TARGETS)
        assert page.evaluate(COVERED_BARS) == [], where
    assert not any(small.values()), small
    page.goto("/today/")
    page.locator("#quick-line").fill("Ask Karen tomorrow 1h")
    expect(page.locator(".cp-understood b")).to_be_visible()
    expect(page.locator(".cp-understood kbd")).to_be_hidden()  # a phone has no such key
    context.close()
