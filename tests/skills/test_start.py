"""The way into an assessment, and out of it again."""

import pytest
from django.urls import reverse

from careerplan.skills.models import Assessment
from tests.factories.skills import (
    answer_direction,
    make_catalogue,
    make_finished_assessment,
)
from tests.skills.pages import FIRST, WORK, at, text_of

pytestmark = pytest.mark.django_db


def test_home_leads_to_the_start_and_later_to_the_results(signed_in, user):
    assert signed_in.get(reverse("skills:home")).url == reverse("skills:start")
    make_finished_assessment(user)
    assert signed_in.get(reverse("skills:home")).url == reverse("skills:results")


def test_the_start_offers_quick_and_full_with_their_minutes(signed_in):
    make_catalogue()
    offers = signed_in.get(reverse("skills:start")).context["offers"]
    assert [(offer.key, offer.skills, offer.minutes) for offer in offers] == [("quick", 3, 4), ("full", 6, 8)]


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_starting_leads_to_the_first_page(signed_in, user, mode):
    response = signed_in.post(reverse("skills:start"), {"mode": mode}, follow=True)
    assert response.redirect_chain[-1][0] == at(FIRST)
    assert Assessment.objects.get(user=user).mode == mode


def test_an_unknown_mode_starts_nothing(signed_in):
    response = signed_in.post(reverse("skills:start"), {"mode": "deep"})
    assert (response.status_code, Assessment.objects.count()) == (200, 0)


def test_with_a_draft_the_start_offers_to_continue(signed_in, draft):
    page = text_of(signed_in.get(reverse("skills:start")))
    assert reverse("skills:continue") in page
    assert 'name="mode"' not in page


def test_continue_goes_to_the_first_page_without_an_answer(signed_in, draft):
    answer_direction(draft)
    assert signed_in.get(reverse("skills:continue")).url == at(WORK)


@pytest.mark.parametrize("name", ["skills:continue", "skills:discard"])
def test_without_a_draft_there_is_nothing_to_continue(signed_in, name):
    assert signed_in.get(reverse(name)).url == reverse("skills:home")


def test_deleting_a_draft_asks_first(signed_in, draft):
    assert signed_in.get(reverse("skills:discard")).status_code == 200
    assert Assessment.objects.count() == 1
    signed_in.post(reverse("skills:discard"))
    assert Assessment.objects.count() == 0
