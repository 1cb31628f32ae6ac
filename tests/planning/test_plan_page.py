"""The page of the plan, and the document that prints it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import Resource
from careerplan.plan_document.document import SHORT, DocumentPart
from careerplan.plan_document.queries import build_document, plans_for_document
from careerplan.planning.queries.plan_page import SHOWN_NEEDS, SHOWN_STEPS, load_plan_page
from careerplan.planning.timeline import SHOWN_LANES
from tests.factories.goals import NOW, NOW_ON, add_steps, make_entry, make_goal, only_step
from tests.skills.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_page_has_vision_goals_next_steps_and_what_is_needed(signed_in, user):
    goal = make_goal(user)
    goal.plan.vision = "A ward where nurses want to stay"
    goal.plan.save()
    Resource.objects.create(step=only_step(goal), kind=Resource.Kind.PERSON, description="Dr Osei")
    said = text_of(signed_in.get(reverse("plans:plan")))
    for words in (goal.plan.vision, goal.title, only_step(goal).title, "Dr Osei", reverse("plans:edit")):
        assert words in said


def test_the_document_prints_the_same_goals_steps_and_progress(user):
    goal = make_goal(user)
    make_entry(goal, 3)
    add_steps(goal, "Ask for a rota", "Take two nights")
    other = make_goal(user, title="Read one book", due_on=goal.due_on + timedelta(days=9))
    page = load_plan_page(user, NOW_ON)
    document = build_document(plans_for_document(user).get(), SHORT | {DocumentPart.TIMELINE}, NOW)
    drawn = [(lane.row.title, lane.row.due_on, lane.row.share_done, lane.marks) for lane in page.timeline.lanes]
    printed = document.timeline.lanes.lanes
    assert drawn == [(lane.row.title, lane.row.due_on, lane.row.share_done, lane.marks) for lane in printed]
    assert [title for title, *_rest in drawn] == [goal.title, other.title]
    steps = [step.title for facts in document.goals for step in facts.steps]
    assert {row.title for row in page.next_steps} <= set(steps)
    assert page.steps == len(steps)
    said = [" ".join(facts.said) for facts in document.goals]
    assert all(lane.row.words in words for lane, words in zip(page.timeline.lanes, said, strict=True))


def queries_of(user):
    with CaptureQueriesContext(connection) as captured:
        page = load_plan_page(user, timezone.localdate())
    return len(captured), page


def test_queries_and_rows_are_bounded(user):
    make_goal(user)
    few, _page = queries_of(user)
    for number in range(SHOWN_LANES + 2):
        step = only_step(make_goal(user, title=f"Goal {number}"))
        Resource.objects.create(step=step, kind=Resource.Kind.PERSON, description=f"Person {number}")
    many, page = queries_of(user)
    assert many == few <= 11
    assert (len(page.timeline.lanes), len(page.next_steps), len(page.needs.resources)) == (
        SHOWN_LANES,
        SHOWN_STEPS,
        SHOWN_NEEDS,
    )
    assert (page.goals, page.steps, page.timeline.more) == (SHOWN_LANES + 3, SHOWN_LANES + 3, 3)


def test_a_plan_without_goals_offers_one(signed_in, user):
    make_goal(user).delete()
    assert load_plan_page(user, NOW_ON).timeline is None
    assert reverse("goals:new") in text_of(signed_in.get(reverse("plans:plan")))
