"""The results are kept in memory until something that they show changes."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from careerplan.catalogue.models import Occupation, Skill
from careerplan.core.readonly import allow_closed_changes
from careerplan.skills.queries.result_cache import _results, load_results
from careerplan.skills.queries.skill_groups import GoalLink
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.own_skills import add_own_skill, rename_own_skill
from careerplan.skills.services.sorting import choose_skills_to_learn
from tests.factories.skills import NOW, make_answered_draft, make_catalogue, make_occupation, make_results
from tests.skills.pages import text_of

pytestmark = pytest.mark.django_db
GOAL = GoalLink("Lead a shift", "/goals/1/")
MOST_QUERIES = 16
"""Of a first visit; a page whose results are kept makes seven."""


@pytest.fixture
def ids():
    return [skill.pk for skill in make_catalogue()]


@pytest.fixture
def ward(ids):
    """The target, in a catalogue that is large enough to be ranked."""
    for number in range(4):
        make_occupation(code=f"13-{number:04}.00", title=f"Occupation {number}", needs=dict.fromkeys(ids, (3, 4)))
    return make_occupation(code="11-9111.00", title="Ward manager", needs=dict.fromkeys(ids, (4, 4)))


@pytest.fixture
def finished(user, ids, ward):
    return make_results(user, levels=dict.fromkeys(ids, 2), target_occupation=ward, target_role="")


def load(assessment, **changes):
    return load_results(assessment, **{"now": NOW, "goals": {}, "task_goals": {}, **changes})


def test_results_are_made_once_and_cost_three_queries_then(finished):
    first = load(finished)
    with CaptureQueriesContext(connection) as done:
        assert load(finished) is first
    assert len(done) == 3


def queries_of_first_visit(client, view):
    """How many queries a page makes if its results are not kept, and all else is warm."""
    address = reverse("skills:results", args=[view] if view else [])
    client.get(address)
    _results.cache_clear()
    with CaptureQueriesContext(connection) as done:
        assert client.get(address).status_code == 200
    return len(done)


@pytest.mark.parametrize("view", ["", "gaps", "occupations", "ratings"])
def test_a_first_visit_makes_no_more_queries_in_a_larger_catalogue(signed_in, finished, ids, view):
    few = queries_of_first_visit(signed_in, view)
    for number in range(30):
        make_occupation(code=f"15-{number:04}.00", title=f"Further {number}", needs=dict.fromkeys(ids, (2, 3)))
    assert queries_of_first_visit(signed_in, view) == few <= MOST_QUERIES


def test_what_is_compared_is_in_the_results(user, finished, ids, ward):
    first = load(finished)
    gaps = load(finished, goals={ids[0]: GOAL}).comparison.gaps
    assert [row.skill_id for row in gaps if row.goal == GOAL] == [ids[0]]
    other = Occupation.objects.get(title="Occupation 1")
    assert load(finished, occupation=other).occupation == other
    user.plans.filter(state="active").update(target_occupation=other)
    assert load(finished).occupation == other
    assert first.occupation == ward


def test_a_change_of_the_catalogue_is_in_the_results(finished, ids, ward):
    assert load(finished).comparison.gaps[0].need == 4
    ward.needs.update(level=5, figure=6)
    Occupation.objects.filter(pk=ward.pk).update(updated_at=NOW + timedelta(days=1))
    assert load(finished).comparison.gaps[0].need == 5
    Skill.objects.filter(pk=ids[0]).update(name="Bandaging")
    assert "Bandaging" in [row.name for row in load(finished).comparison.gaps]


def test_an_own_skill_that_is_renamed_is_in_the_results(signed_in, user):
    draft = make_answered_draft(user)
    welding = add_own_skill(assessment=draft, name="Welding", level=3, now=NOW)
    choose_skills_to_learn(assessment=draft, wanted={welding.pk}, now=NOW)
    finish_assessment(assessment=draft, now=timezone.now(), today=timezone.localdate())
    page = reverse("skills:results", args=["ratings"])
    assert "Welding" in text_of(signed_in.get(page))
    rename_own_skill(skill=welding, name="Soldering")
    assert "Soldering" in text_of(signed_in.get(page))


def test_an_import_of_an_earlier_assessment_and_its_undo_are_in_the_results(user, finished, ids):
    first = load(finished)
    assert (first.since_last, first.earlier) == (None, [])
    earlier = make_results(user, levels=dict.fromkeys(ids, 1), now=NOW - timedelta(days=90))
    assert load(finished).since_last.previous == earlier
    assert [one.pk for one in load(finished).earlier] == [earlier.pk]
    with transaction.atomic(), allow_closed_changes():
        earlier.delete()
    assert (load(finished).since_last, load(finished).earlier) == (None, [])


def test_a_later_assessment_changes_nothing(user, finished, ids):
    first = load(finished)
    make_results(
        user, levels=dict.fromkeys(ids, 1), now=NOW + timedelta(days=1), target_occupation=finished.target_occupation
    )
    assert load(finished).earlier == first.earlier == []


def test_day_zone_and_language_are_those_of_the_visit(finished):
    first = load(finished)
    assert load(finished, now=NOW + timedelta(days=1)) is not first
    with timezone.override("Asia/Tokyo"):
        assert load(finished) is not first
    with translation.override("de"):
        assert load(finished) is not first
    assert load(finished) is first
