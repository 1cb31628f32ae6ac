"""What cannot be kept is refused at its field; the rest is saved."""

import pytest

from careerplan.catalogue.models import Skill
from tests.factories.skills import (
    make_answered_draft,
)
from tests.skills.pages import FIRST, WORK, at, errors_of, fields_of, text_of, work_skills

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("go", ["next", "back", "close"])
@pytest.mark.parametrize(
    "typed",
    ["x" * 100_000, "nul \0 in it", "bell \a in it"],
    ids=["long", "nul", "bell"],
)
def test_text_that_cannot_be_saved_is_an_error_at_the_field(signed_in, draft, go, typed):
    response = signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": typed, "go": go})
    draft.refresh_from_db()
    assert response.context["form"].has_error("current_role")
    assert typed.strip("\0")[:40].replace("\0", "")[:4] in text_of(response)
    assert (draft.career_stage, draft.current_role) == ("starting", "")


def test_an_emoji_is_fine(signed_in, draft):
    signed_in.post(at(FIRST), {"career_stage": "starting", "current_role": "Baker 🥐", "go": "next"})
    draft.refresh_from_db()
    assert draft.current_role == "Baker 🥐"


@pytest.mark.parametrize("level", ["6", "-1", "3.5", "expert", "\0", "x" * 100_000])
def test_an_unknown_level_is_an_error(signed_in, draft, level):
    first, second = work_skills()
    response = signed_in.post(at(WORK), {f"skill-{first.pk}": level, f"skill-{second.pk}": "2", "go": "back"})
    assert (f"skill-{first.pk}", "invalid_choice") in errors_of(response)
    assert list(draft.ratings.values_list("skill_id", "level")) == [(second.pk, 2)]


@pytest.mark.parametrize("whose", ["no user", "another user"])
def test_invisible_skill_is_an_error(signed_in, other_user, draft, whose):
    theirs = Skill.objects.create(name="A secret of theirs", owner=other_user)
    key = theirs.pk if whose == "another user" else 0
    response = signed_in.post(at(WORK), {**fields_of(work_skills()), f"skill-{key}": "5", "go": "next"})
    assert errors_of(response) == {("", "question_not_on_page")}
    assert "A secret of theirs" not in text_of(response)
    assert set(draft.ratings.values_list("skill__owner", "level")) == {(None, 3)}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"own_name": "", "go": "add"}, ("own_name", "required")),
        ({"own_name": "x" * 81, "go": "add"}, ("own_name", "max_length")),
        ({"own_name": "Welding", "own_level": "9", "go": "add"}, ("own_level", "invalid_choice")),
        ({"learn-0": "on", "go": "next"}, ("", "question_not_on_page")),
    ],
)
def test_an_invalid_own_skill_is_not_added(signed_in, user, data, error):
    make_answered_draft(user)
    assert error in errors_of(signed_in.post(at("skills-to-learn"), data))
    assert not Skill.objects.filter(owner=user).exists()


def test_the_number_of_own_skills_is_limited(signed_in, user, monkeypatch):
    make_answered_draft(user)
    monkeypatch.setattr("careerplan.skills.services.own_skills.MOST_OWN_SKILLS", 1)
    signed_in.post(at("skills-to-learn"), {"own_name": "Welding", "go": "add"})
    response = signed_in.post(at("skills-to-learn"), {"own_name": "Sewing", "go": "add"})
    assert ("own_name", "too_many") in errors_of(response)
    assert Skill.objects.filter(owner=user).count() == 1
