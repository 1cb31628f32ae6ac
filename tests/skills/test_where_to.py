"""Where you want to be: the target, occupations that are like it, the horizon."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation
from tests.factories.skills import (
    answer_direction,
    make_answered_draft,
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


ASKED, ASKED_OF_ONE = "Does one of these occupations come close?", "Does this occupation come close?"
SAID = "Compared with</legend>"
CHANGE = "Type another to change it.</p>"


def shown(page: str) -> str:
    """What is shown of occupations, without the piece that the script would put there."""
    return page.split('id="occupations-found"')[1].split("<template", maxsplit=1)[0]


def test_one_that_is_chosen_is_said_and_not_asked_about(signed_in, draft):
    for number, title in enumerate(["Ward manager", "Ward clerk"]):
        Occupation.objects.create(code=f"11-911{number}.00", title=title)
    looked_up = shown(text_of(signed_in.post(at(WHERE_TO), {"target_role": "ward", "go": "find"}, follow=True)))
    assert (ASKED in looked_up, SAID in looked_up, CHANGE in looked_up) == (True, False, False)
    chosen = Occupation.objects.get(title="Ward clerk")
    signed_in.post(at(WHERE_TO), {"target_role": "ward", "target_occupation": chosen.pk, "go": "next"})
    again = shown(text_of(signed_in.get(at(WHERE_TO))))
    assert (ASKED in again, ASKED_OF_ONE in again, SAID in again, CHANGE in again) == (False, False, True, True)
    assert "Ward manager" not in again
    other = text_of(signed_in.post(at(WHERE_TO), {"target_role": "ward", "go": "find"}, follow=True))
    assert ASKED in shown(other)


def test_one_that_is_not_chosen_yet_is_asked_about_alone(signed_in, draft):
    Occupation.objects.create(code="11-9111.00", title="Ward manager")
    page = shown(text_of(signed_in.post(at(WHERE_TO), {"target_role": "ward", "go": "find"}, follow=True)))
    assert (ASKED in page, ASKED_OF_ONE in page, SAID in page) == (False, True, False)


@pytest.mark.parametrize("typed", ["Ward manager", "ward MANAGER"])
def test_who_types_an_occupations_name_means_it(signed_in, draft, typed):
    occupation = Occupation.objects.create(code="11-9111.00", title="Ward manager")
    signed_in.post(at(WHERE_TO), {"target_role": typed, "go": "stay"})
    draft.refresh_from_db()
    assert draft.target_occupation is None  # they may be about to type more
    signed_in.post(at(WHERE_TO), {"target_role": typed, "go": "next"})
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_occupation) == (typed, occupation)


def test_who_saw_an_occupation_and_wants_none_keeps_their_words(signed_in, draft):
    Occupation.objects.create(code="11-9111.00", title="Ward manager")
    signed_in.post(at(WHERE_TO), {"target_role": "Ward manager", "target_occupation": "", "go": "next"})
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_occupation) == ("Ward manager", None)
    # The page offers it from now on, so that going on once more does not choose it for them.
    assert 'id="occupation-none" value="" checked' in text_of(signed_in.get(at(WHERE_TO)))


def test_a_name_that_two_occupations_have_is_not_guessed(signed_in, draft):
    for code in ("11-9111.00", "11-9111.01"):
        Occupation.objects.create(code=code, title="Ward manager")
    signed_in.post(at(WHERE_TO), {"target_role": "Ward manager", "go": "next"})
    draft.refresh_from_db()
    assert draft.target_occupation is None


def test_the_check_says_what_own_words_alone_mean(signed_in, user):
    draft = make_answered_draft(user)
    words = "In your own words only."
    assert words in text_of(signed_in.get(at("check")))
    draft.target_occupation = Occupation.objects.create(code="11-9111.00", title="Ward manager")
    draft.save()
    assert words not in text_of(signed_in.get(at("check")))


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
        ({"target_role": "Baker", "horizon": "date"}, "Choose the day, or another answer to “By when?”."),
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
