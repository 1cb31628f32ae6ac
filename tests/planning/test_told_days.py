"""What changed in a plan, told by the day."""

import os
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Side
from careerplan.goals.models import Goal
from careerplan.goals.services.goals import ChangeReason, ClosingNotes, close_goal, move_goal
from careerplan.goals.services.steps import complete_step
from careerplan.local.demo import load_demo
from careerplan.meetings.models import Meeting
from careerplan.mentoring.services.ending import stop_sharing
from careerplan.planning.queries.told_days import tell_history
from careerplan.plans.models import Plan
from tests.factories.catalogue import copy_shipped_catalogue
from tests.factories.conversation import say, share_with_mentor
from tests.factories.goals import NOW, NOW_ON, add_steps, make_goal, rate_step
from tests.factories.second_opinions import make_opened_opinion
from tests.skills.pages import text_of

pytestmark = pytest.mark.django_db


def test_a_day_says_what_moved_and_why(user):
    goal = make_goal(user)
    new = goal.due_on + timedelta(days=10)
    why = ChangeReason(reason="life", note="November is all night shifts.")
    move_goal(goal=goal, due_on=new, reason=why, today=NOW_ON, now=NOW)
    told = [change for month in tell_history(goal.plan) for day in month.days for change in day.changes]
    (moved,) = [change for change in told if change.own_words]
    assert moved.own_words == why.note
    assert goal.title in moved.sentence
    assert str(new.year) in moved.sentence


def test_goals_added_on_one_day_are_one_sentence(user):
    titles = ["Read one book", "Read two books", "Read three books"]
    for title in titles:
        goal = make_goal(user, title=title)
    (_month,) = months = tell_history(goal.plan)
    said = " ".join(change.sentence for change in months[0].days[0].changes)
    assert "3" in said
    assert not any(title in said for title in titles)


@pytest.mark.parametrize("outcome", [Goal.State.REACHED, Goal.State.PARTLY, Goal.State.LET_GO])
def test_a_closed_goal_quotes_how_it_went(user, outcome):
    goal = make_goal(user)
    close_goal(goal=goal, outcome=outcome, notes=ClosingNotes(closing_note="Both stayed."), today=NOW_ON, now=NOW)
    told = [change for month in tell_history(goal.plan) for day in month.days for change in day.changes]
    assert [change.own_words for change in told if change.own_words] == ["Both stayed."]


def test_steps_are_counted_by_the_month(user):
    goal = make_goal(user)
    for step in add_steps(goal, "Ask", "Read"):
        rate_step(step, 3)
    assert sum(month.steps_done for month in tell_history(goal.plan)) == 2


def test_each_time_of_a_repeating_step_counts(user):
    goal = make_goal(user)
    [step] = add_steps(goal, "Practise", due_on=NOW_ON, repeats="daily:1")
    for days in range(3):
        complete_step(step=step, now=NOW + timedelta(days=days))
    assert sum(month.steps_done for month in tell_history(goal.plan)) == 3


def test_people_are_told_of_without_their_words_or_levels(user):
    goal = make_goal(user, title="Speak to 100 people")
    Plan.objects.filter(pk=goal.plan.pk).update(started_on=NOW_ON)
    plan = Plan.objects.get(pk=goal.plan.pk)
    mentorship = share_with_mentor(user, goal, email=f"kwame-{os.getpid()}@example.org")
    for by, words in ((Side.MENTOR, "Canary one"), (Side.MENTOR, "Canary two"), (Side.OWNER, "Canary three")):
        say(mentorship, goal, words, by=by)
    make_opened_opinion(mentorship, [Skill.objects.create(name="Canary four", owner=user)], [4], "Canary five")
    Meeting.objects.create(mentorship=mentorship, starts_at=NOW, set_at=NOW, held_at=NOW)
    stop_sharing(mentorship=mentorship, now=NOW + timedelta(days=1))
    before = share_with_mentor(user, name="Ada Before", now=NOW - timedelta(days=30), ends_at=NOW + timedelta(days=9))
    told = [change for month in tell_history(plan) for day in month.days for change in day.changes]
    sentences = [re.sub("[\u2068\u2069]", "", change.sentence) for change in told]
    assert [one for one in sentences if "Kwame" in one] == [
        "Kwame Osei no longer sees your plan.",
        "Kwame Osei now sees part of your plan.",
        "Kwame Osei commented on “Speak to 100 people”.",
        "You wrote to Kwame Osei about “Speak to 100 people”.",
        "Kwame Osei rated your skills.",
        "You met Kwame Osei.",
    ]
    assert "Canary" not in "".join(sentences)
    assert before.name not in "".join(sentences)


@pytest.mark.parametrize("goals", [1, 12])
def test_queries_are_constant(user, django_assert_num_queries, goals):
    for number in range(goals):
        make_goal(user, title=f"Goal {number}")
    plan = Plan.objects.select_related("user").get(user=user)
    with django_assert_num_queries(4 + 5):  # of the plan; of people, comments, suggestions, opinions, meetings
        tell_history(plan)


def test_the_year_of_the_demo_takes_at_most_150_words(client):
    copy_shipped_catalogue()
    user = load_demo(now=NOW)
    client.force_login(user)
    months = tell_history(Plan.objects.get(user=user))
    told = [change for month in months for day in month.days for change in day.changes]
    words = " ".join(f"{change.sentence} {change.own_words}" for change in told).split()
    assert 60 < len(words) <= 150
    assert len(months) >= 5
    page = text_of(client.get(reverse("plans:change-log")))
    assert all(change.sentence in page for change in told)
    assert reverse("plans:every-change") in page
