"""Retaking the assessment: it starts with the last answers, and may be limited to some skills."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard, skills_to_retake
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.drafts import start_assessment, start_questions
from careerplan.skills.services.finish import finish_assessment, finish_without_sorting
from careerplan.skills.services.own_skills import add_own_skill
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories
from tests.conflicts import shown_in
from tests.factories.skills import NOW, answer_direction, make_answered_draft, make_draft, make_finished_assessment
from tests.skills.pages import WORK, at, text_of

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=400)
SOON = NOW + timedelta(days=30)


@pytest.fixture
def last(user):
    """Six skills rated 0 to 5; the two lowest are to be learned."""
    return make_finished_assessment(user)


def rows(assessment) -> list[tuple]:
    fields = ("skill_id", "level", "category", "wants_to_learn", "evidence", "confirmed_at")
    return sorted(assessment.ratings.values_list(*fields))


def ids(page_key: str, draft) -> list[int]:
    return [skill.pk for skill in load_wizard(draft).page(page_key).skills]


def test_retake_starts_with_unconfirmed_last_answers(user, last):
    draft = make_draft(user, now=AFTER)
    assert rows(draft) == rows(last)
    answer_direction(draft, now=AFTER)
    wizard = load_wizard(Assessment.objects.get(pk=draft.pk))
    assert wizard.first_unanswered.key == WORK


def test_the_page_shows_the_last_answer_and_its_day(signed_in, user, last):
    make_draft(user, now=AFTER)
    page = text_of(signed_in.get(at(WORK)))
    assert page.count("20 Feb 2026") == 2
    assert page.count(" checked") == 2
    assert page.count("cp-note is-hint") == 1


def test_continue_confirms_and_back_does_not(client, user, last, time_machine):
    time_machine.move_to(AFTER, tick=False)
    client.force_login(user)
    draft = make_draft(user, now=AFTER)
    first, second = ids(WORK, draft)
    answers = {f"skill-{first}": "0", f"skill-{second}": "1"}
    for go in ("stay", "back", "close"):
        client.post(at(WORK), {**answers, "go": go})
        assert not draft.ratings.filter(confirmed_at=AFTER).exists()
    shown = shown_in(client.get(at(WORK)))
    client.post(at(WORK), {**answers, **shown, f"skill-{second}": "3", "go": "stay"})
    assert dict(draft.ratings.filter(confirmed_at=AFTER).values_list("skill_id", "level")) == {second: 3}
    shown = shown_in(client.get(at(WORK)))
    client.post(at(WORK), {**answers, **shown, f"skill-{second}": "3", "go": "next"})
    assert draft.ratings.filter(confirmed_at=AFTER).count() == 2


def test_a_confirmed_skill_is_sorted_again_from_the_last_category(signed_in, user, last):
    draft = make_draft(user, now=AFTER)
    low = last.ratings.get(level=0)
    save_ratings(assessment=draft, levels={low.skill_id: 0}, now=AFTER)
    rating = draft.ratings.get(skill=low.skill_id)
    assert (rating.category, rating.wants_to_learn) == ("", None)
    page = text_of(signed_in.get(at("strengths")))
    assert page.count('class="cp-sort-name"') == 1  # the others stay as they were sorted
    learn = text_of(signed_in.get(at("skills-to-learn")))
    assert f'name="learn-{low.skill_id}" class="form-check-input" id="id_learn-{low.skill_id}" checked' in learn


def test_last_category_applies_to_the_same_level_only(signed_in, user, last):
    draft = make_draft(user, now=AFTER)
    low = last.ratings.get(level=0)
    save_ratings(assessment=draft, levels={low.skill_id: 5}, now=AFTER)
    learn = text_of(signed_in.get(at("skills-to-learn")))
    assert f'name="learn-{low.skill_id}" class="form-check-input" id="id_learn-{low.skill_id}">' in learn


@pytest.mark.parametrize(("now", "count"), [(SOON, 2), (AFTER, 6)])
def test_skills_to_retake_are_those_to_learn_and_old_ones(user, last, now, count):
    assert len(skills_to_retake(user, now)) == count


def test_undecided_target_stays_in_a_retake(signed_in, user):
    draft = make_answered_draft(user)
    changes = {"target_role": "", "target_undecided": True}
    save_direction(assessment=draft, changes=changes, now=NOW)
    finish_assessment(assessment=draft, now=NOW, today=NOW.date())
    make_draft(user, now=SOON)
    page = text_of(signed_in.get(at("where-you-want-to-be")))
    assert page.split('name="target_undecided"')[1].split(">")[0].count("checked") == 1


def test_target_of_the_plan_is_kept(signed_in, user, last):
    make_draft(user, now=SOON)
    page = text_of(signed_in.get(at("where-you-want-to-be")))
    assert "checked" not in page.split('name="target_undecided"')[1].split(">")[0]


def test_unrated_skills_can_be_retaken(user, other_user, last):
    others = Skill.objects.create(owner=other_user, name="Juggling", kind="work")
    group = Skill.objects.filter(group__isnull=False)[0].group
    new = Skill.objects.create(key="t-new", name="New", kind="work", group=group)
    due = skills_to_retake(user, SOON, [new.pk, others.pk])
    assert new.pk in due
    assert others.pk not in due
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=SOON, limited_to=due)
    assert new in load_wizard(draft).answers.skills


def test_skills_of_goals_are_to_retake(user, last):
    goal_skill = last.ratings.get(level=5).skill_id
    assert skills_to_retake(user, SOON, [goal_skill, 0]) == skills_to_retake(user, SOON) | {goal_skill}


def test_without_results_no_skill_is_to_retake(user):
    assert skills_to_retake(user, NOW, [1]) == set()


def test_start_offers_a_limited_retake(signed_in, user, last, time_machine):
    time_machine.move_to(SOON, tick=False)
    skill = last.ratings.get(level=5).skill_id
    response = signed_in.get(reverse("skills:start"), {"skill": [skill, "x", "9" * 40, "-1"]})
    again = response.context["offers"][0]
    assert (again.key, again.skills) == ("again", 3)
    assert text_of(response).count('name="skill"') == 1
    signed_in.post(reverse("skills:start"), {"mode": "again", "skill": skill})
    draft = Assessment.objects.get(user=user, finished_at=None)
    assert draft.limited_to == sorted(skills_to_retake(user, SOON, [skill]))
    assert [s.pk for s in load_wizard(draft).answers.skills] == draft.limited_to


def test_without_results_a_retake_starts_nothing(signed_in):
    assert signed_in.post(reverse("skills:start"), {"mode": "again"}).status_code == 200
    assert not Assessment.objects.exists()


def test_a_limited_retake_keeps_the_other_ratings(user, last):
    due = skills_to_retake(user, SOON)
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=SOON, limited_to=due)
    answer_direction(draft, now=SOON)
    save_ratings(assessment=draft, levels=dict.fromkeys(due, 3), now=SOON)
    changes = {pk: CategoryChange("neither") for pk in due}
    save_categories(assessment=draft, changes=changes, now=SOON)
    choose_skills_to_learn(assessment=draft, wanted=set(), now=SOON)
    done = finish_assessment(assessment=draft, now=SOON, today=SOON.date())
    untouched = {row for row in rows(last) if row[0] not in due}
    assert {row[0]: row[1] for row in rows(done)} == {row[0]: row[1] for row in untouched} | dict.fromkeys(due, 3)
    assert {row[5] for row in rows(done)} == {NOW, SOON}


@pytest.mark.parametrize(
    ("before", "after", "category"),
    [(5, 5, "strength"), (4, 5, "strength"), (5, 3, "neither"), (1, 1, "weakness"), (0, 2, "neither")],
)
def test_what_was_marked_stays_marked_without_sorting(user, last, before, after, category):
    rated = last.ratings.get(level=before)
    draft = start_questions(user=user, skills=[rated.skill_id], now=SOON)
    save_ratings(assessment=draft, levels={rated.skill_id: after}, now=SOON)
    done = finish_without_sorting(assessment=draft, now=SOON, today=SOON.date())
    again = done.ratings.get(skill=rated.skill_id)
    assert (again.level, again.category) == (after, category)
    assert (again.wants_to_learn, again.evidence) == (rated.wants_to_learn, rated.evidence)


def test_excluded_stage_is_not_counted(signed_in, user, last):
    work = Skill.objects.filter(group__key="t-thinking").values_list("pk", flat=True)
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=SOON, limited_to=work)
    answer_direction(draft, now=SOON)
    page = text_of(signed_in.get(at("check")))
    assert "Stage 7 of 7" in page
    for key in set(re.findall(r"/skills/assessment/([a-z-]+)/\?then=check", page)):
        assert signed_in.get(at(key)).status_code == 200


def test_own_skills_are_carried_over(user):
    draft = make_answered_draft(user)
    skill = add_own_skill(assessment=draft, name="Welding", level=2, now=NOW)
    finish_assessment(assessment=draft, now=NOW, today=NOW.date())
    again = make_draft(user, now=SOON)
    assert again.ratings.get(skill=skill).level == 2
    assert Skill.objects.filter(owner=user).count() == 1
