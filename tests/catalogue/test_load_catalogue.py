"""manage.py load_catalogue: idempotent, careful with what others refer to, and quick when nothing changed."""

import dataclasses
import time
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from careerplan.catalogue import content
from careerplan.catalogue.content import read_skills, read_starter
from careerplan.catalogue.models import Occupation, OccupationNeed, OccupationTitle, Skill, SkillGroup
from careerplan.catalogue.records import Need
from careerplan.catalogue.services import load_skills, load_starter
from tests.catalogue.conftest import NOW

pytestmark = pytest.mark.django_db


def snapshot():
    return [
        list(model.objects.order_by("pk").values())
        for model in (SkillGroup, Skill, Occupation, OccupationTitle, OccupationNeed)
    ]


def test_the_command_loads_everything_and_says_so_in_one_line(capsys):
    call_command("load_catalogue")
    assert capsys.readouterr().out == (
        "Catalogue: 45 skills (45 new, 0 changed, 0 no longer in the file); "
        "257 occupations (257 new, 0 changed); "
        f"{OccupationTitle.objects.count()} titles and {OccupationNeed.objects.count()} figures written.\n"
    )
    assert Skill.objects.core().count() == 10
    assert SkillGroup.objects.count() == 9
    assert set(Skill.objects.values_list("kind", "group__kind").distinct()) == {
        ("work", "work"),
        ("people", "people"),
    }


def test_loading_again_changes_nothing(starter, capsys):
    before = snapshot()
    call_command("load_catalogue")
    assert capsys.readouterr().out == (
        "Catalogue: 45 skills (0 new, 0 changed, 0 no longer in the file); "
        "257 occupations (0 new, 0 changed); "
        "0 titles and 0 figures written.\n"
    )
    assert snapshot() == before


def test_loading_again_is_quick(starter):
    groups, records = read_skills(), read_starter()
    took = []
    for _ in range(3):
        started = time.perf_counter()
        load_skills(groups=groups)
        load_starter(records=records, now=NOW)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.3


def test_a_changed_text_is_brought_in_line_and_keeps_its_row(skills):
    reading = Skill.objects.get(key="reading")
    Skill.objects.filter(pk=reading.pk).update(name="Old", level_3="Old.", is_core=True, position=99)
    changes = load_skills(groups=read_skills())
    assert (changes.created, changes.updated, changes.left_over) == (0, 1, 0)
    again = Skill.objects.get(key="reading")
    assert (again.pk, again.name, again.level_3, again.is_core, again.position) == (
        reading.pk,
        "Reading",
        "I summarise long reports.",
        False,
        reading.position,
    )


def test_a_skill_that_left_the_file_stays(skills):
    groups = read_skills()
    groups[0] = dataclasses.replace(groups[0], skills=groups[0].skills[1:])
    changes = load_skills(groups=groups)
    assert (changes.created, changes.updated, changes.left_over, changes.total) == (0, 5, 1, 44)
    assert Skill.objects.filter(key="critical-thinking").exists()


def test_an_own_skill_of_the_same_key_and_name_is_left_alone(user, skills):
    own = Skill.objects.create(key="reading", name="Reading", owner=user, meaning="Mine")
    load_skills(groups=read_skills())
    own.refresh_from_db()
    assert own.meaning == "Mine"
    assert Skill.objects.catalogue().count() == 45


def test_figures_and_titles_follow_the_files(starter):
    records = read_starter()
    record = next(record for record in records if record.code == "29-1141.00")
    record.needs["reading"] = Need(Decimal("1.11"), Decimal("2.22"))
    del record.needs["writing"]
    record.titles = {"nurse": "nurse", "sister": "Sister"}
    later = NOW.replace(year=2027)
    changes = load_starter(records=records, now=later)
    nurse = Occupation.objects.get(code="29-1141.00")
    assert (changes.needs_written, changes.needs_removed) == (1, 1)
    assert nurse.needs.get(skill__key="reading").level == Decimal("1.11")
    assert sorted(nurse.other_titles.values_list("title", flat=True)) == ["Sister", "nurse"]
    assert nurse.updated_at == later
    assert Occupation.objects.exclude(pk=nurse.pk).filter(updated_at=later).count() == 0


def test_a_broken_file_changes_nothing_and_is_named(starter, monkeypatch, tmp_path):
    before = snapshot()
    broken = tmp_path / "occupation_needs.csv"
    broken.write_text("code,source,job_zone,education,reading\n29-1141.00,onet-29.3,4,bachelor,9\n", encoding="utf-8")
    monkeypatch.setattr(content.read_starter, "__defaults__", (content.OCCUPATIONS, broken))
    with pytest.raises(CommandError, match=r"occupation_needs.csv: 1, 29-1141.00: “9” is not a level"):
        call_command("load_catalogue")
    assert snapshot() == before


def test_a_figure_for_a_skill_that_is_not_in_the_catalogue_changes_nothing(monkeypatch, tmp_path):
    odd = tmp_path / "occupation_needs.csv"
    odd.write_text(
        "code,source,job_zone,education,juggling\n29-1141.00,onet-29.3,4,bachelor,3.00@3.00\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(content.read_starter, "__defaults__", (content.OCCUPATIONS, odd))
    with pytest.raises(CommandError, match="No skill of the catalogue is called 'juggling'"):
        call_command("load_catalogue")
    assert not Skill.objects.exists()
    assert not Occupation.objects.exists()
