"""Any page of the wizard, at any time: whose it is, what it takes, how many queries."""

import pytest
from django.urls import reverse

from careerplan.skills.models import Assessment
from tests.factories.skills import (
    answer_direction,
    answer_ratings,
    make_catalogue,
    make_draft,
)
from tests.skills.pages import EDUCATION, FIRST, WHERE_TO, WORK, at

pytestmark = pytest.mark.django_db

KEYS = [FIRST, WHERE_TO, EDUCATION, WORK, "work-t-money", "people-t-talking", "strengths", "skills-to-learn", "check"]


@pytest.mark.parametrize("key", KEYS)
def test_every_page_can_be_opened_before_its_turn(signed_in, draft, key):
    assert signed_in.get(at(key)).status_code == 200


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("go", ["back", "close", "next", "find", "add", "nonsense"])
def test_every_page_takes_an_empty_form_in_every_direction(signed_in, draft, key, go):
    assert signed_in.post(at(key), {"go": go}).status_code in {200, 302}


def test_a_page_that_the_assessment_does_not_have_is_not_found(signed_in, draft):
    assert signed_in.get(at("nothing")).status_code == 404


@pytest.mark.parametrize("key", KEYS)
def test_pages_need_the_same_number_of_queries_with_few_and_many_skills(
    signed_in, user, key, django_assert_num_queries
):
    make_catalogue(each=7)
    answer_direction(make_draft(user))
    draft = Assessment.objects.get(user=user)
    answer_ratings(draft)
    signed_in.get(at(key))  # what a process keeps (the table of occupations, the user's settings) is read once
    # session and user; assessment, ratings, skills, interests, education. Direction and education are answered. What
    # is not sorted yet begins with the last assessment's; a role in own words may be an occupation's name. A page of
    # ratings looks whether the catalogue has changed, for what is usual.
    with django_assert_num_queries(6 if key in {EDUCATION, "check"} else 7):
        signed_in.get(at(key))


def test_draft_of_another_user_is_unchanged(signed_in, other_user):
    theirs = make_draft(other_user)
    response = signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": "Spy"})
    theirs.refresh_from_db()
    assert (response.status_code, theirs.current_role) == (302, "")


def test_wizard_needs_a_session(client, draft):
    response = client.get(at(FIRST))
    assert response.url.split("?")[0] == reverse("account_login")
