"""Related occupations and tasks: only differences are written, and a task that is kept keeps its id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Occupation, OccupationRelation, OccupationTask
from careerplan.catalogue.sync import RelationRecord, sync_relations, sync_tasks

pytestmark = pytest.mark.django_db
CODES = ("11-1011.00", "29-1141.00", "13-1082.00")


@pytest.fixture
def ids():
    return {code: Occupation.objects.create(code=code, title=code).pk for code in CODES}


def related_of(pk):
    return list(OccupationRelation.objects.filter(occupation=pk).values_list("related__code", "is_primary"))


def test_related_occupations_keep_their_order_and_their_tier(ids):
    boss, nurse, manager = CODES
    records = [RelationRecord(manager, True), RelationRecord(nurse, False)]
    assert sync_relations({ids[boss]: records}, ids) == {ids[boss]}
    assert related_of(ids[boss]) == [(manager, True), (nurse, False)]


def test_an_unknown_occupation_and_the_occupation_itself_are_left_out(ids):
    boss, nurse, _manager = CODES
    records = [RelationRecord("99-9999.00", True), RelationRecord(boss, True), RelationRecord(nurse, True)]
    sync_relations({ids[boss]: records}, ids)
    assert related_of(ids[boss]) == [(nurse, True)]


def test_only_occupations_with_a_change_are_written(ids):
    boss, nurse, manager = CODES
    related = {ids[boss]: [RelationRecord(nurse, True)], ids[nurse]: [RelationRecord(boss, True)]}
    sync_relations(related, ids)
    before = list(OccupationRelation.objects.values())
    assert sync_relations(related, ids) == set()
    assert list(OccupationRelation.objects.values()) == before
    related[ids[nurse]] = [RelationRecord(boss, False), RelationRecord(manager, False)]
    assert sync_relations(related, ids) == {ids[nurse]}
    assert related_of(ids[boss]) == [(nurse, True)]
    assert related_of(ids[nurse]) == [(boss, False), (manager, False)]


def test_relations_of_other_occupations_stay(ids):
    boss, nurse, _manager = CODES
    sync_relations({ids[boss]: [RelationRecord(nurse, True)]}, ids)
    sync_relations({ids[nurse]: []}, ids)
    assert related_of(ids[boss]) == [(nurse, True)]


def tasks_of(pk):
    return {task.text: task.pk for task in OccupationTask.objects.filter(occupation=pk)}


def test_a_kept_task_keeps_its_id_wherever_it_moves(ids):
    nurse = ids["29-1141.00"]
    assert sync_tasks({nurse: ["Gives medicine", "Writes notes", "Changes dressings"]}) == {nurse}
    before = tasks_of(nurse)
    assert sync_tasks({nurse: ["Changes dressings", "Trains new nurses", "Gives medicine"]}) == {nurse}
    after = tasks_of(nurse)
    assert list(after) == ["Changes dressings", "Trains new nurses", "Gives medicine"]
    assert {text: after[text] for text in ("Changes dressings", "Gives medicine")} == {
        text: before[text] for text in ("Changes dressings", "Gives medicine")
    }


def test_the_same_tasks_again_write_nothing(ids):
    nurse = ids["29-1141.00"]
    tasks = {nurse: ["Gives medicine", "Writes notes"], ids["11-1011.00"]: ["Signs contracts"]}
    sync_tasks(tasks)
    before = list(OccupationTask.objects.values())
    assert sync_tasks(tasks) == set()
    assert list(OccupationTask.objects.values()) == before


def test_tasks_of_other_occupations_stay(ids):
    nurse, boss = ids["29-1141.00"], ids["11-1011.00"]
    sync_tasks({nurse: ["Gives medicine"]})
    assert sync_tasks({boss: ["Signs contracts"]}) == {boss}
    assert list(tasks_of(nurse)) == ["Gives medicine"]


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), min_size=1, max_size=4))
def test_after_any_changes_the_tasks_are_the_last_ones_in_order(versions):
    occupation = Occupation.objects.get_or_create(code="29-1141.00", defaults={"title": "Nurse"})[0]
    for texts in versions:
        sync_tasks({occupation.pk: texts})
        assert list(tasks_of(occupation.pk)) == texts
