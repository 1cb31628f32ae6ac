"""A person's own words of any length (tests/cases/long-words.json) make no page scroll sideways."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_entry, make_goal, only_step
from tests.factories.opportunities import make_opportunity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = Path(__file__).parents[1] / "cases"
WIDTHS = (320, 375, 1280)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def texts(name: str) -> list[dict[str, str]]:
    return json.loads((CASES / name).read_text("utf-8"))["texts"]


def make_person(words: list[str]) -> tuple[User, Goal]:
    """A person who wrote these words everywhere; the goal with the first of them."""
    user, goals = UserFactory(), []
    for text in words:
        goals.append(make_goal(user, title=text, why=text, measure_kind="number", unit="x", target_value="9"))
        step = only_step(goals[-1])
        step.title = text
        step.save()
        make_entry(goals[-1], note=text)
        make_opportunity(user, title=text)
    Plan.objects.filter(user=user).update(title=words[0][:100], vision=words[0])
    return user, goals[0]


def pages_of(goal: Goal) -> list[str]:
    names = ("dashboard:today", "goals:list", "plans:plan", "plans:edit", "opportunities:list")
    return [*map(reverse, names), goal.get_absolute_url()]


@pytest.fixture
def open_phone(open_page: Callable[..., Page]) -> Callable[[User], Page]:
    return lambda user: open_page(user, viewport={"width": WIDTHS[0], "height": 700})


def test_long_words_make_no_page_scroll_sideways(open_phone):
    words = [case["text"][:200] for case in texts("long-words.json")]
    user, goal = make_person(words)
    page, looks, found = open_phone(user), 0, []
    for path in pages_of(goal):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            looks += 1
            if page.evaluate(SIDEWAYS) > 0:
                found.append((path, width))
    assert looks == len(WIDTHS) * 6
    assert not found, "\n".join(map(str, found))
