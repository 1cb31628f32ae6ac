"""Where you want to be: the target, occupations that are like it, the horizon."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation
from tests.factories.skills import (
    answer_direction,
)
from tests.skills.pages import EDUCATION, WHERE_TO, at, text_of

pytestmark = pytest.mark.django_db


def test_looking_up_offers_occupations_and_choosing_one_keeps_it(signed_in, draft):
    occupation = Occupation.objects.create(code="11-9111.00", title="Ward managers")
    looked_up = signed_in.post(at(WHERE_TO), {"target_role": "ward manager", "go": "find"}, follow=True)
    assert f'value="{occupation.pk}"' in text_of(looked_up)
    data = {"target_role": "ward manager", "target_occupation": occupation.pk, "go": "next"}
    signed_in.post(at(WHERE_TO), data)
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_occupation) == ("ward manager", occupation)
    assert "Ward managers" in text_of(signed_in.get(at(WHERE_TO)))


def test_what_is_not_in_the_catalogue_stays_in_own_words(signed_in, draft):
    page = text_of(signed_in.post(at(WHERE_TO), {"target_role": "xyzzy", "go": "find"}, follow=True))
    assert "Your own words are fine." in page


def test_not_knowing_is_an_answer(signed_in, draft):
    assert signed_in.post(at(WHERE_TO), {"target_undecided": "on", "go": "next"}).url == at(EDUCATION)
    draft.refresh_from_db()
    assert draft.target_undecided


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Name a role, or tick “I do not know yet”."),
        ({"target_role": "Baker", "target_undecided": "on"}, "You named a target and ticked this as well."),
        ({"target_role": "Baker", "horizon": "date"}, "Choose the date."),
        ({"target_role": "Baker", "horizon": "date", "horizon_on": "2001-01-01"}, "a day that is still to come"),
        ({"target_role": "Baker", "horizon": "date", "horizon_on": "9999-12-31"}, "a day that is still to come"),
        ({"target_role": "Baker", "horizon": "soon"}, "Choose one of the answers."),
        ({"target_occupation": "0"}, "Choose one of the occupations, or keep your own words."),
    ],
)
def test_a_target_that_cannot_be_meant_is_asked_about(signed_in, draft, data, message):
    response = signed_in.post(at(WHERE_TO), {**data, "go": "next"})
    assert response.status_code == 200
    assert message in text_of(response)


def test_a_horizon_can_be_taken_back(signed_in, draft):
    answer_direction(draft)
    signed_in.post(at(WHERE_TO), {"target_role": "Baker", "horizon": "", "go": "next"})
    draft.refresh_from_db()
    assert (draft.horizon, draft.horizon_on) == ("", None)


def found(client, **query) -> dict:
    return client.get(reverse("skills:occupations"), query).json()


def test_occupations_are_found_as_somebody_types(signed_in):
    occupation = Occupation.objects.create(code="11-9111.00", title="Ward managers")
    hits = [{"id": occupation.pk, "title": "Ward managers", "matched": ""}]
    assert found(signed_in, q="ward man") == {"hits": hits, "status": "1 occupation"}


@pytest.mark.parametrize("text", ["", " ", "\0", "xyzzy", "e" * 5000, "'; --", "%_", "🥐"])
def test_any_text_may_be_looked_up(signed_in, text):
    assert found(signed_in, q=text)["hits"] == []


def test_occupations_are_for_who_is_signed_in(client):
    assert client.get(reverse("skills:occupations"), {"q": "ward"}).status_code == 302
