"""CVs in PDF and Word: sections by their headings, jobs by their dates; hostile ones end only their own process."""

import io
import json
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports import document_worker as worker
from careerplan.imports import documents as reader
from careerplan.imports.content import CvContent
from careerplan.imports.cv_text import parse_cv_text
from careerplan.imports.documents import Line
from careerplan.imports.parser import parse_cv
from tests.database import fingerprint
from tests.imports import documents
from tests.imports.files import TODAY
from tests.work import count_work, grows_in_line

PAGES, WORK_OF_A_PAGE = 20, 25_000


def read(data):
    return parse_cv(io.BytesIO(data), today=TODAY)


def jobs(cv):
    return [(one.role, one.organisation, one.span, one.is_current) for one in cv.positions]


MAKERS = [documents.pdf_of, documents.word_of, str.encode]


@pytest.mark.parametrize("make", MAKERS, ids=["pdf", "word", "text"])
def test_english_cv(make):
    cv = read(make(documents.ENGLISH))
    assert jobs(cv) == [
        ("Practice nurse", "Elm Street Surgery", "Feb 2021 – now", True),
        ("Ward clerk", "Oak Clinic", "2019 – 2020", False),
    ]
    assert [(one.name, one.level, one.field) for one in cv.schools] == [
        ("Northfield University", "bachelor", "Nursing")
    ]
    assert cv.skills == ["Wound care", "Triage", "Leadership", "Polish", "English"]
    assert cv.certificates == ["First aid at work, Town Rescue, May 2024"]


@pytest.mark.parametrize("make", MAKERS, ids=["pdf", "word", "text"])
def test_german_cv_with_the_dates_first(make):
    cv = read(make(documents.GERMAN))
    assert jobs(cv) == [
        ("Tischlerin", "Tischlerei Beispiel GmbH", "Mar 2020 – now", True),
        ("Gesellin", "Holzbau Muster KG", "Aug 2016 – Feb 2020", False),
    ]
    assert [(one.name, one.level) for one in cv.schools] == [("Berufsschule Musterhausen", "vocational")]
    assert cv.skills == ["Hobel", "Formatkreissäge"]


@pytest.mark.parametrize(
    "lines",
    [
        "Experience\nBookbinder\nElm Works, Exampletown\nJan 2020 - Dec 2022\nDid a lot of things there.",
        "Experience\nElm Works Ltd\nBookbinder\n01/2020 - 12/2022",
        "EXPERIENCE:\nBookbinder at Elm Works (Jan 2020 – Dec 2022)",
        "Employment history\nJan 2020 – Dec 2022 | Bookbinder | Elm Works",
        "Experiencia laboral\nBookbinder - Elm Works\nenero de 2020 - diciembre de 2022",
        "職歴\n2020年1月 〜 2022年12月\nBookbinder\nElm Works",
        "Work History\n2020 to 2022: Bookbinder, Elm Works\nI bound books.",
        "Jobs & experience\nBookbinder, Elm Works, Summer 2020 – Aug 2022",
    ],
)
def test_ways_to_write_a_job(lines):
    (job,) = read(lines.encode()).positions
    assert job.role == "Bookbinder"
    assert job.organisation.startswith("Elm Works")
    assert (job.since[:4], job.is_current) == ("2020", False)


@pytest.mark.parametrize(
    ("lines", "school", "field"),
    [
        ("A-levels: Biology (B), English   2013\nNewport Sixth Form", "Newport Sixth Form", "Biology (B), English"),
        ("5 GCSEs incl. Maths\nOak High School, 2011", "Oak High School", ""),
        ("Oak High School, 2011\n5 GCSEs incl. Maths", "Oak High School", ""),
    ],
)
def test_school_certificate_and_its_school_are_one_entry(lines, school, field):
    cv = read(f"Education\n{lines}\nBSc Design, Elm University, 2009\n".encode())
    assert [(one.name, one.level) for one in cv.schools] == [(school, "secondary"), ("Elm University", "bachelor")]
    assert cv.schools[0].field == field


@pytest.mark.parametrize(
    ("line", "job"),
    [
        (
            "2016 to 2018: Health Care Assistant - Rosebank Nursing Home",
            ("Health Care Assistant", "Rosebank Nursing Home"),
        ),
        ("2016 - 2018   Nurse (Band 6)   Elm Trust, York", ("Nurse (Band 6)", "Elm Trust")),
        ("2016 - 2018   Staff Nurse, Ward 12   Elm Hospital", ("Staff Nurse", "Elm Hospital")),
    ],
)
def test_role_and_employer_in_one_line(line, job):
    cv = read(f"Clinical experience\n{line}\n2015 - 2016   Clerk, Oak Clinic\n".encode())
    assert (cv.positions[0].role, cv.positions[0].organisation) == job


def test_break_is_no_job_and_is_listed():
    cv = read(b"Work experience\nCareer break   2019 - 2020\nNurse, Oak Clinic   2018 - 2019\n")
    assert ([one.role for one in cv.positions], cv.excluded) == (["Nurse"], 1)


def test_bullets_that_a_file_lost_are_no_names():
    first = "Electrician, Brightside Ltd, Leeds\nMarch 2019 – now\nTest boards in schools\nLead two apprentices\n"
    second = "Electrician's mate, Halton and Sons\nJune 2015 – May 2018\n"
    cv = read(f"Work experience\n{first}{second}".encode())
    assert [(one.role, one.organisation) for one in cv.positions] == [
        ("Electrician", "Brightside Ltd"),
        ("Electrician's mate", "Halton and Sons"),
    ]


def test_references_are_no_certificate():
    assert read(b"Certificates\nFirst aid, 2023\nReferences available on request\n").certificates == ["First aid, 2023"]


@pytest.mark.parametrize(
    ("lines", "certificates"),
    [
        ("First aid at\nwork, 2023\nForklift licence", ["First aid at work, 2023", "Forklift licence"]),
        ("- First aid\n  Red Cross\n- Forklift licence", ["First aid Red Cross", "Forklift licence"]),
        ("- First aid\n  2023\n- Forklift licence", ["First aid, 2023", "Forklift licence"]),
        ("Safe lifting (Level 2,\nTown College)\nHaccp", ["Safe lifting (Level 2, Town College)", "Haccp"]),
        (
            "Award in Emergency First\nAid at Work 2024\nHygiene 2022",
            ["Award in Emergency First Aid at Work, 2024", "Hygiene, 2022"],
        ),
        ("First aid\nForklift licence, 2020\nHygiene", ["First aid", "Forklift licence, 2020", "Hygiene"]),
    ],
)
def test_certificate_in_a_narrow_column_is_one(lines, certificates):
    assert read(f"Certificates\n{lines}\n".encode()).certificates == certificates


def test_table_of_a_word_file_is_read():
    cv = read(
        documents.word_of("Work experience", table=[("2019 - 2020", "Clerk, Oak Clinic"), ("since 2021", "Nurse")])
    )
    assert [(one.role, one.is_current) for one in cv.positions] == [("Clerk", False), ("Nurse", True)]


def test_text_boxes_and_fields_of_a_word_template_are_read_once():
    skills, jobs_ = ["Skills", "Triage"], ["Work experience", "Nurse, Oak Clinic", "2019 - 2020"]
    cv = read(documents.word_template(skills, jobs_, "Certificates"))
    assert (cv.skills, [one.role for one in cv.positions], cv.certificates) == (["Triage"], ["Nurse"], [])


def test_date_without_a_role_is_listed():
    cv = read(b"Work experience\nClerk, Oak Works 2019 - 2020\n\nEducation\n2013 - 2016\n")
    assert [one.role for one in cv.positions] == ["Clerk"]
    assert len(cv.left_out) == 1


def test_europass_in_its_pdf():
    cv = read(documents.pdf_with("Mara Testperson", documents.EUROPASS))
    assert jobs(cv) == [("Bookbinder", "Elm Works", "Mar 2020 – now", True)]
    assert [(one.name, one.level, one.field) for one in cv.schools] == [("Northfield College", "bachelor", "Design")]


@pytest.mark.parametrize("attached", ["<invoice/>", "<broken", "<a>"])
def test_other_xml_in_a_pdf_does_not_hide_its_text(attached):
    cv = read(documents.pdf_with("Work experience\nClerk, Oak Works 2019 - 2020", attached))
    assert [one.role for one in cv.positions] == ["Clerk"]


def test_endless_line_of_a_text_is_cut():
    def run(size):
        read(b"Skills\nTyping\n" + b" * at" * size + b" " * size + b"x")

    small, large = grows_in_line(run, 2000)
    assert large < 2.6 * small


HOSTILE = {
    "a scan": (documents.scan, "no text"),
    "locked": (lambda: documents.pages(1, encrypted=True), "password"),
    "10,000 pages": (lambda: documents.pages(10_000), "pages"),
    "cut off": (lambda: documents.pdf_of(documents.ENGLISH)[:400], ""),
    "a script": (
        lambda: b"%PDF-1.4\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>\n%%EOF",
        "",
    ),
    "a bomb in Word": (lambda: documents.packed({"word/document.xml": bytes(80_000_000)}), "unpacks"),
    "a doubling entity": (
        lambda: documents.packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'}),
        "damaged",
    ),
    "broken fonts": (lambda: documents.page_of(b"BT /F1 9 Tf (Skills) Tj ET", font=b"\0\1\0\0" + b"\xff" * 4000), ""),
    "a page that unpacks to a gigabyte": (lambda: documents.page_of(packing=bytes(1 << 20), times=1024), ""),
    "a bomb in Excel": (
        lambda: documents.packed({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": bytes(80_000_000)}),
        "unpacks",
    ),
    "no Word": (lambda: documents.packed({"word/x": "x"}), "damaged"),
    "a Word file with a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "password"),
    "an Excel file with a password": (
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(9000)
        ),
        "This file has a password",
    ),
    "prose": (lambda: documents.word_of("This is a letter. It says nothing of a job."), ""),
    "entities": (lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "europass">]><a>&b;&b;</a>', ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_document_is_refused_with_a_reason(signed_in, case):
    make, words = HOSTILE[case]
    before, content = fingerprint(), make()
    started = time.monotonic()
    form = signed_in.post(reverse("imports:choose"), {"file": SimpleUploadedFile("cv", content)}).context["form"]
    assert time.monotonic() - started < reader.SECONDS_ALLOWED + 5
    assert form.has_error("file", "rejected")
    assert words in form.errors["file"][0]
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("does", "answer"),
    [
        ("len(bytearray(2 * worker.MOST_MEMORY))", "large"),
        ("open('written', 'w').write('x' * 9000)", "damaged"),
        ("[one for one in iter(int, 1)]", "killed"),
    ],
)
def test_process_ends_itself_at_its_bounds(does, answer, tmp_path):
    script = (
        "import sys\nfrom careerplan.imports import document_worker as worker\nworker.MOST_SECONDS = 1\n"
        f"worker.READERS['x'] = lambda data: {does}\nsys.argv = ['', 'x']\nworker.main()"
    )
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, [str(settings.BASE_DIR), *sys.path]))}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, input=b"", capture_output=True, check=False
    )
    assert ("killed" if run.returncode < 0 else json.loads(run.stdout)["refused"]) == answer
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


def test_cv_of_twenty_pages_is_read_within_its_bounds():
    """As stated in docs/operating/limits.md: a page costs less than 25,000 calls and lines of ours."""
    tasks = "- Cared for 30 patients a day and trained a colleague\n" * 10
    jobs_ = (f"Nurse, Oak Clinic    Jan {1900 + year} - Dec {1900 + year}\n" for year in range(100))
    text = "\n".join(["Work experience", *(job + tasks for job in jobs_)])
    content = worker.read_pdf(documents.pdf_of(text))
    lines = [Line(*line) for line in content["lines"]]
    assert (content["pages"] >= 20, len(lines) >= 1_100) == (True, True)
    assert count_work(lambda: parse_cv_text(lines, CvContent())) < PAGES * WORK_OF_A_PAGE


def test_process_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS_ALLOWED", 0.01)
    with pytest.raises(InvalidFile):
        read(documents.pdf_of("Skills"))


@pytest.mark.parametrize(
    "line", ["Nurse, Oak Clinic 2019 - 2020", "- a bullet", "2019 - ", "a, b, c, d", "Jan Jan Jan 2", "x" * 600]
)
def test_work_grows_in_line_with_the_text(line):
    def run(size):
        parse_cv_text(
            [Line("Experience", 1), *[Line(line, 1)] * size, Line("Skills", 1), *[Line(line, 1)] * size], CvContent()
        )

    small, large = grows_in_line(run, 200)
    assert large < 2.6 * small
