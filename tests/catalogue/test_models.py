"""The models: what the database itself refuses, and what a row can say of itself."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.folding import Folded, fold
from careerplan.catalogue.models import (
    EducationLevel,
    Occupation,
    OccupationNeed,
    OccupationRelation,
    OccupationTask,
    OccupationTitle,
    Skill,
    SkillGroup,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return SkillGroup.objects.create(key="thinking", name="Thinking", kind="work")


@pytest.fixture
def skill(group):
    return Skill.objects.create(key="reading", name="Reading", group=group, external_code="2.A.1.a")


@pytest.fixture
def occupation():
    return Occupation.objects.create(code="29-1141.00", title="Registered nurse")


def refuses(constraint, model, **values):
    """The database refuses the row, and names the constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


def test_a_group_needs_a_name_and_a_kind():
    refuses("skillgroup_name_not_blank", SkillGroup, key="a", name="  ", kind="work")
    refuses("skillgroup_kind_known", SkillGroup, key="a", name="A", kind="soft")


def test_two_skills_of_the_catalogue_have_different_keys(skill, group):
    refuses("skill_catalogue_key_unique", Skill, key="reading", name="Other", group=group)


def test_two_skills_of_the_catalogue_have_different_elements(skill, group):
    refuses("skill_external_code_unique", Skill, key="b", name="B", group=group, external_code="2.A.1.a")


def test_a_user_names_an_own_skill_once_whatever_the_case(user, other_user):
    Skill.objects.create(name="Bee keeping", owner=user)
    refuses("skill_own_name_unique", Skill, name="bee KEEPING", owner=user)
    assert Skill.objects.create(name="bee keeping", owner=other_user).is_own


def test_a_catalogue_skill_has_a_group_and_an_own_one_has_none(user, group):
    refuses("skill_group_iff_catalogue", Skill, key="a", name="A")
    refuses("skill_group_iff_catalogue", Skill, name="A", owner=user, group=group)


def test_a_catalogue_skill_has_a_key(group):
    refuses("skill_catalogue_has_key", Skill, name="A", group=group)


def test_catalogue_skill_is_not_archived(group):
    now = datetime(2027, 3, 9, tzinfo=UTC)
    refuses("skill_archived_is_own", Skill, key="a", name="A", group=group, archived_at=now)


def test_an_own_skill_is_not_core(user):
    refuses("skill_own_is_not_core", Skill, name="A", owner=user, is_core=True)


def test_a_skill_has_a_name_and_a_kind(user):
    refuses("skill_name_not_blank", Skill, name=" \t", owner=user)
    refuses("skill_kind_known", Skill, name="A", owner=user, kind="soft")


def test_an_occupation_has_a_code_of_the_right_form_and_a_title():
    refuses("occupation_code_form", Occupation, code="29-1141", title="Nurse")
    refuses("occupation_title_not_blank", Occupation, code="29-1141.00", title=" ")


def test_an_occupations_zone_and_education_are_known():
    refuses("occupation_job_zone_range", Occupation, code="29-1141.00", title="Nurse", job_zone=6)
    refuses("occupation_education_known", Occupation, code="29-1141.00", title="Nurse", typical_education="phd")


def test_a_rated_occupation_says_where_its_figures_are_from():
    refuses("occupation_rated_has_source", Occupation, code="29-1141.00", title="Nurse", is_rated=True)


def test_another_title_is_there_once_for_an_occupation_whatever_the_case(occupation):
    OccupationTitle.objects.create(occupation=occupation, title="Staff nurse")
    refuses("occupationtitle_unique", OccupationTitle, occupation=occupation, title="STAFF nurse")
    refuses("occupationtitle_not_blank", OccupationTitle, occupation=occupation, title="")


def test_an_occupation_needs_a_skill_once_and_within_the_scales(occupation, skill):
    need = {"occupation": occupation, "skill": skill}
    refuses("occupationneed_level_range", OccupationNeed, **need, level=6, figure="7", importance="3")
    refuses("occupationneed_figure_range", OccupationNeed, **need, level=5, figure="7.01", importance="3")
    refuses("occupationneed_figure_range", OccupationNeed, **need, level=0, figure="-0.01", importance="3")
    refuses("occupationneed_importance_range", OccupationNeed, **need, level=3, figure="3.5", importance="0.99")
    refuses("occupationneed_importance_range", OccupationNeed, **need, level=3, figure="3.5", importance="5.01")
    OccupationNeed.objects.create(**need, level=5, figure="7", importance="1")
    refuses("occupationneed_unique", OccupationNeed, **need, level=0, figure="0", importance="5")


def test_an_occupation_is_related_to_another_once_and_never_to_itself(occupation):
    other = Occupation.objects.create(code="29-1171.00", title="Nurse practitioner")
    relation = {"occupation": occupation, "position": 0}
    refuses("occupationrelation_not_itself", OccupationRelation, **relation, related=occupation)
    OccupationRelation.objects.create(**relation, related=other)
    refuses("occupationrelation_unique", OccupationRelation, **relation, related=other)


def test_an_occupation_has_a_task_once_and_no_blank_one(occupation):
    task = {"occupation": occupation, "position": 0}
    refuses("occupationtask_not_blank", OccupationTask, **task, text=" \t")
    OccupationTask.objects.create(**task, text="Gives medicine")
    refuses("occupationtask_unique", OccupationTask, **task, text="Gives medicine")


@pytest.mark.parametrize("known", [1, 5, 7])
def test_an_occupation_has_six_interests_or_none(known):
    refuses("interests_six_or_none", Occupation, code="29-1171.00", title="Nurse practitioner", interests=[4] * known)
    Occupation.objects.create(code="29-1171.00", title="Nurse practitioner", interests=[4] * 6)


def test_a_figure_is_a_higher_level_of_a_skill_than_of_a_field_of_knowledge():
    """Workers who rate knowledge use more of the scale than analysts who rate skills."""
    skill, field = Skill(kind="people"), Skill(kind="knowledge")
    assert (skill.level_of(Decimal("4.3")), field.level_of(Decimal("4.3"))) == (5, 4)


def test_visible_skills_by_user(user, other_user, skill):
    own = Skill.objects.create(name="Bee keeping", owner=user)
    Skill.objects.create(name="Whittling", owner=other_user)
    assert list(Skill.objects.catalogue()) == [skill]
    assert list(Skill.objects.for_user(user)) == [own]
    assert set(Skill.objects.visible_to(user)) == {skill, own}
    assert list(Skill.objects.for_user(AnonymousUser())) == []
    assert list(Skill.objects.visible_to(AnonymousUser())) == [skill]


def test_skills_are_sorted_by_group_with_own_ones_last(user, group, skill):
    first = SkillGroup.objects.create(key="z", name="Z", kind="people", position=0)
    SkillGroup.objects.filter(pk=group.pk).update(position=5)
    own = Skill.objects.create(name="A", owner=user)
    other = Skill.objects.create(key="listening", name="Listening", group=first, position=9)
    assert list(Skill.objects.in_order()) == [other, skill, own]


def test_own_skills_go_with_their_owner(user, skill):
    Skill.objects.create(name="Bee keeping", owner=user)
    user.delete()
    assert list(Skill.objects.all()) == [skill]


def test_an_example_is_the_skills_own_or_a_general_one(user):
    own = Skill(name="Bee keeping", owner=user, level_3="I look after three hives.")
    assert own.example(3) == "I look after three hives."
    assert len({own.example(level) for level in range(6)}) == 6
    with pytest.raises(ValueError, match="a level is 0 to 5, not 6"):
        own.example(6)


def test_education_has_an_order():
    assert [level.rank for level in EducationLevel] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert EducationLevel("bachelor").rank < EducationLevel.MASTER.rank


def test_the_database_keeps_the_major_group_and_the_searched_form(occupation):
    occupation.refresh_from_db()
    assert occupation.major_group == "29"
    assert occupation.folded == "registered nurse"
    title = OccupationTitle.objects.create(occupation=occupation, title="  Élève-infirmière (C++/C#) ")
    title.refresh_from_db()
    assert title.folded == "eleve infirmiere c++ c#"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=40))
def test_python_and_the_database_fold_alike(text):
    expression = Folded("x").template.replace("%(expressions)s", "%s")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", [text])
        assert cursor.fetchone()[0] == fold(text)
