"""A person's own words of any length (tests/cases/long-words.json) make no page scroll sideways."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from careerplan.core.mail import layout
from careerplan.goals.models import Goal
from careerplan.goals.services.goals import ClosingNotes, close_goal
from careerplan.plans.models import Plan
from careerplan.reminders.digest_mail import Item, Quote
from careerplan.reminders.email_actions.links import MailLink
from tests.factories.accounts import UserFactory
from tests.factories.goals import NOW, make_entry, make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.factories.reviews import make_finished_review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = Path(__file__).parents[1] / "cases"
WIDTHS = (320, 360, 1280)
MAIL_WIDTH = 375
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


def reach_last_goal(user: User) -> Goal:
    """Close a goal with the same words; its page shows them largest."""
    goal = Goal.objects.filter(plan__user=user).last()
    notes = ClosingNotes(closing_note=goal.title, learned=goal.title)
    return close_goal(goal=goal, outcome=Goal.State.REACHED, notes=notes, today=NOW.date(), now=NOW)


def pages_of(goal: Goal, reached: Goal) -> list[str]:
    names = ("dashboard:today", "goals:list", "plans:plan", "plans:edit", "opportunities:list", "goals:steps")
    chances = [f"o={one.pk}" for one in goal.plan.opportunities.all()]
    compared = [f"{reverse('opportunities:compare')}?{'&'.join(chances[:n])}" for n in (2, 3)]
    of_goal = [reverse(f"goals:{name}", args=[goal.pk]) for name in ("detail", "reached", "move")]
    review = make_finished_review(goal.plan.user, NOW)
    moments = [reverse("goals:how-it-went", args=[reached.pk]), review.get_absolute_url()]
    return [*map(reverse, names), *of_goal, *compared, *moments]


@pytest.fixture
def open_phone(open_page: Callable[..., Page]) -> Callable[[User], Page]:
    return lambda user: open_page(user, viewport={"width": WIDTHS[0], "height": 700})


def test_long_words_make_no_page_scroll_sideways(open_phone):
    words = [case["text"][:200] for case in texts("long-words.json")]
    user, goal = make_person(words)
    page, looks, found = open_phone(user), 0, []
    paths = pages_of(goal, reach_last_goal(user))
    for path in paths:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            looks += 1
            if page.evaluate(SIDEWAYS) > 0:
                found.append((path, width))
    assert looks == len(WIDTHS) * len(paths) > len(WIDTHS)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("case", texts("long-words.json"), ids=lambda case: case["id"])
def test_email_holds_on_a_phone_with_any_title(open_page, case):
    texts = dict.fromkeys(("mark", "when", "title", "detail"), case["text"])
    button, *others = [MailLink("Mark as done", f"https://example.org/{n}") for n in range(3)]
    quotes = [Quote(case["text"], case["text"])]
    item = Item(mark_kind="late", quotes=quotes, button=button, alternatives=others, **texts)
    words = {"heading": case["text"], "lead": case["text"], "paragraphs": [case["text"]], "foot": [case["text"]]}
    html = layout("html").render(
        site_url="https://example.org/",
        preheader="",
        **words,
        items=[item],
    )
    page = open_page(viewport={"width": MAIL_WIDTH, "height": 700})
    page.set_content(html)
    assert page.evaluate(SIDEWAYS) <= 0
