"""Leaving a page saves it, in every direction."""

from datetime import timedelta

import pytest
from django.urls import reverse

from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment
from tests.conflicts import shown_in
from tests.factories.skills import (
    NOW,
    make_answered_draft,
    make_draft,
)
from tests.skills.pages import (
    EDUCATION,
    FIRST,
    WHERE_TO,
    WORK,
    at,
    errors_of,
    fields_of,
    shown_on,
    text_of,
    work_skills,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("go", "expected"), [("next", at), ("back", at), ("close", lambda key: reverse("dashboard:today"))]
)
def test_every_direction_saves(signed_in, draft, go, expected):
    leads_to = {"next": EDUCATION, "back": FIRST, "close": ""}[go]
    data = {"target_role": "Ward manager", "horizon": "10", "vision": "A ward.\r\nA good one.", "go": go}
    response = signed_in.post(at(WHERE_TO), data)
    draft.refresh_from_db()
    assert response.url == expected(leads_to)
    assert (draft.target_role, draft.vision) == ("Ward manager", "A ward.\nA good one.")
    assert (draft.horizon, draft.horizon_on.isoformat()) == ("date", "2036-02-20")


@pytest.mark.parametrize("go", ["back", "close"])
def test_leaving_keeps_what_is_there_and_asks_for_nothing_more(signed_in, draft, go):
    first, _second = work_skills()
    response = signed_in.post(at(WORK), {f"skill-{first.pk}": "unsure", "go": go})
    assert response.status_code == 302
    assert list(draft.ratings.values_list("skill_id", "level")) == [(first.pk, None)]


def test_continue_asks_for_missing_answers_and_saves_the_others(signed_in, draft):
    first, second = work_skills()
    response = signed_in.post(at(WORK), {f"skill-{first.pk}": "4", "go": "next"})
    page = text_of(response)
    assert response.status_code == 200
    assert "<title>Error: Work skills: Thinking well" in page
    assert errors_of(response) == {(f"skill-{second.pk}", "required")}
    assert f'<a href="#id_skill-{second.pk}">' in page
    assert list(draft.ratings.values_list("skill_id", "level")) == [(first.pk, 4)]


def test_back_saves_the_page(signed_in, draft):
    skills = work_skills()
    signed_in.post(at(WORK), {**fields_of(skills, "5"), "go": "next"})
    signed_in.post(at(WORK), {"go": "back"})
    assert list(draft.ratings.values_list("level", flat=True)) == [5, 5]


def test_an_answer_that_is_taken_back_is_deleted(signed_in, draft):
    first, second = work_skills()
    signed_in.post(at(WORK), {**fields_of([first, second], "4"), "go": "next"})
    signed_in.post(at(WORK), {**shown_on(signed_in, WORK), **fields_of([second], "4"), "go": "stay"})
    assert list(draft.ratings.values_list("skill_id", flat=True)) == [second.pk]


def test_an_answer_from_another_tab_is_not_taken_back(signed_in, draft):
    first, second = work_skills()
    before = shown_on(signed_in, WORK)
    signed_in.post(at(WORK), {**fields_of([first], "4"), "go": "close"})
    signed_in.post(at(WORK), {**before, **fields_of([second], "3"), "go": "stay"})
    assert dict(draft.ratings.values_list("skill_id", "level")) == {first.pk: 4, second.pk: 3}


def test_the_header_says_when_it_was_saved_in_the_persons_own_zone(client, user, time_machine):
    time_machine.move_to(NOW, tick=False)
    user.time_zone = "Asia/Tokyo"
    user.save()
    client.force_login(user)
    make_draft(user)
    assert "Saved" not in text_of(client.get(at(FIRST)))
    client.post(at(FIRST), {"career_stage": "starting", "go": "next"})
    assert "Saved 19:12" in text_of(client.get(at(FIRST)))
    time_machine.move_to(NOW + timedelta(hours=10), tick=False)
    assert "Saved 20 Feb, 19:12" in text_of(client.get(at(FIRST)))


def test_a_change_from_the_check_leads_back_to_the_check(signed_in, user):
    make_answered_draft(user)
    page = text_of(signed_in.get(at(FIRST), {"then": "check"}))
    assert '<input type="hidden" name="then" value="check">' in page
    shown = shown_in(signed_in.get(at(FIRST)))
    data = {**shown, "career_stage": "changing", "then": "check", "go": "next"}
    assert signed_in.post(at(FIRST), data).url == at("check")


def test_a_page_begins_with_what_the_plan_says(signed_in, user, draft):
    Plan.objects.create(user=user, title="Mine", started_on=NOW.date(), career_stage="changing", current_role="Cook")
    page = text_of(signed_in.get(at(FIRST)))
    assert 'value="Cook"' in page
    draft.refresh_from_db()
    assert draft.current_role == ""


def test_the_list_of_stages_saves_the_page_it_leaves(signed_in, user):
    make_draft(user)
    address = reverse("skills:page", args=["where-you-are"])
    answers = {"current_role": "Senior staff nurse", "go": "to:education"}
    assert signed_in.post(address, answers).url == reverse("skills:page", args=["education"])
    assert Assessment.objects.get().current_role == "Senior staff nurse"


def test_unknown_stage_redirects(signed_in, user):
    make_draft(user)
    address = reverse("skills:page", args=["where-you-are"])
    assert signed_in.post(address, {"go": "to:nowhere"}).status_code == 302
