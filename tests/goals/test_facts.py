"""The list of facts of a goal, which pages, documents and the CSV file read."""

import pytest

from careerplan.goals.facts import FACTS, Place, facts_in, list_facts
from careerplan.goals.models import Goal
from careerplan.plan_document.document import DocumentPart
from tests.factories.goals import NOW, make_goal

CLOSED = {"closing_note": "It went well.", "learned": "Ask earlier.", "worth": 4}


def names(goal, place, **kwargs):
    labels = {fact.label_in(place): fact.name for fact in FACTS}
    return [labels[fact.label] for fact in list_facts(goal, place, **kwargs)]


def test_each_fact_is_a_field_or_property_of_the_goal_and_named_once():
    assert all(hasattr(Goal, fact.name) for fact in FACTS)
    assert len({fact.name for fact in FACTS}) == len({str(fact.label) for fact in FACTS}) == len(FACTS)


def test_each_fact_has_a_document_part():
    assert {fact.part for fact in FACTS} <= {"", *DocumentPart.values}


@pytest.mark.parametrize("place", Place)
def test_each_place_lists_facts(place):
    assert facts_in(place)


def test_unknown_facts_are_left_out(user):
    goal = make_goal(user)
    assert names(goal, Place.PAGE) == []
    assert names(goal, Place.SNAPSHOT) == ["area", "state"]
    assert names(goal, Place.DOCUMENT) == []


def test_outcome_is_a_fact_of_closed_goals_only(user):
    goal = make_goal(user, why="It matters.")
    Goal.objects.filter(pk=goal.pk).update(**CLOSED)
    goal.refresh_from_db()
    assert names(goal, Place.PAGE) == []
    Goal.objects.filter(pk=goal.pk).update(state=Goal.State.REACHED, closed_at=NOW)
    goal.refresh_from_db()
    assert names(goal, Place.PAGE) == ["closing_note", "learned", "worth"]
    assert names(goal, Place.ARCHIVED_PAGE) == ["closing_note", "learned"]
    assert names(goal, Place.DOCUMENT, without_parts=frozenset({"why"})) == ["closing_note", "learned"]


def test_stop_rule_is_a_fact_of_active_goals_only(user):
    goal = make_goal(user)
    Goal.objects.filter(pk=goal.pk).update(stop_on=NOW.date(), stop_condition="two managers have said yes")
    goal.refresh_from_db()
    assert names(goal, Place.DOCUMENT) == ["stop_on"]
    Goal.objects.filter(pk=goal.pk).update(state=Goal.State.LET_GO, closed_at=NOW)
    goal.refresh_from_db()
    assert names(goal, Place.DOCUMENT) == []
