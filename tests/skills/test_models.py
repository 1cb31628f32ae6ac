"""What the database refuses, whoever asks."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.models import Assessment, Education, Rating
from tests.factories.skills import NOW, answer_direction, answer_ratings, make_draft, make_finished_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(user):
    draft = make_draft(user)
    answer_direction(draft)
    answer_ratings(draft)
    return draft


@pytest.fixture
def finished(user):
    return make_finished_assessment(user)


@contextmanager
def refused(name: str):
    """The write inside is refused by the constraint or trigger of this name, at once or when the transaction ends."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():  # noqa: PT012
        yield
        connection.check_constraints()


def test_one_draft_per_person(draft):
    with refused("skills_assessment_one_draft"):
        Assessment.objects.create(user=draft.user, mode="quick", started_at=NOW)


def test_mode_is_valid(draft):
    with refused("skills_assessment_mode_known"):
        Assessment.objects.filter(pk=draft.pk).update(mode="deep")


def test_finished_after_it_was_started(draft):
    with refused("skills_assessment_finished_after_start"):
        Assessment.objects.filter(pk=draft.pk).update(finished_at=NOW - timedelta(seconds=1))


def test_undecided_means_no_target(draft):
    with refused("skills_assessment_undecided_has_no_target"):
        Assessment.objects.filter(pk=draft.pk).update(target_undecided=True)


@pytest.mark.parametrize("changes", [{"horizon": "date"}, {"horizon_on": NOW.date()}])
def test_a_horizon_date_and_its_kind_go_together(draft, changes):
    with refused("skills_assessment_horizon_date"):
        Assessment.objects.filter(pk=draft.pk).update(**changes)


def test_a_skill_is_rated_once(draft):
    rating = draft.ratings.first()
    with refused("skills_rating_once"):
        Rating.objects.create(assessment=draft, skill=rating.skill, level=1, confirmed_at=NOW)


def test_a_level_is_0_to_5(draft):
    with refused("skills_rating_level_range"):
        draft.ratings.update(level=6)


def test_a_level_is_not_negative(draft):
    with refused("skills_rating_level"):
        draft.ratings.update(level=-1)


def test_category_is_valid(draft):
    with refused("skills_rating_category_known"):
        draft.ratings.update(category="both")


def test_not_sure_is_no_strength(draft):
    with refused("skills_rating_category_needs_level"):
        draft.ratings.update(level=None, category="strength")


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"level": "clever"}, "skills_education_level_known"), ({"enough": "maybe"}, "skills_education_enough_known")],
)
def test_education_is_one_of_the_choices(draft, changes, name):
    with refused(name):
        Education.objects.filter(assessment=draft).update(**changes)


@pytest.mark.parametrize(
    "changes", [{"vision": "Something else"}, {"finished_at": None}, {"mode": "quick"}, {"version": 99}]
)
def test_a_finished_assessment_does_not_change(finished, changes):
    with refused("skills_assessment_readonly"):
        Assessment.objects.filter(pk=finished.pk).update(**changes)


def test_a_rating_of_a_finished_assessment_does_not_change(finished):
    with refused("skills_rating_readonly"):
        finished.ratings.update(evidence="Added later")


def test_no_rating_joins_a_finished_assessment(finished):
    skill = Skill.objects.create(name="Welding", owner=finished.user)
    with refused("skills_rating_readonly"):
        Rating.objects.create(assessment=finished, skill=skill, level=1, confirmed_at=NOW)


def test_no_rating_moves_out_of_a_finished_assessment(finished, other_user):
    other = make_draft(other_user)
    with refused("skills_rating_readonly"):
        finished.ratings.update(assessment=other)


def test_no_rating_leaves_a_finished_assessment(finished):
    with refused("skills_rating_readonly"):
        finished.ratings.all().delete()


def test_education_of_a_finished_assessment_does_not_change(finished):
    with refused("skills_education_readonly"):
        Education.objects.filter(assessment=finished).update(missing="Everything")


def test_no_education_joins_a_finished_assessment(user):
    draft = make_draft(user)
    Assessment.objects.filter(pk=draft.pk).update(finished_at=NOW)
    with refused("skills_education_readonly"):
        Education.objects.create(assessment=draft, level="master")


def test_education_of_a_finished_assessment_stays(finished):
    with refused("skills_education_readonly"):
        finished.education.delete()


def test_a_draft_changes_freely(draft):
    draft.ratings.update(evidence="Yes")
    draft.ratings.first().delete()
    draft.education.delete()
    connection.check_constraints()
    assert draft.ratings.count() == 5


def test_deleting_the_account_deletes_assessments_and_own_skills(finished):
    user = finished.user
    own = Skill.objects.create(name="Welding", owner=user)
    draft = make_draft(user, now=NOW + timedelta(days=1))
    Rating.objects.create(assessment=draft, skill=own, level=2, confirmed_at=NOW)
    user.delete()
    connection.check_constraints()
    left = (
        Assessment.objects.count(),
        Rating.objects.count(),
        Education.objects.count(),
        Skill.objects.filter(pk=own.pk).count(),
    )
    assert left == (0, 0, 0, 0)


def test_deleted_occupation_leaves_the_assessment(user):
    occupation = Occupation.objects.create(code="11-9111.00", title="Medical services managers")
    draft = make_draft(user)
    Assessment.objects.filter(pk=draft.pk).update(target_occupation=occupation, target_role="Ward manager")
    Assessment.objects.filter(pk=draft.pk).update(finished_at=NOW)
    occupation.delete()
    draft.refresh_from_db()
    assert (draft.target_occupation, draft.target_name) == (None, "Ward manager")


def test_another_occupation_is_a_change(finished):
    occupation = Occupation.objects.create(code="11-9111.00", title="Medical services managers")
    with refused("skills_assessment_readonly"):
        Assessment.objects.filter(pk=finished.pk).update(target_occupation=occupation)
