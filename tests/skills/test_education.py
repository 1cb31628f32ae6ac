"""Education: what counts as missing, and the goal that grows out of it."""

import re

import pytest
from django.urls import reverse

from careerplan.goals.models import Goal
from careerplan.skills.models import Education
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.finish import finish_assessment
from tests.conflicts import shown_in
from tests.factories.skills import NOW, make_answered_draft, make_draft, make_occupation
from tests.skills.pages import text_of

pytestmark = pytest.mark.django_db
AT = "/skills/assessment/education/"
MISSING = "A certificate in\nhealth care leadership"


def finish(user, *, usual: str = "master", **education):
    """A finished assessment with a target, a bachelor's degree and these answers."""
    draft = make_answered_draft(user)
    target = make_occupation(typical_education=usual)
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    save_education(assessment=draft, changes=education, now=NOW)
    return finish_assessment(assessment=draft, now=NOW, today=NOW.date())


def page_of(client, address: str, **query) -> str:
    return text_of(client.get(address, query))


def education_of(client, assessment, **query) -> str:
    """The part of the results about education."""
    return page_of(client, reverse("skills:result", args=[assessment.pk, "gaps"]), **query).split("<h2>Education</h2>")[
        1
    ]


def goal_form(client, assessment, **query) -> str:
    return page_of(client, reverse("goals:new"), education=assessment.pk, **query)


def test_missing_education_fills_in_the_goal_form(signed_in, user):
    finished = finish(user, enough="no", missing=MISSING)
    link = f"{reverse('goals:new')}?education={finished.pk}&amp;occupation={finished.target_occupation_id}"
    assert f'href="{link}"' in education_of(signed_in, finished)
    form = page_of(signed_in, link.replace("&amp;", "&"))
    assert 'value="A certificate in health care leadership"' in form
    assert re.search(r'<input[^>]*value="yes_no"[^>]* checked', form)
    assert Goal.objects.count() == 0


def test_usual_level_is_missing_without_own_words(signed_in, user):
    finished = finish(user, enough="no")
    assert "Make this a goal" in education_of(signed_in, finished)
    assert 'value="Enrol in a course for a master&#x27;s degree"' in goal_form(signed_in, finished)


def test_beside_another_occupation_its_usual_level_is_missing(signed_in, user):
    finished = finish(user, enough="no")
    other = make_occupation(code="15-2051.00", title="Data scientist", typical_education="doctorate")
    assert f"&amp;occupation={other.pk}" in education_of(signed_in, finished, occupation=other.pk)
    assert "for a doctorate or a professional degree" in goal_form(signed_in, finished, occupation=other.pk)


@pytest.mark.parametrize(
    ("usual", "answers"),
    [
        ("master", {"enough": "yes", "missing": MISSING}),
        ("master", {"enough": "unsure", "missing": MISSING}),
        ("bachelor", {"enough": "no"}),
        ("", {"enough": "no"}),
    ],
)
def test_enough_education_offers_no_goal(signed_in, user, usual, answers):
    finished = finish(user, usual=usual, **answers)
    part = education_of(signed_in, finished).split("<h2>")[0]
    assert "Make this a goal" not in part
    assert "<dt>Missing</dt>" not in part
    assert "leadership" not in goal_form(signed_in, finished)


def test_another_persons_education_fills_in_nothing(signed_in, other_user):
    assert "leadership" not in goal_form(signed_in, finish(other_user, enough="no", missing=MISSING))


def test_a_draft_fills_in_nothing(signed_in, user):
    draft = make_draft(user)
    save_education(assessment=draft, changes={"enough": "no", "missing": MISSING}, now=NOW)
    assert "leadership" not in goal_form(signed_in, draft)


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "²", "-1", "\0"])
def test_an_unknown_assessment_fills_in_nothing(signed_in, key):
    response = signed_in.get(reverse("goals:new"), {"education": key})
    assert response.status_code == 200
    assert not response.context["form"].initial.get("title")


def test_going_back_to_not_enough_brings_back_what_was_missing(signed_in, user):
    draft = make_draft(user)
    answers = {"level": "bachelor", "missing": MISSING}
    for enough in ("no", "yes"):
        signed_in.post(AT, {**answers, **shown_in(signed_in.get(AT)), "enough": enough, "go": "next"})
    check = page_of(signed_in, "/skills/assessment/check/")
    assert "leadership" not in check
    assert "health care leadership</textarea>" in page_of(signed_in, AT)
    signed_in.post(AT, {**answers, **shown_in(signed_in.get(AT)), "enough": "no", "go": "next"})
    assert "leadership" in page_of(signed_in, "/skills/assessment/check/")
    assert Education.objects.get(assessment=draft).missing == MISSING


def test_a_retake_keeps_what_was_missing(signed_in, user):
    finish(user, enough="yes", missing=MISSING)
    make_draft(user)
    assert "health care leadership</textarea>" in page_of(signed_in, AT)
