"""The search over everything of a plan."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.dashboard.search import MOST_FOUND, PAGES, search_everything
from careerplan.goals.models import ActionStep, Goal
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.reviews.models import Review
from tests.factories.goals import add_steps, make_entry, make_goal, only_step, rate_step
from tests.factories.opportunities import make_opportunity

pytestmark = pytest.mark.django_db


def found(user, text):
    return {hit.url for group in search_everything(user, text) for hit in group.hits}


def test_words_are_found_wherever_the_person_wrote_them(user, other_user):
    goal = make_goal(user, title="Lead falcon shifts")
    why = make_goal(user, why="Because of the Falcon")
    step = only_step(goal)
    ActionStep.objects.filter(pk=step.pk).update(details="Falcon details")
    make_entry(goal, note="falcon note")
    rated = only_step(why)
    rate_step(rated, learned="The falcon waits.")
    opportunity = make_opportunity(user, "Falcon keeper")
    now = timezone.now()
    Review.objects.create(plan=goal.plan, due_on=date(2027, 1, 4), made_at=now, started_at=now, next="More falcon")
    make_goal(other_user, title="Falcon of another person")
    assert found(user, "FALCON") == {
        goal.get_absolute_url(),
        why.get_absolute_url(),
        f"{goal.get_absolute_url()}#step-{step.pk}",
        f"{why.get_absolute_url()}#step-{rated.pk}",
        reverse("goals:progress", args=[goal.pk]),
        opportunity.get_absolute_url(),
        reverse("reviews:continue"),
    }
    assert found(user, "falcon lead") == {goal.get_absolute_url(), why.get_absolute_url()}  # in title and reason
    assert found(user, "falcon nothing") == found(user, "  ") == set()


def test_pages_are_found_by_their_names(user):
    assert reverse("plans:pause") in found(user, "pause")
    assert all(reverse(name) for _title, name in PAGES)


def test_list_of_open_steps_is_linked_where_it_has_one(user):
    steps = add_steps(make_goal(user), "Falcon", "Falcon")
    ActionStep.objects.filter(pk=steps[0].pk).update(state="done", done_at=timezone.now())
    (group,) = search_everything(user, "falcon")
    assert group.all_url == reverse("goals:steps")
    ActionStep.objects.filter(pk=steps[1].pk).update(state="done", done_at=timezone.now())
    (group,) = search_everything(user, "falcon")
    assert (len(group.hits), group.all_url) == (2, "")


def test_a_hit_says_where_its_words_are(user):
    now = timezone.now()
    goal = make_goal(user, title="Lead falcon shifts", why="No lamp.  " + "Long words. " * 20 + "A <b>LAMP</b> burns")
    Review.objects.create(plan=goal.plan, due_on=date(2027, 1, 4), made_at=now, started_at=now, obstacles="Falcons")
    make_opportunity(user, "Keeper", organisation="Falcon House")
    hits = [group.hits[0] for group in search_everything(user, "falcon")]
    assert [(hit.where, hit.excerpt, hit.meta) for hit in hits] == [
        ("", (), "Active"),
        ("Organisation:", [("Falcon", True), (" House", False)], ""),
        ("What got in the way?", [("Falcon", True), ("s", False)], ""),
    ]
    assert hits[0].title_parts == [("Lead ", False), ("falcon", True), (" shifts", False)]
    (group,) = search_everything(user, "falcon <b>lamp")
    where, excerpt = group.hits[0].where, group.hits[0].excerpt
    assert where == "Why does it matter to you?"
    assert excerpt[0][0].startswith("… ")
    assert excerpt[1:] == [("<b>LAMP", True), ("</b> burns", False)]


def test_review_that_an_archived_plan_left_unfinished_is_not_found(user):
    now = timezone.now()
    plan = make_goal(user).plan
    Review.objects.create(plan=plan, due_on=date(2027, 1, 4), made_at=now, started_at=now, obstacles="Falcons")
    start_new_plan(plan=plan, title="Next", closing_notes="", carried=(), now=now)
    assert found(user, "falcon") == set()


@pytest.mark.parametrize("count", [1, 30])
def test_query_count_does_not_grow_and_hits_are_limited(signed_in, user, django_assert_num_queries, count):
    add_steps(make_goal(user, title="Falcon"), *["Falcon"] * count)
    signed_in.get(reverse("dashboard:search"))
    with django_assert_num_queries(7):  # user, goals, steps, progress, ratings, opportunities, reviews
        page = signed_in.get(reverse("dashboard:search"), {"q": "falcon"})
    steps = next(group for group in page.context["groups"] if group.all_url)
    assert len(steps.hits) == min(count, MOST_FOUND)


@pytest.mark.parametrize("words", ["\0", "%", "_", "\\", "x" * 5000, "zq " * 200, "<b>"])
def test_any_words_are_searched_as_text(signed_in, user, words):
    make_goal(user)
    assert signed_in.get(reverse("dashboard:search"), {"q": words}).status_code == 200
    assert not [url for url in found(user, words) if url == Goal.objects.get().get_absolute_url()]
