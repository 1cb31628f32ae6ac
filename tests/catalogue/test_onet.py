"""Reading a release of O*NET: both layouts, from a zip or a folder; and what is wrong with a broken one."""

import contextlib
import io
import random
import struct
import zipfile
from decimal import Decimal

import pytest

from careerplan.catalogue import archive
from careerplan.catalogue.archive import ReleaseError, open_release
from careerplan.catalogue.onet import FILE_MISSING, FILE_READ, read_release
from careerplan.catalogue.sync import NeedRecord, RelationRecord
from tests.catalogue.releases import (
    ELEMENTS,
    ESSENTIAL,
    TRANSFERABLE,
    as_folder,
    as_zip,
    files,
    later_files,
    ratings,
    table,
)

OF_SKILLS = [*ESSENTIAL, *TRANSFERABLE]


def read(path, number=""):
    """What is read at a path, and the lines of progress."""
    said = []
    with open_release(path) as release:
        return read_release(release, set(ELEMENTS), said.append, number), said


def refusal(path):
    """What is said of a broken release."""
    with pytest.raises(ReleaseError) as caught:
        read(path)
    return str(caught.value)


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


def test_other_files_are_refused(tmp_path):
    assert refusal(tmp_path / "none").startswith("There is no file or folder “")
    (tmp_path / "text.zip").write_text("hello", encoding="utf-8")
    assert "“text.zip” is not a zip archive, or it is incomplete" in refusal(tmp_path / "text.zip")
    (tmp_path / "empty.zip").write_bytes(b"")
    assert "“empty.zip” is not a zip archive" in refusal(tmp_path / "empty.zip")
    assert refusal(as_zip(tmp_path / "other.zip", {"Read Me.txt": "O*NET 29.3"})).startswith(
        "This is not an O*NET text"
    )
    half = later_files()
    del half["Transferable Skills.txt"]
    assert refusal(as_zip(tmp_path / "half.zip", half)).startswith("This is not an O*NET text release")


def test_a_zip_cut_short_at_any_place_is_refused(tmp_path):
    whole = as_zip(tmp_path / "whole.zip", files()).read_bytes()
    for part in range(1, 10):
        path = tmp_path / f"{part}.zip"
        path.write_bytes(whole[: len(whole) * part // 10])
        assert "is not a zip archive, or it is incomplete" in refusal(path)


def test_a_member_whose_bytes_are_damaged_is_refused(tmp_path):
    path = as_zip(tmp_path / "r.zip", files())
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        start = opened.getinfo("db_29_3_text/Skills.txt").header_offset
    raw[start + 90 : start + 120] = b"\x00" * 30
    path.write_bytes(raw)
    assert "“Skills.txt”" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_packed_in_an_unusual_way_is_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "r.zip", "w", method) as opened:
        opened.writestr("Skills.txt", files()["Skills.txt"])
    assert "“Skills.txt”" in refusal(tmp_path / "r.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_bytes_that_are_damaged_anywhere_are_never_a_crash(tmp_path, method):
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, text in files().items():
            opened.writestr(name, text)
    whole, chance = path.read_bytes(), random.Random(1)
    for _ in range(200):
        raw = bytearray(whole)
        raw[chance.randrange(len(raw))] ^= 0xFF
        path.write_bytes(raw)
        with contextlib.suppress(ReleaseError):
            read(path, "29.3")


def test_an_undecodable_file_name_is_refused(tmp_path):
    path = as_zip(tmp_path / "r.zip", files(**{"Ä.txt": "x"}))
    path.write_bytes(path.read_bytes().replace("Ä".encode(), b"\xff\xff"))
    assert "is not a zip archive, or it is incomplete" in refusal(path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("Skills.txt", lambda t: t[: len(t) // 2], "“Skills.txt”, line "),
        (
            "Skills.txt",
            lambda t: "\n".join(t.splitlines()[:100]) + "\n",
            "“Skills.txt” is incomplete: 29-1141.00",
        ),
        ("Skills.txt", lambda t: t.splitlines()[0], "The release rates no occupation on 2.A.1.a, "),
        ("Skills.txt", lambda t: "", "“Skills.txt”"),
        (
            "Skills.txt",
            lambda t: t.replace("Data Value", "Value"),
            "“Skills.txt”",
        ),
        ("Skills.txt", lambda t: t.replace("3.50", "x", 1), "“Skills.txt”, line 3: “x” is not a number."),
        ("Skills.txt", lambda t: t.replace("3.50", "NaN", 1), "“Skills.txt”, line 3: “NaN” is not a number."),
        ("Skills.txt", lambda t: t.replace("3.50", "7.01", 1), "line 3: an O*NET level is 0 to 7, not 7.01."),
        (
            "Skills.txt",
            lambda t: t.replace("4.00", "0.5", 1),
            "line 2: an O*NET importance is 1 to 5, not 0.5.",
        ),
        ("Skills.txt", lambda t: t + t.splitlines()[1] + "\n", "the same rating appears twice"),
        (
            "Skills.txt",
            lambda t: t.replace("29-1141.00", "29-1141.99"),
            "29-1141.99 is not in “Occupation Data.txt”",
        ),
        ("Skills.txt", lambda t: t.replace("N", "\x00", 1), "“Skills.txt”"),
        ("Skills.txt", lambda t: b"\xff\xfe\x00binary", "“Skills.txt”"),
        ("Skills.txt", lambda t: "x" * 70_000, "“Skills.txt”"),
        ("Occupation Data.txt", lambda t: t.splitlines()[0], "“Occupation Data.txt”"),
        (
            "Occupation Data.txt",
            lambda t: t.replace("29-1141.00", "nurse"),
            "line 3: a code such as 11-1011.00",
        ),
        ("Occupation Data.txt", lambda t: t + t.splitlines()[1] + "\n", "line 5: 11-1011.00"),
        ("Occupation Data.txt", lambda t: t.replace("29-1141.00", "29-1141.01"), "which may be cut short."),
        (
            "Job Zones.txt",
            lambda t: t.replace("|4", "|9").replace("\t4\t", "\t9\t"),
            "line 2: a job zone must be 1 to 5.",
        ),
        (
            "Education, Training, and Experience.txt",
            lambda t: t.replace("\t8\t", "\t13\t"),
            "line 3: a category must be",
        ),
        (
            "Education, Training, and Experience.txt",
            lambda t: t.replace("\t8\t", "\t²\t"),
            "line 3: a category must be",
        ),
        (
            "Education, Training, and Experience.txt",
            lambda t: t.replace("\t8\t", f"\t{'9' * 5000}\t"),
            "line 3: a category must be",
        ),
        (
            "Education, Training, and Experience.txt",
            lambda t: t.replace("60.0", "-1"),
            "line 3: a category must be",
        ),
        ("Alternate Titles.txt", lambda t: t.replace("11-1011.00", "11-1011.77"), "11-1011.77 is not in"),
        ("Knowledge.txt", lambda t: t.replace("3.50", "7.5", 1), "“Knowledge.txt”, line 3: an O*NET level"),
        ("Knowledge.txt", lambda t: t.splitlines()[0], "The release rates no occupation on 2.C."),
        ("Interests.txt", lambda t: t.replace("2.5", "7.5"), "“Interests.txt”, line 3: an interest must be"),
        ("Interests.txt", lambda t: t.replace("1.5", "0.99"), "“Interests.txt”, line 2: an interest must be"),
        ("Interests.txt", lambda t: t.replace("4.5", "much"), "“Interests.txt”, line 5: “much” is not a number."),
        ("Interests.txt", lambda t: t.replace("29-1141.00", "29-1141.99"), "29-1141.99 is not in"),
        ("Interests.txt", lambda t: t.replace("Scale ID", "Scale"), "“Interests.txt” has no column “Scale ID”."),
        (
            "Related Occupations.txt",
            lambda t: t.replace("\t6\n", "\tsixth\n"),
            "“Related Occupations.txt”, line 4: an index must be",
        ),
        (
            "Related Occupations.txt",
            lambda t: t.replace("\t6\n", f"\t{'9' * 5000}\n"),
            "“Related Occupations.txt”, line 4: an index must be",
        ),
        ("Related Occupations.txt", lambda t: t.replace("\t2\n", "\t²\n"), "line 3: an index must be"),
        (
            "Related Occupations.txt",
            lambda t: t + t.splitlines()[1] + "\n",
            "“Related Occupations.txt”, line 6: 13-1082.00 appears twice",
        ),
        (
            "Related Occupations.txt",
            lambda t: t.replace("\n11-1011.00", "\n11-1011.66"),
            "“Related Occupations.txt”, line 2: 11-1011.66 is not in",
        ),
        (
            "Task Statements.txt",
            lambda t: t.replace("13-1082.00", "13-1082.66"),
            "“Task Statements.txt”, line 5: 13-1082.66 is not in",
        ),
        ("Task Statements.txt", lambda t: t[:-8], "“Task Statements.txt”, line 5: 4 columns, not 5."),
    ],
)
@pytest.mark.parametrize("make", [as_zip, as_folder])
def test_a_broken_file_is_named_with_the_line(tmp_path, make, name, change, said):
    texts = files()
    broken = change(texts[name])
    assert broken != texts[name]
    assert said in refusal(make(tmp_path / "release", texts | {name: broken}))


def test_zip_bomb_is_refused_by_declared_and_real_size(tmp_path, monkeypatch):
    bomb = table("O*NET-SOC Code|Title|Description", *(f"11-{n:04}.00|Boss|{'x' * 9000}" for n in range(300)))
    path = as_zip(tmp_path / "bomb.zip", files(**{"Occupation Data.txt": bomb}))
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1_000_000)
    assert "“Occupation Data.txt”" in refusal(path)
    # The same archive, lying about its size.
    raw = path.read_bytes()
    assert len(raw) < 100_000
    size = struct.pack("<L", len(bomb))
    assert raw.count(size) == 2
    path.write_bytes(raw.replace(size, struct.pack("<L", 500_000)))
    assert "“Occupation Data.txt”" in refusal(path)


def test_a_file_is_bounded_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 3000)
    assert "“Skills.txt”" in refusal(as_folder(tmp_path / "folder", files()))


@pytest.mark.parametrize(
    "name", ["../Skills.txt", "/etc/Skills.txt", "a/../../Skills.txt", "C:\\Skills.txt", "..\\x.txt"]
)
def test_a_path_that_leads_outside_is_refused(tmp_path, name):
    path = as_zip(tmp_path / "r.zip", files())
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(name, "x")
    assert f"“{name}”" in refusal(path)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    texts = files()
    (tmp_path / "outside.txt").write_text(texts.pop("Skills.txt"), encoding="utf-8")
    folder = as_folder(tmp_path / "folder", texts)
    (folder / "Skills.txt").symlink_to(tmp_path / "outside.txt")
    assert "“Skills.txt”" in refusal(folder)


def test_a_link_in_a_circle_is_refused(tmp_path):
    folder = as_folder(tmp_path / "folder", files())
    (folder / "a.txt").symlink_to(folder / "a.txt")
    assert "“a.txt”" in refusal(folder)


def test_a_duplicate_file_is_refused(tmp_path):
    path = as_zip(tmp_path / "r.zip", files())
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("other/SKILLS.TXT", "x")
    assert "“SKILLS.TXT”" in refusal(path)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    assert "10 files" in refusal(as_zip(tmp_path / "r.zip", files()))


def test_an_encrypted_member_is_refused(tmp_path):
    path = as_zip(tmp_path / "r.zip", files())
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + offset] |= 1
            place = raw.find(mark, place + 4)
    path.write_bytes(raw)
    assert "password" in refusal(path)


def test_other_files_in_the_archive_are_never_read(tmp_path):
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w") as inner:
        inner.writestr("Skills.txt", "x")
    path = as_zip(tmp_path / "r.zip", files(**{"More.txt": b"\x00\xff", "inner.zip": nested.getvalue()}))
    assert len(read(path)[0].occupations) == 3
