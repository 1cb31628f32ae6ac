"""Strengths, skills to learn, the check of the answers, and finishing."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.skills.models import Assessment, Rating
from tests.factories.skills import (
    answer_direction,
    answer_ratings,
    make_answered_draft,
    make_catalogue,
    make_draft,
    make_finished_assessment,
)
from tests.skills.pages import FIRST, WORK, at, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", Assessment.Mode.values)
@pytest.mark.parametrize("level", [0, 5])
def test_nothing_is_marked_that_the_person_did_not_say(signed_in, user, level, mode):
    draft = make_draft(user, mode=mode)
    answer_direction(draft)
    answer_ratings(draft, level=level)
    for page in ("strengths", "skills-to-learn"):
        assert "checked" not in text_of(signed_in.get(at(page)))
    signed_in.post(at("strengths"), {"go": "next"})
    assert set(draft.ratings.values_list("category", flat=True)) == {"neither"}


def test_strengths_are_suggested_and_the_person_decides(signed_in, user, draft):
    answer_direction(draft)
    answer_ratings(draft, level=5)
    assert len(signed_in.get(at("strengths")).context["form"].strengths()) == draft.ratings.count()
    skills = [rating.skill_id for rating in draft.ratings.all()]
    data = {f"category-{pk}": "neither" for pk in skills} | {f"evidence-{skills[0]}": "I lead it."}
    data[f"category-{skills[0]}"] = "strength"
    assert signed_in.post(at("strengths"), {**data, "go": "next"}).url == at("skills-to-learn")
    assert list(Rating.objects.filter(category="strength").values_list("evidence", flat=True)) == ["I lead it."]


def test_middle_levels_suggest_no_strengths_or_weaknesses(signed_in, draft):
    answer_direction(draft)
    answer_ratings(draft, level=3)
    form = signed_in.get(at("strengths")).context["form"]
    assert (form.strengths(), form.weaknesses(), len(form.others())) == ([], [], draft.ratings.count())


def test_without_levels_there_is_nothing_to_sort(signed_in, draft):
    assert not signed_in.get(at("strengths")).context["form"].has_levels


def test_typed_own_skill_is_added_on_continue(signed_in, user):
    draft = make_answered_draft(user)
    signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "own_level": "2", "go": "back"})
    rating = draft.ratings.get(skill__name="Welding")
    assert (rating.level, rating.wants_to_learn, rating.skill.owner) == (2, True, user)


def test_adding_a_skill_comes_back_to_the_page(signed_in, user):
    make_answered_draft(user)
    response = signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "go": "add"})
    assert response.url == at("skills-to-learn") + "?go=add#own"
    page = signed_in.get(response.url)
    assert "<b>Welding</b>" in text_of(page)
    assert not page.context["form"].errors


def test_own_skill_that_our_list_has_is_asked_about(signed_in, user):
    draft = make_answered_draft(user)
    ours = Skill.objects.catalogue()[0]
    Skill.objects.filter(pk=ours.pk).update(key="digital-skills")
    typed = {"own_name": " microsoft Excel", "go": "add"}
    form = signed_in.post(at("skills-to-learn"), typed).context["form"]
    assert (form.only_asks, list(form.errors)) == (True, ["own_or_listed"])
    assert not Skill.objects.for_user(user).exists()
    assert signed_in.post(at("skills-to-learn"), {**typed, "own_or_listed": "listed"}).status_code == 302
    assert draft.ratings.get(skill=ours).wants_to_learn is True
    assert not Skill.objects.for_user(user).exists()
    assert signed_in.post(at("skills-to-learn"), {**typed, "own_or_listed": "own"}).status_code == 302
    assert [skill.name for skill in Skill.objects.for_user(user)] == ["microsoft Excel"]
    page = signed_in.get(at("skills-to-learn"))
    assert [(row.skill.name, row.close) for row in page.context["form"].own()] == [("microsoft Excel", ours.name)]


def test_the_check_shows_every_answer_and_what_is_missing(signed_in, user, draft):
    answer_direction(draft)
    page = text_of(signed_in.get(at("check")))
    for answer in ("Preparing for a promotion", "Ward manager", "I run a ward", "At retirement", "nursing"):
        assert answer in page
    assert page.count("</svg>Not answered</span>") == 5


@pytest.mark.parametrize(("level", "each", "asked"), [(3, 3, True), (None, 3, False), (3, 2, False)])
def test_an_assessment_with_one_answer_for_all_is_asked_about(signed_in, user, level, each, asked):
    make_catalogue(each=each)
    make_answered_draft(user, level=level)
    assert signed_in.get(at("check")).context["all_alike"] == asked
    assert signed_in.post(reverse("skills:finish")).status_code == 302


def test_finishing_shows_the_results(signed_in, user):
    draft = make_answered_draft(user)
    response = signed_in.post(reverse("skills:finish"))
    assert response.url == reverse("skills:result", args=[draft.pk])
    assert signed_in.get(response.url).status_code == 200


def test_finishing_too_early_leads_to_what_is_missing(signed_in, draft):
    answer_direction(draft)
    response = signed_in.post(reverse("skills:finish"), follow=True)
    assert response.redirect_chain == [(f"{at(WORK)}?then=check", 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_finishing_twice_leads_to_the_results(signed_in, user):
    make_finished_assessment(user)
    response = signed_in.post(reverse("skills:finish"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("skills:results")


def test_an_open_tab_says_that_the_assessment_is_finished(signed_in, user):
    make_finished_assessment(user)
    response = signed_in.post(at(FIRST), {"career_stage": "starting"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
