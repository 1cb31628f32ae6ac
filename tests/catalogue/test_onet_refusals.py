"""Broken and hostile releases of O*NET are refused, and it is said why."""

import contextlib
import io
import random
import struct
import zipfile

import pytest

from careerplan.catalogue import archive
from careerplan.catalogue.archive import ReleaseError
from tests.catalogue.onet import read, refusal
from tests.catalogue.releases import (
    as_folder,
    as_zip,
    files,
    later_files,
    table,
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
