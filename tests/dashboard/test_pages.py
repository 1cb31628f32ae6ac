"""The page Today, with and without goals, and its query counts."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertTemplateUsed

from careerplan.goals.models import Goal
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.draft import assessment_options
from tests.dashboard.today import DAY, done_step
from tests.factories.goals import add_steps, make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.factories.skills import make_catalogue, make_draft, make_finished_assessment, make_occupation
from tests.work import count_work

pytestmark = pytest.mark.django_db


def test_every_step_is_ticked_off_and_moved_from_its_row(signed_in, user):
    today = timezone.localdate()
    late = [make_goal(user, due_on=today + 90 * DAY, step_due_on=today - days * DAY) for days in (5, 4)]
    first, second = (only_step(goal) for goal in late)
    rated = done_step(user, due_on=today + 90 * DAY, at=timezone.now())
    response = signed_in.get(reverse("dashboard:today"))
    page = " ".join(response.content.decode().split())
    assert response.context["page"].hero.id == first.pk
    assert page.count('class="btn btn-primary"') == 1
    for step in (first, second):
        assert f'action="{reverse("goals:step-complete", args=[step.pk])}"' in page
        assert f'action="{reverse("goals:step-due", args=[step.pk])}"' in page
    assert f'href="{reverse("goals:step-evaluate", args=[rated.pk])}"' in page


def test_late_goal_comes_first_with_what_can_be_done(signed_in, user):
    today = timezone.localdate()
    make_goal(user, due_on=today + 90 * DAY, step_due_on=today - DAY)
    late = make_goal(user, due_on=today - 54 * DAY, step_due_on=today - 60 * DAY)
    response = signed_in.get(reverse("dashboard:today"))
    group = response.context["page"].groups[0]
    assert (group.rows[0].kind, group.rows[0].id) == ("goal", late.pk)
    page = response.content.decode()
    for way in ("move", "reached", "let-go"):
        assert f'href="{reverse(f"goals:{way}", args=[late.pk])}"' in page


@pytest.mark.parametrize("count", [1, 30])
def test_query_count_does_not_grow(signed_in, user, django_assert_num_queries, count):
    for _ in range(count):
        make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    # user, goals with their stop rules, steps, opportunities, what is only now and then there, reviews, notices
    with django_assert_num_queries(7):
        assert signed_in.get(reverse("dashboard:today")).status_code == 200


def test_results_with_a_goal_for_a_gap_take_no_more_queries(signed_in, user, django_assert_max_num_queries):
    results = make_finished_assessment(user, now=timezone.now() - DAY)
    skill = results.ratings.first().skill
    made = make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    Goal.objects.filter(pk=made.pk).update(origin_skill=skill)
    with django_assert_max_num_queries(8):
        page = signed_in.get(reverse("dashboard:today")).context["page"]
    assert page.first_goals == 0


def test_today_takes_at_most_four_times_the_work_of_a_page_without_content(signed_in, user):
    """Counted in calls; `make bench` counts the CPU."""
    today = timezone.localdate()
    for n in range(8):
        add_steps(make_goal(user, due_on=today + timedelta(days=60 + n)), "Practise", due_on=today + n * DAY)
    make_opportunity(user, closes_on=today + DAY)
    work = {}
    for name in ("dashboard:privacy", "dashboard:today"):
        ask = partial(signed_in.get, reverse(name))
        ask()
        work[name] = count_work(ask)
    assert work["dashboard:today"] <= 4 * work["dashboard:privacy"]


def test_unfinished_assessment_takes_eight_more_queries(signed_in, user, django_assert_num_queries):
    make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    draft = make_draft(user)
    occupation = make_occupation()
    Assessment.objects.filter(pk=draft.pk).update(target_occupation=occupation)
    Education.objects.create(assessment=draft, level="master")
    # Whether there is one; then it, its skills, ratings, answers about tasks and activities, its needs and tasks.
    with django_assert_num_queries(15):
        page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert "Your assessment" in page


def test_without_goals_an_opportunity_can_be_added(signed_in, user):
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert reverse("opportunities:new") in page
    make_opportunity(user, closes_on=timezone.localdate() + DAY)
    assert "Ward manager, ward 12" in signed_in.get(reverse("dashboard:today")).content.decode()


def test_front_page_redirects_signed_in_users_to_today(client, signed_in):
    assertTemplateUsed(client.get("/"), "dashboard/landing.html")
    assert signed_in.get("/").url == reverse("dashboard:today")


SIZES, THEMES = ("wide", "phone"), ("light", "dark")
MOST_BYTES = 90_000  # of one picture, with two pixels for each of the page
MOST_WORDS = 53  # of the landing page; it had 107


def test_front_page_asks_one_question_in_few_words(client):
    response = client.get("/")
    page = " ".join(response.content.decode().split())
    assert re.search(r'<h1><label for="id_q">[^<]+</label></h1>', page)
    assert f'role="search" action="{reverse("explore:index")}"' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert len(re.sub(r"<[^>]+>", " ", main).split()) <= MOST_WORDS
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies


def test_front_page_shows_the_product_in_both_themes_and_widths(client):
    page = client.get("/").content.decode()
    pictures = {Path(name).name for name in re.findall(r'(?:src|srcset)="([^"]+\.webp)"', page)}
    shown = {f"{name}-{size}-{theme}" for name in ("today", "results", "reached") for size in SIZES for theme in THEMES}
    assert {name.split(".")[0] for name in pictures} == shown
    files = [settings.BASE_DIR / "static" / "img" / "landing" / f"{name}.webp" for name in shown]
    assert max(file.stat().st_size for file in files) < MOST_BYTES


def test_without_goals_the_page_offers_three_starts(signed_in):
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert reverse("skills:home") in page
    assert reverse("goals:new") in page
    assert re.search(r"\d+ minutes, or \d+ for the quick version", page)


def test_minutes_are_those_of_the_wizard(signed_in, user):
    make_catalogue(each=7)
    minutes = {offer.key: offer.minutes for offer in assessment_options(user, timezone.now())}
    words = f"{minutes['full']} minutes, or {minutes['quick']} for the quick version"
    assert words in signed_in.get(reverse("dashboard:today")).content.decode()
