"""Reading a release of O*NET: both layouts, from a zip or a folder."""

from decimal import Decimal

import pytest

from careerplan.catalogue.onet import FILE_MISSING, FILE_READ
from careerplan.catalogue.sync import NeedRecord, RelationRecord
from tests.catalogue.onet import OF_SKILLS, read, refusal
from tests.catalogue.releases import (
    ELEMENTS,
    as_folder,
    as_zip,
    files,
    later_files,
    ratings,
    table,
)


@pytest.mark.parametrize("make", [as_zip, as_folder])
@pytest.mark.parametrize(("layout", "number"), [(files, "29.3"), (later_files, "30.3")])
def test_both_layouts_from_a_zip_and_from_a_folder(tmp_path, make, layout, number):
    data, _said = read(make(tmp_path / "release", layout()))
    assert data.release == number
    assert list(data.occupations) == ["11-1011.00", "29-1141.00", "13-1082.00"]
    chief = data.occupations["11-1011.00"]
    assert (chief.title, chief.description, chief.job_zone) == ("Chief Executives", "What they do.", 4)
    assert chief.education == "master"
    assert list(chief.titles.values()) == ["CEO (Chief Executive Officer)", "CEO"]
    assert chief.needs.keys() == set(ELEMENTS)
    assert chief.needs["2.A.1.a"] == NeedRecord(Decimal("3.50"), Decimal("4.00"), low_precision=False)
    assert chief.interests == ()
    assert chief.related == [RelationRecord("29-1141.00", True), RelationRecord("13-1082.00", False)]
    nurse = data.occupations["29-1141.00"]
    assert nurse.interests == tuple(Decimal(f"{number}.50") for number in range(1, 7))
    assert nurse.tasks == ["Record patients' vital signs", "Give medicine and watch how it works"]
    assert data.occupations["13-1082.00"].tasks == []


def test_an_occupation_without_ratings_has_no_needs_and_its_zones_education(tmp_path):
    data, _said = read(as_zip(tmp_path / "r.zip", files()))
    manager = data.occupations["13-1082.00"]
    assert (manager.needs, manager.education) == ({}, "bachelor")


def test_the_same_title_twice_and_one_that_is_not_applicable(tmp_path):
    data, _said = read(as_zip(tmp_path / "r.zip", files()))
    assert list(data.occupations["29-1141.00"].titles.values()) == ["Flight Nurse", "Staff Nurse"]


def test_not_relevant_and_low_precision(tmp_path):
    text = ratings(OF_SKILLS)
    text = text.replace("\tLV\t3.50\tN\tN\n", "\tLV\t3.50\tN\tY\n", 1).replace("IM\t4.00\tN", "IM\t4.00\tY", 1)
    data, _said = read(as_zip(tmp_path / "r.zip", files(**{"Skills.txt": text})))
    assert data.occupations["11-1011.00"].needs[OF_SKILLS[0]] == NeedRecord(Decimal(0), Decimal(4), low_precision=True)


def test_columns_are_found_by_name_and_more_of_them_do_no_harm(tmp_path):
    lines = ratings(OF_SKILLS).splitlines()
    turned = "\n".join("\t".join(reversed(line.split("\t"))) + "\tmore" for line in lines) + "\n"
    data, _said = read(as_zip(tmp_path / "r.zip", files(**{"Skills.txt": "\ufeff" + turned.replace("\n", "\r\n")})))
    assert data.occupations["11-1011.00"].needs.keys() == set(ELEMENTS)


def test_unknown_elements_and_scales_are_ignored(tmp_path):
    more = ratings([*OF_SKILLS, "2.D.9"]) + table("11-1011.00|x|2.A.1.a|XX|99|N|N")
    data, _said = read(as_zip(tmp_path / "r.zip", files(**{"Skills.txt": more})))
    assert data.occupations["11-1011.00"].needs.keys() == set(ELEMENTS)


def test_progress_names_every_file_and_says_which_is_missing(tmp_path):
    texts = files()
    del texts["Job Zones.txt"]
    _data, said = read(as_zip(tmp_path / "r.zip", texts))
    assert said[1:] == [
        FILE_READ % {"file": "Skills.txt"},
        FILE_READ % {"file": "Knowledge.txt"},
        FILE_MISSING % {"file": "Job Zones.txt"},
        FILE_READ % {"file": "Education, Training, and Experience.txt"},
        FILE_READ % {"file": "Alternate Titles.txt"},
        FILE_READ % {"file": "Interests.txt"},
        FILE_READ % {"file": "Related Occupations.txt"},
        FILE_READ % {"file": "Task Statements.txt"},
    ]


@pytest.mark.parametrize("layout", [files, later_files])
def test_without_the_file_of_knowledge_only_skills_are_read(tmp_path, layout):
    texts = layout()
    del texts["Knowledge.txt"]
    data, said = read(as_zip(tmp_path / "r.zip", texts))
    assert FILE_MISSING % {"file": "Knowledge.txt"} in said
    assert data.occupations["11-1011.00"].needs.keys() == set(OF_SKILLS)


def test_interests_are_taken_only_if_all_six_are_there(tmp_path):
    text = files()["Interests.txt"].replace("1.B.1.f", "1.B.1.g")
    data, _said = read(as_zip(tmp_path / "r.zip", files(**{"Interests.txt": text})))
    assert data.occupations["29-1141.00"].interests == ()


def test_an_occupation_has_at_most_twelve_different_core_tasks_in_order(tmp_path):
    tasks = [f"29-1141.00|x|{number}|Task {number // 2}.|Core" for number in range(40)]
    long = f"29-1141.00|x|90|{'x' * 301}|Core"
    text = table("O*NET-SOC Code|Title|Task ID|Task|Task Type", long, *tasks)
    data, _said = read(as_zip(tmp_path / "r.zip", files(**{"Task Statements.txt": text})))
    assert data.occupations["29-1141.00"].tasks == [f"Task {number}" for number in range(12)]


def test_the_number_of_the_release_comes_from_the_name_or_from_the_caller(tmp_path):
    texts = files()
    del texts["Read Me.txt"]
    assert read(as_zip(tmp_path / "db_31_0_text.zip", texts))[0].release == "31.0"
    assert read(as_zip(tmp_path / "x.zip", texts), "30.3")[0].release == "30.3"
    assert refusal(tmp_path / "x.zip") == (
        "The files do not give the release number. Add it, for example --release 30.3."
    )
