"""What the target changes in the wizard: which skills are asked, what is proposed, what education is usual."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.skills import services
from careerplan.skills.models import Assessment
from careerplan.skills.queries import load_wizard
from tests.factories.skills import NOW, answer_direction, answer_ratings, make_catalogue, make_draft

pytestmark = pytest.mark.django_db


def at(key: str) -> str:
    return reverse("skills:page", args=[key])


def make_occupation(code: str, needs: dict[str, tuple[float, float]], **fields) -> Occupation:
    """An occupation with needs: (level, importance) by the skill's key."""
    occupation = Occupation.objects.create(
        code=code, title=f"Occupation {code}", is_rated=bool(needs), source="test" if needs else "", **fields
    )
    for key, (level, importance) in needs.items():
        skill = Skill.objects.get(key=key)
        OccupationNeed.objects.create(occupation=occupation, skill=skill, level=level, importance=importance)
    return occupation


def aim_at(draft: Assessment, occupation: Occupation | None) -> Assessment:
    services.save_direction(assessment=draft, changes={"target_occupation": occupation}, now=NOW)
    return Assessment.objects.select_related("target_occupation", "user").get(pk=draft.pk)


def asked(draft: Assessment) -> list[str]:
    return [skill.key for skill in load_wizard(draft).answers.skills]


@pytest.fixture
def quick(user):
    make_catalogue(each=12)
    return make_draft(user, mode=Assessment.Mode.QUICK)


def test_quick_mode_follows_the_target_and_answers_are_never_lost(quick):
    money = make_occupation("11-1011.00", {f"t-money-{n}": (4, 4) for n in range(9)})
    draft = aim_at(quick, money)
    assert [key for key in asked(draft) if "money" in key] == [f"t-money-{n}" for n in range(9)]
    answer_ratings(draft, level=3)
    rated = set(draft.ratings.values_list("skill__key", flat=True))
    talking = make_occupation("11-1012.00", {f"t-talking-{n}": (4, 4) for n in range(10)})
    draft = aim_at(draft, talking)
    assert [key for key in asked(draft) if "talking" in key] == [f"t-talking-{n}" for n in range(10)]
    assert load_wizard(draft).first_unanswered.key == "where-you-are"
    draft = aim_at(draft, money)
    assert set(asked(draft)) == rated == set(draft.ratings.values_list("skill__key", flat=True))


@pytest.mark.parametrize("target", [None, "not rated"])
def test_without_figures_quick_mode_asks_the_core(quick, target):
    occupation = make_occupation("11-1011.00", {}) if target else None
    assert asked(aim_at(quick, occupation)) == ["t-thinking-0", "t-money-0", "t-talking-0"]


def test_strengths_and_weaknesses_say_what_is_needed(signed_in, user):
    draft = make_draft(user)
    answer_direction(draft)
    needs = {"t-thinking-0": (4, 4), "t-money-0": (4, 4), "t-talking-0": (1, 1)}
    aim_at(draft, make_occupation("11-1011.00", needs))
    ids = dict(Skill.objects.values_list("key", "pk"))
    levels = {ids["t-thinking-0"]: 5, ids["t-money-0"]: 2, ids["t-talking-0"]: 5}
    services.save_ratings(assessment=draft, levels=levels, now=NOW)
    page = signed_in.get(at("strengths")).content.decode()
    assert "5 expert; 4 needed" in page
    assert "Rated 4 or 5, and needed." in page
    assert "Sort the other skill" in page  # talking is rated 5 and not needed: neither
    learn = signed_in.get(at("skills-to-learn")).content.decode()
    assert "Below what you need, largest gap first" in learn
    assert learn.index("2 basic; 4 needed") < learn.index("5 expert; 1 needed")


@pytest.mark.parametrize(
    ("level", "more"),
    [("", False), ("secondary", True), ("bachelor", False), ("master", False)],
)
def test_education_says_what_the_target_usually_asks(signed_in, user, level, more):
    draft = make_draft(user)
    aim_at(draft, make_occupation("11-1011.00", {}, typical_education="bachelor"))
    services.save_education(assessment=draft, changes={"level": level}, now=NOW)
    page = signed_in.get(at("education")).content.decode()
    assert "Usual for Occupation 11-1011.00: Bachelor&#x27;s degree." in page
    assert ("That is more than you have." in page) == more


def test_without_an_occupation_nothing_is_usual(signed_in, user):
    make_draft(user)
    assert "Usual for" not in signed_in.get(at("education")).content.decode()


def test_with_a_target_a_page_costs_one_query_more(signed_in, user, django_assert_num_queries):
    draft = make_draft(user)
    answer_direction(draft)
    aim_at(draft, make_occupation("11-1011.00", {"t-money-0": (4, 4), "t-money-1": (4, 4)}))
    answer_ratings(draft)
    with django_assert_num_queries(6):
        signed_in.get(at("work-t-money"))
