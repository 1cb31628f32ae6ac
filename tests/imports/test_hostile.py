"""Files that are broken, wrong or meant to harm: refused soon, with a reason, changing nothing."""

import io
import json
import struct
import time
import tracemalloc
import zipfile
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports.parser import parse_cv
from careerplan.skills.models import Assessment
from tests.database import fingerprint
from tests.imports.files import LINKEDIN, SAMPLE, SKILLS, TODAY, json_of, zip_of

MAX_SECONDS, MAX_MEMORY = 3, 60_000_000  # of CPU; what is refused at once takes milliseconds
DEEP = 500_000


def encrypted():
    """A zip whose members say that they are locked."""
    data = bytearray(zip_of({SKILLS: "Name\nSQL\n"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


def packed_oddly():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(SKILLS, "Name\nSQL\n")
    return content.getvalue()


def says_it_is_small():
    """A bomb that lies about its size."""
    data = bytearray(zip_of({SKILLS: b"Name\n" + b"a" * 30_000_000}))
    data[data.index(b"PK\x01\x02") + 24 :][:4] = b""
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 100)
    return bytes(data)


def endless_contents():
    """A table of contents of 20 MB: hundreds of thousands of entries, each an object in memory."""
    entry = bytearray(zip_of({"a": ""}))
    start, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    contents = bytes(entry[start:end]) * (20_000_000 // (end - start))
    return b"PK" + contents + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 65_535, 65_535, len(contents), 0, 0)


def twice():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a/" + SKILLS, "Name\nSQL\n")
        archive.writestr("b/" + SKILLS, "Name\nSQL\n")
    return content.getvalue()


# What takes long to make is made where it is used: each worker reads this.
HOSTILE = {
    "nothing": b"",
    "blanks": b"  \n ",
    "a PDF": b"%PDF-1.7",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "not quite a zip": b"PK" + bytes(1000),
    "a zip cut in half": LINKEDIN[: len(LINKEDIN) // 2],
    "the other half": b"PK" + LINKEDIN[len(LINKEDIN) // 2 :],
    "bytes changed": LINKEDIN[:60] + b"xxxxxxxx" + LINKEDIN[68:],
    "an empty zip": zip_of({}),
    "a zip of something else": zip_of({"photo.jpg": b"x"}),
    "only messages": zip_of({"messages.csv": "FROM,TO\n"}),
    "a bomb": lambda: zip_of({SKILLS: bytes(30_000_000)}),
    "a bomb that lies": says_it_is_small,
    "many files": lambda: zip_of({f"{number}.csv": "" for number in range(3000)}),
    "endless contents": endless_contents,
    "a way out": zip_of({"../../Skills.csv": "Name\nSQL\n"}),
    "a way to the root": zip_of({"/etc/Skills.csv": "Name\nSQL\n"}),
    "a drive": zip_of({"C:\\Skills.csv": "Name\nSQL\n"}),
    "locked": encrypted(),
    "packed oddly": packed_oddly(),
    "a table with NUL": zip_of({SKILLS: b"Name\nS\0QL\n"}),
    "a table that is none": zip_of({SKILLS: b"\x89PNG\r\n\x1a\n\x01\x02"}),
    "an empty table": zip_of({SKILLS: ""}),
    "only columns": zip_of({SKILLS: "Name\n"}),
    "wrong columns": zip_of({SKILLS: "First Name,Last Name\nRobin,Example\n"}),
    "columns far down": zip_of({SKILLS: "note\n" * 100 + "Name\nSQL\n"}),
    "a cell without end": zip_of({SKILLS: 'Name\n"' + "a" * 500_000}),
    "JSON cut in half": SAMPLE[: len(SAMPLE) // 2],
    "no JSON": b"{skills: SQL}",
    "more after it": SAMPLE + b"{}",
    "a list": b'[{"name": "SQL"}]',
    "something else": b'{"name": "Ruth"}',
    "our own file": b'{"format": "careerplan-export", "version": 1}',
    "empty": b"{}",
    "nothing of use": json_of(skills=[], work=[{"name": "A"}]),
    "half of UTF-16": '{"skills": [{"name": "SQL"}]}'.encode("utf-16")[:-1],
    "a skill is a number": json_of(skills=[{"name": 1}]),
    "a position of lists": json_of(work=[{"position": ["Cook"]}]),
    "a lone surrogate": b'{"skills": [{"name": "S\\ud800QL"}]}',
    "nested deeply": b'{"skills": ' + b"[" * DEEP,
    "nested deeply and closed": b'{"skills": ' + b"[" * (DEEP // 2) + b"]" * (DEEP // 2) + b"}",
    "entries nested deeply": b'{"x":' * 100_000,
    "a huge number": b'{"skills": [{"name": ' + b"9" * 900_000 + b"}]}",
    "a huge number elsewhere": b'{"x": ' + b"9" * 900_000 + b', "skills": [{"name": "SQL"}]}',
    "a huge power": b'{"skills": [{"name": 1e999999999}]}',
    "too large for a resume": b'{"x": "' + b"a" * 2_000_000 + b'", "skills": [{"name": "SQL"}]}',
    "the same name a hundred thousand times": lambda: b'{"skills": ' + json.dumps([["SQL"]] * 100_000).encode() + b"}",
}


@cache
def hostile(case):
    return HOSTILE[case] if isinstance(HOSTILE[case], bytes) else HOSTILE[case]()


FORGIVEN = {
    "a zip in a zip": (zip_of({"export.zip": LINKEDIN}), ["SQL", "Python (Programming Language)"]),
    "twice the same": (twice(), ["SQL"]),
    "a control character": (zip_of({SKILLS: b"Name\nS\x07QL\n"}), ["SQL"]),
    "a table cut in a cell": (zip_of({SKILLS: 'Name\nSQL\n"Pyth'}), ["SQL"]),
    "many rows": (zip_of({SKILLS: "Name\n" + "SQL\n" * 20_000}), ["SQL"]),
    "Latin 1": ('{"skills": [{"name": "Café"}]}'.encode("latin-1"), ["Café"]),
    "skills are a text": (json_of(skills="SQL"), ["SQL"]),
    "a skill is a text": (json_of(skills=["SQL"]), ["SQL"]),
    "keywords are a number": (json_of(skills=[{"name": "SQL", "keywords": 1}]), ["SQL"]),
    "keywords of entries": (json_of(skills=[{"name": "SQL", "keywords": [{}]}]), ["SQL"]),
    "NUL": (json_of(skills=[{"name": "S\0QL"}]), ["SQL"]),
}


@pytest.mark.parametrize("case", FORGIVEN)
def test_broken_cv_is_read_as_far_as_it_goes(case):
    data, skills = FORGIVEN[case]
    assert parse_cv(io.BytesIO(data), today=TODAY).skills[:2] == skills


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_cv_is_rejected_fast_in_little_memory(case):
    data = hostile(case)
    tracemalloc.start()
    before = time.process_time()
    try:
        with pytest.raises(InvalidFile) as refused:
            parse_cv(io.BytesIO(data), today=TODAY)
        took, peak = time.process_time() - before, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 15 < len(str(refused.value)) < 400
    assert str(refused.value)[-1] in ".?"
    assert took < MAX_SECONDS
    assert peak < MAX_MEMORY


def test_name_of_combining_marks_is_left_out():
    before = time.process_time()
    marks = "a" + "\u0315\u0300" * 100_000  # put in order one by one they take half a minute
    data = json.dumps({"skills": [{"name": marks}, {"name": "SQL"}]}, ensure_ascii=False).encode()
    resume = parse_cv(io.BytesIO(data), today=TODAY)
    assert time.process_time() - before < MAX_SECONDS
    assert (resume.skills, resume.excluded) == (["SQL"], 1)


def test_many_names_are_read_in_time():
    data = json.dumps({"skills": [{"name": f"{number}"} for number in range(45_000)]}).encode()
    before = time.process_time()
    resume = parse_cv(io.BytesIO(data), today=TODAY)
    assert time.process_time() - before < MAX_SECONDS
    assert (len(resume.skills), resume.excluded) == (200, 44_800)


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
def test_rejected_cv_changes_nothing(signed_in, case):
    before = fingerprint()
    response = signed_in.post(reverse("imports:choose"), {"file": SimpleUploadedFile("resume.json", hostile(case))})
    assert response.status_code == 200
    form = response.context["form"]
    assert form.has_error("file", "rejected") or form.has_error("file", "empty")
    assert fingerprint() == before


@pytest.mark.django_db
def test_too_large_cv_is_rejected_unread(signed_in, settings, monkeypatch):
    monkeypatch.setattr("careerplan.imports.views.parse_cv", lambda file, today: pytest.fail("it was read"))
    settings.MAX_UPLOAD_BYTES = 1000
    response = signed_in.post(reverse("imports:choose"), {"file": SimpleUploadedFile("x.zip", b"PK" + bytes(5000))})
    assert response.context["form"].has_error("file", "rejected")
    assert not Assessment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{}, {"file": "a text"}])
def test_file_is_required(signed_in, sent):
    response = signed_in.post(reverse("imports:choose"), sent)
    assert response.context["form"].has_error("file", "required")


NAMES = st.sampled_from(
    [
        *(
            "name",
            "title",
            "position",
            "items",
            "keywords",
            "startDate",
            "date",
            "company",
            "skills",
            "work",
            "education",
        ),
        *(
            "sections",
            "basics",
            "label",
            "languages",
            "experience",
            "credentialSubject",
            "achievement",
            "badge",
            "issuer",
        ),
        *(
            "SkillsPassport",
            "LearnerInfo",
            "WorkExperience",
            "Period",
            "From",
            "Position",
            "Headline",
            "PositionHistory",
        ),
    ]
)
VALUES = st.recursive(
    st.sampled_from([None, True, 1, 2018, 1.5, "", "x", "Jan 2020", "present", "Nurse, 2020 - 2021"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES, kind=st.sampled_from(["work", "sections", "SkillsPassport", "openbadges", "skills"]))
def test_cv_of_any_values_is_read_or_refused(value, kind):
    data = json.dumps({"@context": kind, kind: value, "type": "Assertion", "more": [value]}).encode()
    reason = "Read."
    try:
        parse_cv(io.BytesIO(data), today=TODAY)
    except InvalidFile as refused:
        reason = str(refused)
    assert reason[-1] in ".?"
