"""A person's own words run in the direction of their script, wherever they are shown (tests/cases/rtl.json).

An account with something of everything holds the same right-to-left words in every text, and every page of its owner
is read; tests/reminders/test_mail.py reads the email. Where these words stand, an element or marks must let their own
first letters decide; else numbers and Latin words in them would stand in the wrong order.
"""

import json
from pathlib import Path

import pytest

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.sentences import isolate_turned
from careerplan.goals.models import ActionStep, Goal, ProgressEntry, Resource
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review
from careerplan.skills.models import Assessment
from tests.architecture import routes
from tests.architecture.test_routes import address_of
from tests.directions import texts_with
from tests.each import each
from tests.factories.whole import LATER, make_whole_account

CASES = json.loads((Path(__file__).parents[1] / "cases" / "rtl.json").read_text("utf-8"))["texts"]
SHOWN = [case for case in CASES if case["direction"] != "refused"]
WORDS = SHOWN[0]["text"]
MODELS = {
    "goal": Goal,
    "step": ActionStep,
    "entry": ProgressEntry,
    "resource": Resource,
    "assessment": Assessment,
    "review": Review,
    "opportunity": Opportunity,
}
FIRST_TITLE = f"Next, {WORDS}"
"""The title of the plan before it was changed: in the history, and left to right."""
PAGES = sorted((routes.OWN | set(routes.OBJECT_ROUTES)) - routes.POST_ONLY)


@pytest.mark.parametrize(
    ("html", "turns"),
    [
        ('<h1 dir="auto">{}</h1>', True),
        ('<p dir="auto"><span>{}</span></p>', True),
        ("<p>You want <bdi>{}</bdi>.</p>", True),
        ("<p>You want \u2068{}\u2069.</p>", True),
        ('<input dir="auto" value="{}">', True),
        ('<p dir="auto">You want {}.</p>', False),
        ('<div dir="auto"><p dir="ltr">{}</p></div>', False),
        ('<html dir="ltr"><p>{}</p></html>', False),
    ],
)
@each("case", SHOWN, called=lambda case: case["id"])
def test_a_text_runs_as_a_browser_writes_it(case, html, turns):
    [found] = texts_with(case["text"], html.format(case["text"]))
    assert found.direction == (case["direction"] if turns else "ltr")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_words_that_turn_what_follows_are_isolated_in_a_line(case):
    is_turning = case["direction"] != "ltr" or case["id"] == "latin-first"
    assert isolate_turned(case["text"]) == (f"\u2068{case['text']}\u2069" if is_turning else case["text"])


@pytest.fixture
def owner(user, time_machine) -> User:
    """Somebody who wrote right-to-left words everywhere."""
    time_machine.move_to(LATER, tick=False)
    make_whole_account(user, WORDS)
    Plan.objects.filter(title=FIRST_TITLE).update(title=WORDS)
    Skill.objects.filter(owner=user).update(name=WORDS)
    return user


def objects_of(user: User) -> dict[str, object]:
    """An object of each kind that has a page, the newest."""
    found = {kind: model.objects.for_user(user).order_by("-pk").first() for kind, model in MODELS.items()}
    found["own_skill"] = Skill.objects.get(owner=user)
    found["archived_plan"] = Plan.objects.get(user=user, state="archived")
    return found


@pytest.mark.django_db
def test_own_words_run_in_their_direction_on_every_page(owner, signed_in):
    objects, places, wrong = objects_of(owner), 0, []
    for name in PAGES:
        if name in routes.OBJECT_ROUTES and routes.OBJECT_ROUTES[name] not in objects:
            continue
        page = signed_in.get(address_of(name, objects))
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            for found in texts_with(WORDS, page.content.decode()):
                places += 1
                if found.direction != "rtl" and FIRST_TITLE not in found.text:
                    wrong.append(f"{name}: <{found.tag}> {found.text.strip()[:60]}")
    print(f"{places} places with right-to-left words, {len(wrong)} of them in the wrong direction")
    assert places > 100
    assert not wrong, "\n".join(wrong)
