"""Skills that a person added: rename and delete. Finished results stay as they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.skills.models import Rating
from careerplan.skills.queries.draft import load_wizard, skills_to_retake
from careerplan.skills.queries.results import build_results
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.own_skills import add_own_skill, delete_own_skill, exceeds_own_skills
from tests.factories.goals import make_goal
from tests.factories.skills import NOW, make_answered_draft, make_catalogue, make_draft
from tests.skills.pages import at, errors_of, shown_on, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)
LEARN = "skills-to-learn"


def own(skill: Skill, name: str = "own") -> str:
    return reverse(f"skills:{name}", args=[skill.pk])


@pytest.fixture
def answered(user):
    """A draft in which only the check is left."""
    return make_answered_draft(user)


@pytest.fixture
def welding(answered) -> Skill:
    """A skill of the person's own that the draft rates."""
    return add_own_skill(assessment=answered, name="Welding", level=2, now=NOW)


@pytest.fixture
def finished(answered, welding):
    """Finished results that rate it."""
    return finish_assessment(assessment=answered, now=NOW, today=NOW.date())


def test_the_page_that_adds_skills_leads_to_each_and_saves_itself(signed_in, answered, welding):
    page = text_of(signed_in.get(at(LEARN)))
    assert f'name="go" value="own:{welding.pk}"' in page
    other = answered.ratings.exclude(skill=welding).first().skill_id
    answers = {f"learn-{other}": "on", "go": f"own:{welding.pk}", **shown_on(signed_in, LEARN)}
    assert signed_in.post(at(LEARN), answers).url == own(welding)
    assert list(answered.ratings.filter(wants_to_learn=True).values_list("skill_id", flat=True)) == [other]


def test_renaming_comes_back_to_the_page(signed_in, answered, welding):
    response = signed_in.post(own(welding), {"name": "TIG welding"}, follow=True)
    assert response.redirect_chain == [(at(LEARN), 302)]
    assert "<b>TIG welding</b>" in text_of(response)
    assert answered.ratings.get(skill=welding).level == 2


def test_the_same_name_in_other_letters_is_fine(signed_in, welding):
    signed_in.post(own(welding), {"name": "WELDING"})
    welding.refresh_from_db()
    assert welding.name == "WELDING"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("  ", "required"),
        ("x" * 81, "max_length"),
        ("sewing", "unique"),
        ("money SKILL 1", "unique"),
    ],
)
def test_an_invalid_name_is_an_error_at_the_field(signed_in, answered, welding, name, code):
    add_own_skill(assessment=answered, name="Sewing", level=None, now=NOW)
    response = signed_in.post(own(welding), {"name": name})
    welding.refresh_from_db()
    assert errors_of(response) == {("name", code)}
    assert welding.name == "Welding"


def test_a_control_character_in_a_name_is_an_error(signed_in, welding):
    response = signed_in.post(own(welding), {"name": "a \a bell"})
    assert response.context["form"].has_error("name")


def test_a_name_taken_by_another_tab_is_an_error(signed_in, user, welding, monkeypatch):
    Skill.objects.create(name="Sewing", owner=user)
    monkeypatch.setattr("careerplan.skills.forms.learn.OwnSkillForm.clean_name", lambda form: form.cleaned_data["name"])
    assert errors_of(signed_in.post(own(welding), {"name": "sewing"})) == {("name", "unique")}


def test_a_skill_without_finished_ratings_is_deleted(signed_in, user, answered, welding):
    goal = make_goal(user, origin_skill=welding)
    assert not signed_in.get(own(welding, "own-delete")).context["is_in_results"]
    assert Skill.objects.filter(pk=welding.pk).exists()
    assert signed_in.post(own(welding, "own-delete")).url == at(LEARN)
    assert not Skill.objects.filter(pk=welding.pk).exists()
    assert not answered.ratings.filter(skill_id=welding.pk).exists()
    goal.refresh_from_db()
    assert goal.skills.count() == 0
    answered.refresh_from_db()
    assert load_wizard(answered).is_complete


def test_a_skill_in_finished_results_is_archived(signed_in, user, finished, welding):
    before = list(Rating.objects.filter(assessment=finished).order_by("pk").values())
    assert signed_in.get(own(welding, "own-delete")).context["is_in_results"]
    signed_in.post(own(welding, "own-delete"))
    connection.check_constraints()
    assert list(Rating.objects.filter(assessment=finished).order_by("pk").values()) == before
    assert "Welding" in [row.name for group in build_results(finished, now=LATER).groups for row in group.rows]
    assert welding.pk not in skills_to_retake(user, LATER)
    again = make_draft(user, now=LATER)
    assert not again.ratings.filter(skill=welding).exists()
    assert welding not in load_wizard(again).answers.skills
    assert f"own:{welding.pk}" not in text_of(signed_in.get(at(LEARN)))
    assert signed_in.get(own(welding)).status_code == 404  # deleted, as far as its owner can see


def test_deleted_skill_leaves_the_draft(signed_in, user, finished, welding):
    again = make_draft(user, now=LATER)
    assert again.ratings.filter(skill=welding).exists()
    delete_own_skill(skill=welding, now=LATER)
    delete_own_skill(skill=welding, now=LATER + timedelta(days=1))
    welding.refresh_from_db()
    assert (again.ratings.filter(skill=welding).exists(), welding.archived_at) == (False, LATER)


def test_adding_an_archived_skill_restores_it(user, finished, welding):
    delete_own_skill(skill=welding, now=LATER)
    again = add_own_skill(assessment=make_draft(user, now=LATER), name="welding", level=3, now=LATER)
    assert (again.pk, again.archived_at) == (welding.pk, None)


def test_deleted_skills_do_not_count_towards_the_limit(user, finished, welding, monkeypatch):
    monkeypatch.setattr("careerplan.skills.services.own_skills.MOST_OWN_SKILLS", 1)
    assert exceeds_own_skills(user, "Sewing")
    delete_own_skill(skill=welding, now=LATER)
    assert not exceeds_own_skills(user, "Sewing")


def test_renamed_skill_stays_in_finished_results(signed_in, finished, welding):
    assert signed_in.get(own(welding)).context["is_in_results"]
    response = signed_in.post(own(welding), {"name": "TIG welding"})
    assert response.url == reverse("skills:home")
    (row,) = [row for group in build_results(finished, now=NOW).groups for row in group.rows if row.is_own]
    assert (row.name, row.level) == ("TIG welding", 2)


def test_deleted_skill_cannot_be_rated_from_another_tab(signed_in, answered, welding):
    assert signed_in.get(at("own-skills")).status_code == 200
    delete_own_skill(skill=welding, now=NOW)
    response = signed_in.post(at("own-skills"), {f"skill-{welding.pk}": "5", "go": "back"})
    assert ("", "question_not_on_page") in errors_of(response)
    assert not answered.ratings.filter(skill_id=welding.pk).exists()


@pytest.mark.parametrize("name", ["own", "own-delete"])
def test_a_skill_of_our_list_cannot_be_renamed_or_deleted(signed_in, user, name):
    skill = make_catalogue()[0]
    assert signed_in.post(own(skill, name), {"name": "Mine"}).status_code == 404
    skill.refresh_from_db()
    assert skill.name == "Thinking skill 0"


@pytest.mark.parametrize("go", ["own:", "own:x", "own:99999999999999999999", "own:-1"])
def test_unknown_skill_redirects(signed_in, answered, go):
    assert signed_in.post(at(LEARN), {"go": go}).url == at("check")
