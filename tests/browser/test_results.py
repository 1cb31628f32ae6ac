"""Results without a target, and beside an occupation that is not rated: looked at like every page."""

import json

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from careerplan.local.stack import Stack
from tests.browser.conftest import Complaints, open_context
from tests.browser.test_pages import LOOKS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.xdist_group("browser")]

# Somebody with a finished assessment and no target, signed in; prints their cookie and ids of occupations.
FILL = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.skills import services
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
now = timezone.now()
user = User.objects.create_user("undecided@example.org", name="Undecided", time_zone="Europe/London")
draft = services.start_assessment(user=user, mode=Assessment.Mode.FULL, now=now)
services.save_direction(assessment=draft, changes={"career_stage": "starting", "target_undecided": True}, now=now)
services.save_education(assessment=draft, changes={"level": "secondary", "enough": "unsure"}, now=now)
levels = {skill.pk: place % 4 + 1 for place, skill in enumerate(load_wizard(draft).answers.skills)}
services.save_ratings(assessment=draft, levels=levels, now=now)
sorting = {pk: services.VerdictChange("strength" if level == 4 else "neither", "") for pk, level in levels.items()}
services.save_verdicts(assessment=draft, sorting=sorting, now=now)
services.choose_skills_to_learn(assessment=draft, wanted=set(), now=now)
services.finish_assessment(assessment=draft, now=now, today=now.date())
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session["signed_in_at"] = int(now.timestamp())
session.save()
unrated = Occupation.objects.filter(is_rated=False).values_list("pk", flat=True).first()
rough = Occupation.objects.filter(source="oasis-2023").values_list("pk", flat=True).first()
print(json.dumps([settings.SESSION_COOKIE_NAME, session.session_key, unrated, rough]))
"""


@pytest.fixture(scope="module")
def undecided(stack: Stack) -> list:
    """Cookie name and value, an occupation that is not rated, and one with rough estimates."""
    return json.loads(stack.manage("shell", "-c", FILL).strip().splitlines()[-1])


def sign_in(context: BrowserContext, stack: Stack, undecided: list) -> None:
    name, value, *_ = undecided
    context.add_cookies([{"name": name, "value": value, "url": stack.base_url}])


@pytest.mark.parametrize("look", LOOKS)
def test_results_without_a_target(stack: Stack, browser: Browser, undecided: list, look: dict) -> None:
    context = open_context(browser, stack, **look)
    sign_in(context, stack, undecided)
    page = context.new_page()
    complaints = Complaints(page)
    *_, unrated, rough = undecided
    page.goto("/skills/results/")
    expect(page.get_by_role("heading", name="Choose a target role")).to_be_visible()
    wrong = look_at(page, "without a target")
    page.goto(f"/skills/results/?occupation={unrated}")
    expect(page.get_by_text("Our sources do not rate")).to_be_visible()
    wrong += look_at(page, "not rated")
    page.goto(f"/skills/results/?occupation={rough}")
    expect(page.get_by_text("rough estimate", exact=True).first).to_be_visible()
    page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
    wrong += look_at(page, "rough estimates, everything open")
    assert wrong + complaints.found == []
    context.close()


def test_from_a_fit_to_its_gaps_to_a_goal_without_javascript(stack: Stack, browser: Browser, undecided: list) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    sign_in(context, stack, undecided)
    page = context.new_page()
    page.goto("/skills/results/")
    page.locator("#fits tbody a").last.click()
    page.get_by_role("link", name="Make this a goal").first.click()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_text("Goal saved.")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    page.goto("/skills/results/")
    assert title in page.content()
    context.close()
