"""What can be done with an assessment."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from careerplan.catalogue.models import Skill
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.draft import draft_progress, latest_assessment, load_wizard
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import discard_draft, start_assessment
from careerplan.skills.services.finish import AssessmentIncomplete, finish_assessment
from careerplan.skills.services.locks import DraftNotFound
from careerplan.skills.services.own_skills import add_own_skill
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories
from tests.factories.accounts import UserFactory
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_ratings,
    answered_by_services,
    make_answered_draft,
    make_catalogue,
    make_draft,
    make_finished_assessment,
    make_occupation,
    make_results,
    results_by_services,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def values_of(row) -> dict[str, object]:
    """What a row holds, but for what says which row it is, and when PostgreSQL wrote it."""
    but = {"id", "user", "assessment", "pgh_id", "pgh_obj", "pgh_created_at", "created_at"}
    return {f.name: f.value_from_object(row) for f in row._meta.concrete_fields if f.name not in but}


def rows_of(assessment: Assessment) -> list[object]:
    """All that is written with an assessment."""
    kept = Assessment.objects.get(pk=assessment.pk)
    plan = Plan.objects.filter(user=kept.user).first()
    below = [kept.ratings, kept.task_answers, kept.interest_answers, *([plan.events] if plan else [])]
    rows = [kept, kept.education, *([plan] if plan else [])]
    return [values_of(row) for row in rows] + [[values_of(row) for row in some.order_by("pk")] for some in below]


def test_the_factories_write_what_the_services_write(user, other_user):
    """A first full assessment is written without the services (tests/factories/assessments.py)."""
    skills = make_catalogue()
    made, written = answered_by_services(user), make_answered_draft(other_user)
    assert rows_of(made) == rows_of(written)
    later = LATER + timedelta(minutes=5)
    finished = finish_assessment(assessment=made, now=later, today=later.date())
    assert rows_of(finished) == rows_of(make_finished_assessment(UserFactory()))
    ward = make_occupation(needs={skills[0].pk: (4, 5)})
    for place in range(5):
        ward.tasks.create(text=f"Task {place}", position=place)
    own = {skills[place].pk: place or None for place in range(5)}
    undecided = {"target_role": "", "target_undecided": True}
    for direction in ({"target_occupation": ward}, {"current_occupation": ward, "current_unlisted": True}, undecided):
        for likes in (None, {"social": 5}):
            said = {"levels": own, "likes": likes, **direction}
            assert rows_of(results_by_services(UserFactory(), **said)) == rows_of(make_results(UserFactory(), **said))


def test_starting_twice_is_starting_once(user):
    first = make_draft(user, mode=Assessment.Mode.QUICK)
    second = start_assessment(user=user, mode=Assessment.Mode.FULL, now=LATER)
    assert (second.pk, second.mode, second.started_at) == (first.pk, "quick", NOW)


def test_every_save_sets_saved_at(user):
    draft = make_draft(user)
    answer_direction(draft, now=LATER)
    draft.refresh_from_db()
    assert (draft.saved_at, draft.version) == (LATER, 3)


def test_only_given_fields_change(user):
    draft = make_draft(user)
    answer_direction(draft)
    save_direction(assessment=draft, changes={"current_role": "Sister"}, now=LATER)
    draft.refresh_from_db()
    assert (draft.current_role, draft.career_stage, draft.target_role) == ("Sister", "promotion", "Ward manager")


def test_rating_again_changes_the_level_and_confirms_it(user):
    draft = make_draft(user)
    answer_ratings(draft, level=3)
    skill = draft.ratings.first().skill_id
    save_ratings(assessment=draft, levels={skill: 5}, now=LATER)
    rating = draft.ratings.get(skill_id=skill)
    assert (rating.level, rating.confirmed_at, draft.ratings.count()) == (5, LATER, 6)


def test_not_sure_clears_the_category_and_keeps_the_example(user):
    draft = make_answered_draft(user, level=5)
    skill = draft.ratings.first().skill_id
    save_ratings(assessment=draft, levels={skill: None}, now=LATER)
    rating = draft.ratings.get(skill_id=skill)
    assert (rating.level, rating.category, rating.evidence) == (None, "", "Asked for by others.")


def test_sorting_saves_categories_of_rated_skills(user):
    draft = make_draft(user)
    answer_ratings(draft, level=4)
    first, second, *_ = draft.ratings.order_by("pk")
    save_ratings(assessment=draft, levels={second.skill_id: None}, now=NOW)
    changes = {
        first.skill_id: CategoryChange("strength", "I lead it."),
        second.skill_id: CategoryChange("strength", "x"),
    }
    save_categories(assessment=draft, changes=changes, now=LATER)
    rows = list(draft.ratings.order_by("pk").values_list("category", "evidence"))
    assert rows[:2] == [("strength", "I lead it."), ("", "")]


def test_example_without_a_category_is_saved(user):
    draft = make_draft(user)
    answer_ratings(draft, level=4)
    first = draft.ratings.first()
    save_categories(assessment=draft, changes={first.skill_id: CategoryChange(None, "I lead it.")}, now=LATER)
    first.refresh_from_db()
    assert (first.category, first.evidence) == ("", "I lead it.")


def test_choosing_what_to_learn_answers_for_every_skill(user):
    draft = make_draft(user)
    answer_ratings(draft)
    wanted = draft.ratings.first().skill_id
    choose_skills_to_learn(assessment=draft, wanted={wanted}, now=LATER)
    chosen = list(draft.ratings.order_by("pk").values_list("wants_to_learn", flat=True))
    assert chosen == [True, False, False, False, False, False]


def test_an_own_skill_is_made_once_rated_and_wanted(user):
    draft = make_answered_draft(user)
    first = add_own_skill(assessment=draft, name="Welding", level=2, now=LATER)
    again = add_own_skill(assessment=draft, name="WELDING", level=None, now=LATER)
    rating = Rating.objects.get(assessment=draft, skill=first)
    assert (again.pk, first.owner, first.group) == (first.pk, user, None)
    assert (rating.level, rating.category, rating.wants_to_learn) == (2, "neither", True)
    draft.refresh_from_db()
    assert load_wizard(draft).is_complete


def test_catalogue_skill_is_not_added_as_own(user):
    draft = make_answered_draft(user)
    skill = add_own_skill(assessment=draft, name="money SKILL 1", level=None, now=LATER)
    assert (skill.owner, Skill.objects.filter(owner=user).count()) == (None, 0)


def test_skill_of_another_user_is_invisible(user, other_user):
    theirs = Skill.objects.create(name="Welding", owner=other_user)
    skill = add_own_skill(assessment=make_draft(user), name="Welding", level=1, now=NOW)
    assert (skill.pk != theirs.pk, skill.owner) == (True, user)


def test_finishing_freezes_and_writes_the_direction_into_the_plan(user):
    draft = make_answered_draft(user)
    done = finish_assessment(assessment=draft, now=LATER, today=date(2026, 2, 20))
    plan = Plan.objects.get(user=user)
    assert (done.finished_at, done.is_finished) == (LATER, True)
    assert (plan.target_role, plan.vision, plan.career_stage, plan.horizon, plan.started_on) == (
        "Ward manager",
        "I run a ward where nurses want to stay.",
        "promotion",
        "retirement",
        date(2026, 2, 20),
    )
    assert latest_assessment(user) == done


@pytest.mark.django_db(transaction=True)
def test_finishing_keeps_later_changes_of_the_plan(user):
    now = timezone.now()  # the history of the plan goes by the database's clock
    make_finished_assessment(user, now=now - timedelta(days=1))
    Plan.objects.update(vision="Before", current_role="Nurse", horizon="date", horizon_on=date(2030, 1, 1))
    began = timezone.now()
    draft = make_answered_draft(user, now=began, catalogue=False)
    told = {"current_role": "Senior nurse", "vision": "Before", "horizon": "date", "horizon_on": date(2030, 1, 1)}
    save_direction(assessment=draft, changes=told, now=began)
    Plan.objects.update(vision="Since", current_role="Sister", horizon="retirement", horizon_on=None)
    finish_assessment(assessment=draft, now=began + timedelta(minutes=5), today=began.date())
    plan = Plan.objects.get(user=user)
    assert (plan.vision, plan.current_role) == ("Since", "Senior nurse")
    assert (plan.horizon, plan.horizon_on) == ("retirement", None)


def test_finishing_twice_is_finishing_once(user):
    draft = make_answered_draft(user)
    finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    plan = Plan.objects.get(user=user)
    Plan.objects.filter(pk=plan.pk).update(vision="Changed since")
    done = finish_assessment(assessment=draft, now=LATER + timedelta(hours=1), today=LATER.date())
    plan.refresh_from_db()
    assert (done.finished_at, plan.vision) == (LATER, "Changed since")


def test_unanswered_assessment_cannot_be_finished(user):
    draft = make_draft(user)
    answer_direction(draft)
    with pytest.raises(AssessmentIncomplete) as missing:
        finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    draft.refresh_from_db()
    assert (missing.value.page_key, draft.finished_at) == ("work-t-thinking", None)
    assert not Plan.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda a: save_direction(assessment=a, changes={"vision": "x"}, now=LATER),
        lambda a: save_education(assessment=a, changes={"level": "master"}, now=LATER),
        lambda a: save_ratings(assessment=a, levels={}, now=LATER),
        lambda a: save_categories(assessment=a, changes={}, now=LATER),
        lambda a: choose_skills_to_learn(assessment=a, wanted=set(), now=LATER),
        lambda a: add_own_skill(assessment=a, name="Welding", level=1, now=LATER),
    ],
)
def test_finished_assessment_is_no_draft(user, write):
    finished = make_finished_assessment(user)
    with pytest.raises(DraftNotFound):
        write(finished)


def test_discarded_assessment_cannot_be_finished(user):
    draft = make_answered_draft(user)
    discard_draft(user=user)
    with pytest.raises(DraftNotFound):
        finish_assessment(assessment=draft, now=LATER, today=LATER.date())


def test_discarding_keeps_finished_assessments_and_those_of_others(user, other_user):
    finished = make_finished_assessment(user)
    theirs = make_draft(other_user)
    make_answered_draft(user, now=LATER + timedelta(days=1))
    discard_draft(user=user)
    discard_draft(user=user)
    assert set(Assessment.objects.all()) == {finished, theirs}


def test_progress_of_a_draft(user):
    assert draft_progress(user) is None
    draft = make_draft(user)
    answer_direction(draft)
    state = draft_progress(user)
    assert (state.stage, state.minutes_left, state.mode, state.saved_at) == ("Work skills", 3, "full", NOW)


def test_latest_assessment_is_the_newest_finished_one(user):
    assert latest_assessment(user) is None
    make_finished_assessment(user)
    newer = make_finished_assessment(user, now=NOW + timedelta(days=90))
    make_draft(user, now=NOW + timedelta(days=100))
    assert latest_assessment(user) == newer
