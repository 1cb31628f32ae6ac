"""The pages of the wizard: saving in every direction, bad input, whose they are, how many queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation, Skill
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Rating
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_ratings,
    make_answered_draft,
    make_catalogue,
    make_draft,
    make_finished_assessment,
)

pytestmark = pytest.mark.django_db
FIRST, WHERE_TO, EDUCATION, WORK = "where-you-are", "where-you-want-to-be", "education", "work-t-thinking"


def at(key: str) -> str:
    return reverse("skills:page", args=[key])


@pytest.fixture
def draft(user):
    return make_draft(user)


def text_of(response) -> str:
    return response.content.decode()


def fields_of(skill_page_skills, value: str = "3") -> dict[str, str]:
    return {f"skill-{skill.pk}": value for skill in skill_page_skills}


def work_skills() -> list[Skill]:
    return list(Skill.objects.filter(group__key="t-thinking"))


# --- The way in -------------------------------------------------------------------------------------


def test_home_leads_to_the_start_and_later_to_the_results(signed_in, user):
    assert signed_in.get(reverse("skills:home")).url == reverse("skills:start")
    make_finished_assessment(user)
    assert signed_in.get(reverse("skills:home")).url == reverse("skills:results")


def test_the_start_offers_quick_and_full_with_their_minutes(signed_in):
    make_catalogue()
    page = text_of(signed_in.get(reverse("skills:start")))
    assert "3 skills, about 3 minutes." in page
    assert "6 skills, about 4 minutes." in page


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_starting_leads_to_the_first_page(signed_in, user, mode):
    response = signed_in.post(reverse("skills:start"), {"mode": mode}, follow=True)
    assert response.redirect_chain[-1][0] == at(FIRST)
    assert Assessment.objects.get(user=user).mode == mode


def test_an_unknown_mode_starts_nothing(signed_in):
    response = signed_in.post(reverse("skills:start"), {"mode": "deep"})
    assert (response.status_code, Assessment.objects.count()) == (200, 0)


def test_with_a_draft_the_start_offers_to_go_on(signed_in, draft):
    page = text_of(signed_in.get(reverse("skills:start")))
    assert "You stopped at “Where you are”" in page
    assert "Start the quick one" not in page


def test_continue_goes_to_the_first_page_without_an_answer(signed_in, draft):
    answer_direction(draft)
    assert signed_in.get(reverse("skills:continue")).url == at(WORK)


@pytest.mark.parametrize("name", ["skills:continue", "skills:discard"])
def test_without_a_draft_there_is_nothing_to_go_on_with(signed_in, name):
    assert signed_in.get(reverse(name)).url == reverse("skills:home")


# --- Saving -----------------------------------------------------------------------------------------


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


def test_going_on_asks_for_what_is_missing_and_keeps_the_rest(signed_in, draft):
    first, second = work_skills()
    response = signed_in.post(at(WORK), {f"skill-{first.pk}": "4", "go": "next"})
    page = text_of(response)
    assert response.status_code == 200
    assert "<title>Error: Work skills: thinking well" in page
    assert "1 answer needs your attention. The others are saved." in page
    assert f'<a href="#id_skill-{second.pk}">' in page
    assert list(draft.ratings.values_list("skill_id", "level")) == [(first.pk, 4)]


def test_back_never_loses(signed_in, draft):
    skills = work_skills()
    signed_in.post(at(WORK), {**fields_of(skills, "5"), "go": "next"})
    signed_in.post(at(WORK), {"go": "back"})
    assert list(draft.ratings.values_list("level", flat=True)) == [5, 5]


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
    data = {"career_stage": "changing", "then": "check", "go": "next"}
    assert signed_in.post(at(FIRST), data).url == at("check")


def test_a_page_begins_with_what_the_plan_says(signed_in, user, draft):
    Plan.objects.create(user=user, title="Mine", started_on=NOW.date(), career_stage="changing", current_role="Cook")
    page = text_of(signed_in.get(at(FIRST)))
    assert 'value="Cook"' in page
    draft.refresh_from_db()
    assert draft.current_role == ""


# --- Where you want to be ---------------------------------------------------------------------------


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


# --- Bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize("go", ["next", "back", "close"])
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("x" * 100_000, "at most 200 characters (it has 100000)"),
        ("nul \0 in it", "There is a character in it that cannot be shown"),
        ("bell \a in it", "There is a character in it that cannot be shown"),
    ],
)
def test_text_that_cannot_be_kept_is_refused_at_the_field(signed_in, draft, go, typed, message):
    response = signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": typed, "go": go})
    draft.refresh_from_db()
    assert message in text_of(response)
    assert typed.strip("\0")[:40].replace("\0", "")[:4] in text_of(response)
    assert (draft.career_stage, draft.current_role) == ("starting", "")


def test_an_emoji_is_fine(signed_in, draft):
    signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": "Baker 🥐", "go": "next"})
    draft.refresh_from_db()
    assert draft.current_role == "Baker 🥐"


@pytest.mark.parametrize("level", ["6", "-1", "3.5", "expert", "\0", "x" * 100_000])
def test_a_level_that_there_is_not_is_refused(signed_in, draft, level):
    first, second = work_skills()
    response = signed_in.post(at(WORK), {f"skill-{first.pk}": level, f"skill-{second.pk}": "2", "go": "back"})
    assert "Choose a level, or “Not sure”." in text_of(response)
    assert list(draft.ratings.values_list("skill_id", "level")) == [(second.pk, 2)]


def test_a_skill_of_another_page_is_refused(signed_in, draft):
    elsewhere = Skill.objects.get(key="t-money-0")
    response = signed_in.post(at(WORK), {**fields_of(work_skills()), f"skill-{elsewhere.pk}": "5", "go": "next"})
    assert "about a skill that is not on this page" in text_of(response)
    assert not draft.ratings.filter(skill=elsewhere).exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"own_name": "", "go": "add"}, "Give the skill a name."),
        ({"own_name": "x" * 81, "go": "add"}, "at most 80 characters"),
        ({"own_name": "Welding", "own_level": "9", "go": "add"}, "Choose one of the answers."),
        ({"learn-0": "on", "go": "next"}, "about a skill that is not on this page"),
    ],
)
def test_an_own_skill_that_cannot_be_added_is_refused(signed_in, user, data, message):
    make_answered_draft(user)
    assert message in text_of(signed_in.post(at("skills-to-learn"), data))
    assert not Skill.objects.filter(owner=user).exists()


def test_one_can_add_so_many_skills_and_no_more(signed_in, user, monkeypatch):
    make_answered_draft(user)
    monkeypatch.setattr("careerplan.skills.services.MOST_OWN_SKILLS", 1)
    signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "go": "add"})
    page = text_of(signed_in.post(at("skills-to-learn"), {"own_name": "Sewing", "go": "add"}))
    assert "which is the most" in page
    assert Skill.objects.filter(owner=user).count() == 1


# --- Strengths, skills to learn, check --------------------------------------------------------------


def test_strengths_are_proposed_and_the_person_decides(signed_in, user, draft):
    answer_direction(draft)
    answer_ratings(draft, level=5)
    page = text_of(signed_in.get(at("strengths")))
    assert page.count('value="strength" id') == page.count("checked")
    skills = [rating.skill_id for rating in draft.ratings.all()]
    data = {f"verdict-{pk}": "neither" for pk in skills} | {f"evidence-{skills[0]}": "I lead it."}
    data[f"verdict-{skills[0]}"] = "strength"
    assert signed_in.post(at("strengths"), {**data, "go": "next"}).url == at("skills-to-learn")
    assert list(Rating.objects.filter(verdict="strength").values_list("evidence", flat=True)) == ["I lead it."]


def test_without_levels_there_is_nothing_to_sort(signed_in, draft):
    assert "nothing to sort" in text_of(signed_in.get(at("strengths")))


def test_an_own_skill_typed_and_not_added_is_not_lost(signed_in, user):
    draft = make_answered_draft(user)
    signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "own_level": "2", "go": "back"})
    rating = draft.ratings.get(skill__name="Welding")
    assert (rating.level, rating.wants_to_learn, rating.skill.owner) == (2, True, user)


def test_adding_a_skill_comes_back_to_the_page(signed_in, user):
    make_answered_draft(user)
    response = signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "go": "add"})
    assert response.url == at("skills-to-learn") + "?go=add#own"
    page = text_of(signed_in.get(response.url))
    assert "<b>Welding</b>" in page
    assert "needs your attention" not in page


def test_the_check_shows_every_answer_and_what_is_missing(signed_in, user, draft):
    answer_direction(draft)
    page = text_of(signed_in.get(at("check")))
    for answer in ("Preparing for a promotion", "Ward manager", "I run a ward", "At retirement", "nursing"):
        assert answer in page
    assert page.count("</svg> Not answered</span>") == 5


def test_finishing_shows_the_results(signed_in, user):
    draft = make_answered_draft(user)
    response = signed_in.post(reverse("skills:finish"))
    assert response.url == reverse("skills:result", args=[draft.pk])
    assert signed_in.get(response.url).status_code == 200


def test_finishing_too_early_leads_to_what_is_missing(signed_in, draft):
    answer_direction(draft)
    response = signed_in.post(reverse("skills:finish"), follow=True)
    assert response.redirect_chain == [(at(WORK), 302)]
    assert "One page still needs an answer." in text_of(response)


def test_finishing_twice_leads_to_the_results(signed_in, user):
    make_finished_assessment(user)
    response = signed_in.post(reverse("skills:finish"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("skills:results")


def test_a_tab_that_is_left_open_says_that_it_is_finished(signed_in, user):
    make_finished_assessment(user)
    response = signed_in.post(at(FIRST), {"career_stage": "starting"}, follow=True)
    assert "finished or discarded elsewhere" in text_of(response)


def test_discarding_asks_first(signed_in, draft):
    assert "Discard this assessment?" in text_of(signed_in.get(reverse("skills:discard")))
    assert Assessment.objects.count() == 1
    signed_in.post(reverse("skills:discard"))
    assert Assessment.objects.count() == 0


# --- Any page, at any time --------------------------------------------------------------------------

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
    # session and user; assessment, ratings, skills, education. Direction and education are answered. What is not
    # sorted yet begins with the last assessment's.
    with django_assert_num_queries(6 if key in {"strengths", "skills-to-learn"} else 5):
        signed_in.get(at(key))


def test_somebody_elses_draft_is_not_touched(signed_in, other_user):
    theirs = make_draft(other_user)
    response = signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": "Spy"})
    theirs.refresh_from_db()
    assert (response.status_code, theirs.current_role) == (302, "")


def test_who_is_not_signed_in_signs_in_first(client, draft):
    response = client.get(at(FIRST))
    assert response.url.split("?")[0] == reverse("account_login")


# --- Occupations as somebody types ------------------------------------------------------------------


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


@pytest.mark.parametrize(("level", "each", "asked"), [(3, 3, True), (None, 3, False), (3, 2, False)])
def test_an_assessment_with_one_answer_for_all_is_asked_about(signed_in, user, level, each, asked):
    make_catalogue(each=each)
    make_answered_draft(user, level=level)
    assert ("Every skill has the same level." in text_of(signed_in.get(at("check")))) == asked
    assert signed_in.post(reverse("skills:finish")).status_code == 302


def test_a_horizon_can_be_taken_back(signed_in, draft):
    answer_direction(draft)
    signed_in.post(at(WHERE_TO), {"target_role": "Baker", "horizon": "", "go": "next"})
    draft.refresh_from_db()
    assert (draft.horizon, draft.horizon_on) == ("", None)


def test_the_list_of_stages_saves_the_page_it_leaves(signed_in, user):
    make_draft(user)
    address = reverse("skills:page", args=["where-you-are"])
    answers = {"current_role": "Senior staff nurse", "go": "to:education"}
    assert signed_in.post(address, answers).url == reverse("skills:page", args=["education"])
    assert Assessment.objects.get().current_role == "Senior staff nurse"


def test_a_stage_that_is_none_leads_on(signed_in, user):
    make_draft(user)
    address = reverse("skills:page", args=["where-you-are"])
    assert signed_in.post(address, {"go": "to:nowhere"}).status_code == 302
