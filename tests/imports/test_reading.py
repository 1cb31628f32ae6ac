"""What is found in a resume, whatever its shape."""

import io

import pytest

from careerplan.imports.content import BETWEEN, CvPosition, CvSchool
from careerplan.imports.degrees import level_in
from careerplan.imports.parser import parse_cv
from tests.imports.files import LINKEDIN, SAMPLE, TODAY, json_of, zip_of


def read(data):
    return parse_cv(io.BytesIO(data), today=TODAY)


def test_linkedin_sample():
    resume = read(LINKEDIN)
    assert resume.skills == [
        *("SQL", "Python (Programming Language)", "Microsoft Power BI", "Data Analysis", "Customer Service"),
        *("Microsoft Excel", "Communication", "English", "Polish", "French"),
    ]
    assert resume.positions == [
        CvPosition("Data Analyst", "Example Analytics", f"Jun 2021{BETWEEN}now", True),
        CvPosition("Junior Data Analyst", "Śląsk Retail Sp. z o.o.", f"Sep 2018{BETWEEN}May 2021", False),
        CvPosition("Barista", "Corner Café", f"Jan 2016{BETWEEN}Aug 2018", False),
    ]
    # The evening college names no degree, so there is nothing of it to take over.
    assert resume.schools == [CvSchool("University of Example", "BSc, Economics", "bachelor", "Economics")]
    assert resume.certificates == ["Example Data Associate, Example Institute, Feb 2023", "First Aid at Work"]
    assert {one.place for one in resume.left_out} == {"Education, row 3", "Courses.csv", "Projects.csv"}


def test_json_resume_sample():
    resume = read(SAMPLE)
    assert resume.skills == [
        "Web Development",
        "HTML",
        "CSS",
        "Javascript",
        "Compression",
        "Mpeg",
        "MP4",
        "GIF",
        "English",
    ]
    assert resume.positions == [
        CvPosition("CEO/President", "Pied Piper", f"Dec 2013{BETWEEN}Dec 2014", False),
        CvPosition("Teacher", "CoderDojo", f"Jan 2012{BETWEEN}Jan 2013", False),  # as a volunteer
    ]
    assert {one.place for one in resume.left_out} == {"awards", "publications", "interests", "references", "projects"}
    assert resume.schools == [
        CvSchool("University of Oklahoma", "Bachelor, Information Technology", "bachelor", "Information Technology")
    ]
    assert resume.certificates == []


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("Name\nCafé\n".encode(), id="utf-8"),
        pytest.param("\ufeffName\nCafé\n".encode(), id="with a mark"),
        pytest.param("Name\nCafé\n".encode("cp1252"), id="windows"),
        pytest.param(b"Name\nCaf\xe9\n\x81\n".replace(b"\x81\n", b""), id="latin-1"),
        pytest.param("Name\nCafé\n".encode("utf-16"), id="utf-16"),
        pytest.param("Name\r\n Café \r\n\r\n".encode(), id="line ends of windows"),
        pytest.param("Name\rCafé\r".encode(), id="line ends of old"),
        pytest.param('Notes:\n"Long ago, they said"\n\nName\nCafé\n'.encode(), id="notes above"),
        pytest.param("Level;Name;Rest\n3;Café;\n".encode(), id="semicolons"),
        pytest.param("Level\t name \n3\tCafé\n".encode(), id="tabs"),
        pytest.param("Name,More\nCafé\n,,\n".encode(), id="short and long rows"),
        pytest.param("Name\nCafé\ncafé\nCAFÉ\n".encode(), id="three times"),
        pytest.param("Name\nCafe\u0301\n".encode(), id="accent by itself"),
    ],
)
def test_linkedin_tables_in_many_encodings(table):
    assert read(zip_of({"Basic/Skills.csv": table, "Jobs/Saved Jobs.csv": "x", "messages.csv": b"\0"})).skills == [
        "Café"
    ]


def test_linkedin_columns_are_found_by_name():
    data = zip_of({"education.CSV": 'Activities,Degree Name,Notes,School Name\nChess,"MSc, Law",,Leeds\n'})
    assert read(data).schools == [CvSchool("Leeds", "MSc, Law", "master", "Law")]


def test_present_position_is_current():
    data = zip_of({"Positions.csv": "Company Name,Title,Started On,Finished On\nA,Cook,Jan 2020,Present\nB,,,\n"})
    assert read(data).positions == [CvPosition("Cook", "A", f"Jan 2020{BETWEEN}now", True)]


def test_old_json_resume_and_one_with_only_a_label():
    assert read(json_of(work=[{"company": "A", "position": "Cook"}])).positions == [CvPosition("Cook", "A", "", True)]
    assert read(json_of(basics={"label": "Cook"})).positions == [CvPosition("Cook", "", "", True)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        *[("2021-06-30", "Jun 2021"), ("2021-06", "Jun 2021"), ("2021", "2021"), ("June 2021", "June 2021"), ("", "")],
        *[("2021-13", "2021-13"), ("0000-01", "0000-01")],
    ],
)
def test_json_resume_dates_are_formatted(written, said):
    work = [{"name": "A", "position": "Cook", "startDate": written, "endDate": "Present"}]
    resume = read(json_of(work=work, certificates=[{"name": "B", "date": written}]))
    assert resume.positions[0].span == (f"{said}{BETWEEN}now" if said else "")
    assert resume.certificates == [f"B, {said}" if said else "B"]


def test_too_long_and_too_many_entries_are_counted():
    names = ["x" * 81, *(f"Skill {number}" for number in range(230))]
    resume = read(json_of(skills=[{"name": name} for name in names], certificates=[{"name": "c" * 201}]))
    assert resume.skills == names[1:201]
    assert resume.excluded == 1 + 30 + 1


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Master of Science (M.Sc.), after a bachelor", "master"),
        ("B.A.", "bachelor"),
        ("Ph.D. in Physics", "doctorate"),
        ("Bachelor's degree", "bachelor"),
        ("Doctorate or professional degree", "doctorate"),
        ("No certificate", "none"),
        ("Some college, no degree", "some_college"),
        ("Some higher education, no degree", "some_college"),
        ("Foundation degree or higher diploma", "associate"),
        ("Vocational training or certificate", "vocational"),
        ("Secondary school", "secondary"),
        ("A-levels", "secondary"),
        ("Scout", ""),
        ("Mathematics", ""),
        ("", ""),
    ],
)
def test_level_of_a_degree(words, level):
    assert level_in(words) == level
