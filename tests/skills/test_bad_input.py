"""What cannot be kept is refused at its field; the rest is saved."""

import pytest

from careerplan.catalogue.models import Skill
from tests.factories.skills import (
    make_answered_draft,
)
from tests.skills.pages import FIRST, WORK, at, fields_of, text_of, work_skills

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("whose", ["nobody", "somebody else"])
def test_a_skill_that_one_does_not_see_is_refused(signed_in, other_user, draft, whose):
    theirs = Skill.objects.create(name="A secret of theirs", owner=other_user)
    key = theirs.pk if whose == "somebody else" else 0
    page = text_of(signed_in.post(at(WORK), {**fields_of(work_skills()), f"skill-{key}": "5", "go": "next"}))
    assert "about a skill that is not on this page" in page
    assert "A secret of theirs" not in page
    assert set(draft.ratings.values_list("skill__owner", "level")) == {(None, 3)}


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
