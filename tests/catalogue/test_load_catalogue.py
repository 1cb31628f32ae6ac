"""manage.py load_catalogue: idempotent, careful with what others refer to, and quick when nothing changed."""

import dataclasses
import time
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from careerplan.catalogue import shipped_data
from careerplan.catalogue.models import (
    Occupation,
    OccupationNeed,
    OccupationRelation,
    OccupationTask,
    OccupationTitle,
    Skill,
    SkillGroup,
)
from careerplan.catalogue.services import load_shipped_occupations, load_skills
from careerplan.catalogue.shipped_data import read_occupations, read_skills
from careerplan.catalogue.sync import NeedRecord
from tests.catalogue.conftest import NOW, numbers_in

pytestmark = pytest.mark.django_db
HEADER = ",".join(shipped_data.NEED_COLUMNS)


def snapshot():
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            SkillGroup,
            Skill,
            Occupation,
            OccupationTitle,
            OccupationNeed,
            OccupationRelation,
            OccupationTask,
        )
    ]


def test_the_command_loads_everything_and_prints_the_numbers(capsys):
    call_command("load_catalogue")
    written = [OccupationTitle.objects.count(), OccupationNeed.objects.count()]
    assert numbers_in(capsys.readouterr().out) == [78, 78, 0, 0, 257, 257, 0, *written]
    assert Skill.objects.core().count() == 10
    assert SkillGroup.objects.count() == 16
    assert set(Skill.objects.values_list("kind", "group__kind").distinct()) == {
        ("work", "work"),
        ("people", "people"),
        ("knowledge", "knowledge"),
    }


def test_loading_again_changes_nothing(starter, capsys):
    before = snapshot()
    call_command("load_catalogue")
    assert numbers_in(capsys.readouterr().out) == [78, 0, 0, 0, 257, 0, 0, 0, 0]
    assert snapshot() == before


def test_loading_again_is_quick(starter):
    groups, records = read_skills(), read_occupations()
    took = []
    for _ in range(3):
        started = time.process_time()
        load_skills(groups=groups)
        load_shipped_occupations(records=records, now=NOW)
        took.append(time.process_time() - started)
    assert min(took) < 1


def test_a_changed_text_is_updated_in_its_row(skills):
    reading = Skill.objects.get(key="reading")
    Skill.objects.filter(pk=reading.pk).update(name="Old", level_3="Old.", is_core=True, position=99)
    changes = load_skills(groups=read_skills())
    assert (changes.created, changes.updated, changes.left_over) == (0, 1, 0)
    again = Skill.objects.get(key="reading")
    assert (again.pk, again.name, again.level_3, again.is_core, again.position) == (
        reading.pk,
        "Reading",
        reading.level_3,
        False,
        reading.position,
    )


def test_a_skill_that_left_the_file_stays(skills):
    groups = read_skills()
    groups[0] = dataclasses.replace(groups[0], skills=groups[0].skills[1:])
    changes = load_skills(groups=groups)
    assert (changes.created, changes.updated, changes.left_over, changes.total) == (0, 5, 1, 77)
    assert Skill.objects.filter(key="critical-thinking").exists()


def test_an_own_skill_of_the_same_key_and_name_is_left_alone(user, skills):
    own = Skill.objects.create(key="reading", name="Reading", owner=user, meaning="Mine")
    load_skills(groups=read_skills())
    own.refresh_from_db()
    assert own.meaning == "Mine"
    assert Skill.objects.catalogue().count() == 78


def test_levels_and_titles_follow_the_files(starter):
    records = read_occupations()
    record = next(record for record in records if record.code == "29-1141.00")
    record.needs["reading"] = NeedRecord(Decimal("1.11"), Decimal("2.22"))
    del record.needs["writing"]
    record.titles = {"nurse": "nurse", "sister": "Sister"}
    later = NOW.replace(year=2027)
    changes = load_shipped_occupations(records=records, now=later)
    nurse = Occupation.objects.get(code="29-1141.00")
    assert (changes.needs_written, changes.needs_removed) == (1, 1)
    reading = nurse.needs.get(skill__key="reading")
    assert (reading.figure, reading.level) == (Decimal("1.11"), 1)
    assert sorted(nurse.other_titles.values_list("title", flat=True)) == ["Sister", "nurse"]
    assert nurse.updated_at == later
    assert Occupation.objects.exclude(pk=nurse.pk).filter(updated_at=later).count() == 0


def test_a_title_that_comes_or_goes_is_a_change_of_its_occupation(starter):
    records = read_occupations()
    first, second = records[:2]
    first.titles = {**first.titles, "wizard": "Wizard"}
    second.titles = dict(list(second.titles.items())[1:])
    later = NOW.replace(year=2027)
    load_shipped_occupations(records=records, now=later)
    assert set(Occupation.objects.filter(updated_at=later).values_list("code", flat=True)) == {first.code, second.code}


def test_a_broken_file_changes_nothing_and_is_named(starter, monkeypatch, tmp_path):
    before = snapshot()
    broken = tmp_path / "occupation_needs.csv"
    broken.write_text(HEADER + ",reading\n29-1141.00,onet-29.3,4,bachelor,,,,9\n", encoding="utf-8")
    monkeypatch.setattr(
        shipped_data.read_occupations, "__defaults__", (shipped_data.OCCUPATIONS, broken, shipped_data.TASKS)
    )
    with pytest.raises(CommandError, match=r"occupation_needs.csv: 1, 29-1141.00: “9”"):
        call_command("load_catalogue")
    assert snapshot() == before


def test_an_unknown_skill_in_the_file_changes_nothing(monkeypatch, tmp_path):
    odd = tmp_path / "occupation_needs.csv"
    odd.write_text(
        HEADER + ",juggling\n29-1141.00,onet-29.3,4,bachelor,,,,3.00@3.00\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(
        shipped_data.read_occupations, "__defaults__", (shipped_data.OCCUPATIONS, odd, shipped_data.TASKS)
    )
    with pytest.raises(CommandError, match="'juggling'"):
        call_command("load_catalogue")
    assert not Skill.objects.exists()
    assert not Occupation.objects.exists()
