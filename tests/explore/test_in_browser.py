"""From the landing page to a draft with the answers, by keyboard and without JavaScript; the pages are accessible."""

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from careerplan.explore.tryout import load_tryout, tryout_path
from careerplan.skills.models import Assessment
from tests.accounts.conftest import Newcomer
from tests.explore.pages import path_of
from tests.factories.accounts import PASSWORD
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEVELS = [4, 1, 0, 3, 5, 2]


@pytest.fixture
def newcomer(mail_box):
    cache.clear()
    return Newcomer(Client(), mail_box)


def type_title(page: Page, title: str) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    field = page.get_by_label("What would you like to be?")
    field.focus()
    page.keyboard.type(title)


def answer_by_keyboard(page: Page) -> None:
    """Choose the level of each question with the arrow keys, and send them with Enter."""
    for question, level in zip(page.get_by_role("group").all(), LEVELS, strict=True):
        question.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        for _ in range(level):
            page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Show my result").focus()
    page.keyboard.press("Enter")


def follow(page: Page, name: str) -> None:
    """Follow a link by keyboard."""
    page.get_by_role("link", name=name).focus()
    page.keyboard.press("Enter")


def sign_up(page: Page, newcomer: Newcomer) -> None:
    """Fill in the form, after it was sent empty once; then the code."""
    with page.expect_navigation():
        page.get_by_role("button", name="Create account").click()
    page.get_by_label("Your name").fill("Ruth Adeyemi")
    page.get_by_label("Email address").fill(newcomer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("select[name=time_zone]").select_option("Europe/London")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(newcomer.code())
    page.get_by_role("button", name="Confirm address").click()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_from_the_first_question_to_a_draft(open_page, newcomer, manager, script):
    asked = load_tryout(manager)
    page = open_page(java_script_enabled=script)
    type_title(page, "ward manager")
    if script:
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path_of(manager)}")
    follow(page, "Start the 6 questions")
    page.wait_for_url(f"**{tryout_path(manager)}")
    answer_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 of the 6")
    follow(page, "Create your account")
    sign_up(page, newcomer)
    page.wait_for_url("**/skills/assessment/where-you-are/")
    draft = Assessment.objects.get(user=User.objects.get(email=newcomer.email))
    expected = dict(zip([skill.pk for skill in asked.skills], LEVELS, strict=True))
    assert (draft.target_occupation, dict(draft.ratings.values_list("skill_id", "level"))) == (manager, expected)


def test_pages_are_accessible(open_page, manager):
    page = open_page()
    answers = "&".join(
        f"skill-{skill.pk}={level}" for skill, level in zip(load_tryout(manager).skills, LEVELS, strict=True)
    )
    path = tryout_path(manager)
    for address in ("/", path_of(manager), path, f"{path}?{answers}", f"{path}?{answers.partition('&')[0]}"):
        page.goto(address)
        check(page)


def test_on_a_phone_one_question_follows_the_other(open_page, manager):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(tryout_path(manager))
    for number, level in enumerate(LEVELS, start=1):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        page.get_by_role("radio").nth(level).tap(force=True)
    page.wait_for_url("**/try/?*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 of the 6")
