"""Where you want to be: the target, occupations that are like it, the horizon."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from careerplan.catalogue.models import Occupation
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.views_occupations import SUGGESTION_RATES
from tests.conflicts import shown_in
from tests.factories.skills import (
    answer_direction,
    make_answered_draft,
)
from tests.skills.pages import EDUCATION, WHERE_TO, at, errors_of, shown_on, text_of

pytestmark = pytest.mark.django_db


def test_a_search_offers_occupations_and_one_can_be_chosen(signed_in, draft):
    occupation = Occupation.objects.create(code="11-9111.00", title="Ward managers")
    looked_up = signed_in.post(at(WHERE_TO), {"target_role": "ward manager", "go": "find"}, follow=True)
    assert f'value="{occupation.pk}"' in text_of(looked_up)
    data = {"target_role": "ward manager", "target_occupation": occupation.pk, "go": "next"}
    signed_in.post(at(WHERE_TO), data)
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_occupation) == ("ward manager", occupation)
    assert "Ward managers" in text_of(signed_in.get(at(WHERE_TO)))


def shown(page: str) -> str:
    """What is shown of occupations, without the piece that the script would put there."""
    return page.split('id="occupations-found"')[1].split("<template", maxsplit=1)[0]


def test_a_chosen_occupation_is_shown_alone(signed_in, draft):
    for number, title in enumerate(["Ward manager", "Ward clerk"]):
        Occupation.objects.create(code=f"11-911{number}.00", title=title)
    looked_up = shown(text_of(signed_in.post(at(WHERE_TO), {"target_role": "ward", "go": "find"}, follow=True)))
    assert ("Ward manager" in looked_up, "Ward clerk" in looked_up) == (True, True)
    chosen = Occupation.objects.get(title="Ward clerk")
    signed_in.post(at(WHERE_TO), {"target_role": "ward", "target_occupation": chosen.pk, "go": "next"})
    again = shown(text_of(signed_in.get(at(WHERE_TO))))
    assert ("Ward manager" in again, "Ward clerk" in again) == (False, True)
    other = text_of(signed_in.post(at(WHERE_TO), {"target_role": "ward", "go": "find"}, follow=True))
    assert "Ward manager" in shown(other)


def hints_of(response) -> int:
    return sum(bool(row.hint) for section in response.context["sections"] for row in section.rows)


def test_the_check_says_what_own_words_alone_mean(signed_in, user):
    draft = make_answered_draft(user)
    assert hints_of(signed_in.get(at("check"))) == 1
    draft.target_occupation = Occupation.objects.create(code="11-9111.00", title="Ward manager")
    draft.target_unlisted = False
    draft.save()
    assert hints_of(signed_in.get(at("check"))) == 0


def test_a_role_without_an_occupation_is_kept(signed_in, draft):
    page = text_of(signed_in.post(at(WHERE_TO), {"target_role": "xyzzy", "go": "find"}, follow=True))
    assert 'name="target_occupation"' not in shown(page)


@pytest.mark.parametrize("data", [{"target_undecided": "on"}, {}], ids=["ticked", "left empty"])
def test_undecided_target_is_an_answer(signed_in, draft, data):
    assert signed_in.post(at(WHERE_TO), {**data, "go": "next"}).url == at(EDUCATION)
    draft.refresh_from_db()
    assert draft.target_undecided


def test_a_role_entered_after_the_field_was_left_empty_counts(signed_in, draft):
    signed_in.post(at(WHERE_TO), {"go": "next"})
    ticked = {**shown_on(signed_in, WHERE_TO), "target_undecided": "on"}  # by us, and nobody has unticked it
    data = {**ticked, "target_role": "xyzzy", "go": "next"}
    assert signed_in.post(at(WHERE_TO), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_undecided) == ("xyzzy", False)


def test_who_is_undecided_after_all_keeps_no_words_of_their_own(signed_in, draft):
    answer_direction(draft)
    data = {**shown_on(signed_in, WHERE_TO), "target_undecided": "on", "go": "next"}
    assert signed_in.post(at(WHERE_TO), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.target_role, draft.target_unlisted, draft.target_undecided) == ("", False, True)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"target_role": "Baker", "target_undecided": "on"}, ("target_undecided", "target_and_undecided")),
        ({"target_role": "Baker", "horizon": "date"}, ("horizon_on", "required")),
        ({"target_role": "Baker", "horizon": "date", "horizon_on": "2001-01-01"}, ("horizon_on", "out_of_range")),
        ({"target_role": "Baker", "horizon": "date", "horizon_on": "2199-12-31"}, ("horizon_on", "out_of_range")),
        ({"target_role": "Baker", "horizon": "soon"}, ("horizon", "invalid_choice")),
        ({"target_occupation": "0"}, ("target_occupation", "invalid_choice")),
    ],
)
def test_invalid_target_is_an_error(signed_in, draft, data, error):
    response = signed_in.post(at(WHERE_TO), {**data, "go": "next"})
    assert response.status_code == 200
    assert error in errors_of(response)


def test_without_a_target_nothing_is_asked_about_it(signed_in, draft):
    page = text_of(signed_in.get(at(WHERE_TO)))
    assert f'href="{reverse("explore:index")}"' in page
    signed_in.post(at(WHERE_TO), {"go": "next"})
    assert "enough" not in signed_in.get(at(EDUCATION)).context["form"].fields
    assert signed_in.post(at(EDUCATION), {"level": "bachelor", "go": "next"}).status_code == 302
    wizard = load_wizard(Assessment.objects.get(pk=draft.pk))
    assert wizard.is_answered(wizard.page(EDUCATION))


def test_target_date_can_be_cleared(signed_in, draft):
    answer_direction(draft)
    shown = shown_in(signed_in.get(at(WHERE_TO)))
    signed_in.post(at(WHERE_TO), {**shown, "target_role": "Baker", "horizon": "", "go": "next"})
    draft.refresh_from_db()
    assert (draft.horizon, draft.horizon_on) == ("", None)


def found(client, **query) -> dict:
    return client.get(reverse("skills:occupations"), query).json()


def test_occupations_are_found_while_typing(signed_in):
    occupation = Occupation.objects.create(code="11-9111.00", title="Ward managers")
    path = "/occupations/managing/ward-managers-11-9111/"
    hits = [{"id": occupation.pk, "title": "Ward managers", "matched": "", "path": path}]
    assert found(signed_in, q="ward man") == {"hits": hits, "status": "1 occupation", "near": False, "answers": False}


@pytest.mark.parametrize("text", ["", " ", "\0", "xyzzy", "e" * 5000, "'; --", "%_", "🥐"])
def test_any_text_can_be_looked_up(signed_in, text):
    assert found(signed_in, q=text)["hits"] == []


def test_anyone_may_look_up_occupations_and_caches_may_keep_them(client):
    response = client.get(reverse("skills:occupations"), {"q": "ward"})
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies


def test_looking_up_occupations_is_limited_for_each_address(client, monkeypatch):
    monkeypatch.setitem(SUGGESTION_RATES, "occupations", "2/m/ip")
    cache.clear()
    answers = [client.get(reverse("skills:occupations"), {"q": "ward"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get(reverse("skills:occupations"), headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 429
