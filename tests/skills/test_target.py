"""What the target changes in the wizard: which skills are asked, what is proposed, what education is usual."""

import pytest

from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction, save_education
from tests.factories.skills import NOW, add_needs, answer_direction, answer_ratings, make_catalogue, make_draft
from tests.skills.pages import at, text_of

pytestmark = pytest.mark.django_db


def make_occupation(code: str, needs: dict[str, tuple[int, float]], **fields) -> Occupation:
    """An occupation with needs: (level, importance) by the skill's key."""
    occupation = Occupation.objects.create(
        code=code, title=f"Occupation {code}", is_rated=bool(needs), source="test" if needs else "", **fields
    )
    ids = dict(Skill.objects.filter(key__in=needs).values_list("key", "pk"))
    add_needs(occupation, {ids[key]: need for key, need in needs.items()})
    return occupation


def aim_at(draft: Assessment, occupation: Occupation | None) -> Assessment:
    save_direction(assessment=draft, changes={"target_occupation": occupation}, now=NOW)
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


@pytest.fixture
def left_open(quick):
    """Skills asked for one target, on pages that a tab still shows; then another tab chose another target."""
    thinking = {f"t-thinking-{n}": (4, 4) for n in range(12)}
    draft = aim_at(quick, make_occupation("11-1011.00", thinking))
    pages = [page for page in load_wizard(draft).pages if page.key.startswith("work-skills")]
    assert [page.key for page in pages] == ["work-skills", "work-skills-2"]
    save_ratings(assessment=draft, levels={}, now=NOW)  # a version that the open tab does not have
    aim_at(draft, make_occupation("11-1012.00", {f"t-talking-{n}": (4, 4) for n in range(12)}))
    return pages


def levels_of(page) -> dict[int, int | None]:
    return dict(Rating.objects.filter(skill__in=page.skills).values_list("skill_id", "level"))


@pytest.mark.parametrize("go", ["next", "back", "close", "to:education", "stay"])
@pytest.mark.parametrize("number", [0, 1])
def test_answers_to_removed_questions_are_saved(signed_in, left_open, number, go):
    page = left_open[number]
    answers = {f"skill-{skill.pk}": "4" for skill in page.skills}
    response = signed_in.post(at(page.key), {**answers, "go": go})
    assert response.status_code in {200, 302}
    assert levels_of(page) == dict.fromkeys([skill.pk for skill in page.skills], 4)


def test_continuing_asks_for_skills_of_the_new_target(signed_in, left_open):
    answers = {f"skill-{skill.pk}": "4" for skill in left_open[1].skills}
    response = signed_in.post(at("work-skills-2"), {**answers, "go": "next"})
    page = text_of(response)
    assert response.context["form"].errors
    assert 'action="/skills/assessment/people-skills/"' in page
    assert page.count('value="4" checked') == len(answers)


def test_invalid_answer_stays_on_the_page(signed_in, left_open):
    skill = left_open[1].skills[0]
    page = text_of(signed_in.post(at("work-skills-2"), {f"skill-{skill.pk}": "9", "go": "back"}))
    assert f'<a href="#id_skill-{skill.pk}">' in page
    assert f'id="id_skill-{skill.pk}"' in page


def test_conflict_of_a_removed_question(signed_in, left_open, quick):
    skill = left_open[1].skills[0]
    name = f"skill-{skill.pk}"
    save_ratings(assessment=quick, levels={skill.pk: 2}, now=NOW)
    asked = signed_in.post(at("work-skills-2"), {name: "4", "shown": f"{name}=", "go": "back"})
    assert [conflict.other for conflict in asked.context["form"].conflicts] == ["2 Basic"]
    assert levels_of(left_open[1])[skill.pk] == 2


def test_removed_page_without_answers_is_not_found(signed_in, left_open):
    assert signed_in.get(at("work-skills-2")).status_code == 404
    assert signed_in.post(at("work-skills-2"), {"go": "next"}).status_code == 404


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
    save_ratings(assessment=draft, levels=levels, now=NOW)
    form = signed_in.get(at("strengths")).context["form"]
    assert [row.note for row in form.strengths()] == ["5 expert, 4 needed"]
    assert len(form.others()) == 1  # talking is rated 5 and not needed: neither
    learn = text_of(signed_in.get(at("skills-to-learn")))
    assert learn.index("2 basic, 4 needed") < learn.index("5 expert, 1 needed")


@pytest.mark.parametrize(
    ("level", "more"),
    [("", False), ("secondary", True), ("bachelor", False), ("master", False)],
)
def test_education_shows_the_usual_level_of_the_target(signed_in, user, level, more):
    draft = make_draft(user)
    aim_at(draft, make_occupation("11-1011.00", {}, typical_education="bachelor"))
    save_education(assessment=draft, changes={"level": level}, now=NOW)
    form = signed_in.get(at("education")).context["form"]
    assert "Bachelor's degree" in form.usual
    assert bool(form.short_by) == more


def test_without_an_occupation_no_usual_level(signed_in, user):
    make_draft(user)
    assert signed_in.get(at("education")).context["form"].usual == ""


def test_with_a_target_a_page_costs_three_queries_more(signed_in, user, django_assert_num_queries):
    draft = make_draft(user)
    answer_direction(draft)
    aim_at(draft, make_occupation("11-1011.00", {"t-money-0": (4, 4), "t-money-1": (4, 4)}))
    answer_ratings(draft)
    signed_in.get(at("work-t-money"))  # reads the catalogue, which has changed
    with django_assert_num_queries(10):
        signed_in.get(at("work-t-money"))
