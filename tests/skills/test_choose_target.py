"""Making an occupation one's target from the results."""

from datetime import timedelta

import pytest
from django.urls import reverse, reverse_lazy

from careerplan.catalogue.models import Occupation
from careerplan.plans.models import Plan
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.skill_gap import get_skill_gap
from tests.factories.goals import make_goal
from tests.factories.skills import NOW, make_catalogue, make_occupation, make_results
from tests.skills.pages import WHERE_TO, at, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=200)
BUTTON = reverse_lazy("skills:target")


@pytest.fixture
def ids():
    return [skill.pk for skill in make_catalogue(each=3)]


@pytest.fixture
def levels(ids):
    return {pk: place % 5 for place, pk in enumerate(ids)}


@pytest.fixture
def ward(ids):
    return make_occupation(needs=dict.fromkeys(ids, (3, 4)))


@pytest.fixture
def data(ids):
    return make_occupation(code="15-2051.00", title="Data scientist", needs=dict.fromkeys(ids[:7], (4, 4)))


@pytest.fixture
def finished(user, levels, ward):
    return make_results(user, levels=levels, target_occupation=ward, target_role="Head of the ward")


def choose(client, occupation):
    return client.post(reverse("skills:target"), {"occupation": occupation.pk}, follow=True)


def test_chosen_target_is_compared_in_the_results(signed_in, user, ids, finished, data):
    other = text_of(signed_in.get(reverse("skills:results", args=["gaps"]), {"occupation": data.pk}))
    assert f'action="{BUTTON}"' in other
    assert f'name="occupation" value="{data.pk}"' in other
    page = text_of(choose(signed_in, data))
    assert "<bdi>Data scientist</bdi>" in page
    assert f'action="{BUTTON}"' not in page
    results = build_results(finished, now=NOW)
    assert (results.occupation, results.is_target) == (data, True)
    assert get_skill_gap(user, Occupation.objects.get(pk=data.pk).needs.first().skill).is_target


def test_the_rest_of_the_direction_stays(signed_in, user, finished, data):
    choose(signed_in, data)
    plan = Plan.objects.for_user(user).active().get()
    assert (plan.target_occupation, plan.target_role) == (data, "Data scientist")
    assert (plan.vision, plan.horizon) == ("I run a ward where nurses want to stay.", "retirement")


def test_choosing_the_target_twice_keeps_the_own_words(signed_in, user, finished, data, ward):
    choose(signed_in, ward)
    assert Plan.objects.for_user(user).active().get().target_role == "Head of the ward"
    choose(signed_in, data)
    before = Plan.objects.for_user(user).values().get()
    choose(signed_in, data)
    assert Plan.objects.for_user(user).values().get() == before


def test_an_earlier_assessment_keeps_its_target(signed_in, user, levels, finished, data, ward):
    newer = make_results(user, levels=levels, target_occupation=ward, now=LATER)
    choose(signed_in, data)
    assert build_results(newer, now=LATER).occupation == data
    earlier = build_results(finished, now=LATER)
    assert (earlier.occupation, earlier.target.words) == (ward, "Head of the ward (occupation: Ward manager)")
    finished.refresh_from_db()
    assert finished.target_occupation == ward


def test_undecided_person_gets_the_chosen_target(signed_in, user, levels, data):
    make_results(user, levels=levels, target_role="", target_undecided=True)
    assert 'id="choose-target"' in text_of(signed_in.get(reverse("skills:results", args=["gaps"])))
    page = text_of(choose(signed_in, data))
    assert 'id="choose-target"' not in page
    assert "<bdi>Data scientist</bdi>" in page


def test_a_retake_starts_from_it(signed_in, finished, data):
    choose(signed_in, data)
    signed_in.post(reverse("skills:start"), {"mode": "quick"})
    page = text_of(signed_in.get(at(WHERE_TO)))
    assert 'value="Data scientist"' in page
    assert f'value="{data.pk}" checked' in page


def test_a_plan_without_a_target_changes_nothing(user, finished, ward):
    """As a goal makes it, after the plan before was archived."""
    Plan.objects.for_user(user).update(state=Plan.State.ARCHIVED, archived_at=LATER)
    assert build_results(finished, now=NOW).occupation == ward
    make_goal(user)
    assert build_results(finished, now=NOW).occupation == ward


def test_the_plan_of_somebody_else_does_not_count(other_user, finished, ward, data, client):
    client.force_login(other_user)
    assert choose(client, data).redirect_chain[-1][0] == reverse("skills:start")
    assert build_results(finished, now=NOW).occupation == ward


@pytest.mark.parametrize("key", ["", "0", "x", "99999999999999999999", "\0"])
def test_an_occupation_that_does_not_exist_is_not_found(signed_in, user, finished, key):
    assert signed_in.post(reverse("skills:target"), {"occupation": key}).status_code == 404
    assert signed_in.post(reverse("skills:target")).status_code == 404
    assert Plan.objects.for_user(user).get().target_role == "Head of the ward"


def test_choosing_a_target_needs_a_post(signed_in):
    assert signed_in.get(reverse("skills:target")).status_code == 405
