"""What is found in a resume, whatever its shape."""

import io

import pytest

from careerplan.imports.content import BETWEEN, Position, School
from careerplan.imports.levels import level_in
from careerplan.imports.parser import read_resume
from tests.imports.files import LINKEDIN, SAMPLE, json_of, zip_of


def read(data):
    return read_resume(io.BytesIO(data))


def test_the_invented_export_of_linkedin():
    resume = read(LINKEDIN)
    assert resume.skills == [
        *("SQL", "Python (Programming Language)", "Microsoft Power BI", "Data Analysis", "Customer Service"),
        *("Microsoft Excel", "Communication"),
    ]
    assert resume.positions == [
        Position("Data Analyst", "Example Analytics", f"Jun 2021{BETWEEN}now", True),
        Position("Junior Data Analyst", "Śląsk Retail Sp. z o.o.", f"Sep 2018{BETWEEN}May 2021", False),
        Position("Barista", "Corner Café", f"Jan 2016{BETWEEN}Aug 2018", False),
    ]
    # The evening college names no degree, so there is nothing of it to take over.
    assert resume.schools == [School("University of Example", "BSc, Economics", "bachelor", "Economics")]
    assert resume.certificates == ["Example Data Associate, Example Institute, Feb 2023", "First Aid at Work"]
    assert resume.left_out == 0


def test_the_sample_of_json_resume():
    resume = read(SAMPLE)
    assert resume.skills == ["Web Development", "HTML", "CSS", "Javascript", "Compression", "Mpeg", "MP4", "GIF"]
    assert resume.positions == [Position("CEO/President", "Pied Piper", f"Dec 2013{BETWEEN}Dec 2014", False)]
    assert resume.schools == [
        School("University of Oklahoma", "Bachelor, Information Technology", "bachelor", "Information Technology")
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
def test_tables_as_they_come(table):
    assert read(zip_of({"Basic/Skills.csv": table, "Jobs/Saved Jobs.csv": "x", "messages.csv": b"\0"})).skills == [
        "Café"
    ]


def test_columns_go_by_their_names():
    data = zip_of({"education.CSV": 'Activities,Degree Name,Notes,School Name\nChess,"MSc, Law",,Leeds\n'})
    assert read(data).schools == [School("Leeds", "MSc, Law", "master", "Law")]


def test_a_position_that_is_called_present_goes_on():
    data = zip_of({"Positions.csv": "Company Name,Title,Started On,Finished On\nA,Cook,Jan 2020,Present\nB,,,\n"})
    assert read(data).positions == [Position("Cook", "A", f"Jan 2020{BETWEEN}now", True)]


def test_a_resume_of_before_1_0_and_one_with_a_label_only():
    assert read(json_of(work=[{"company": "A", "position": "Cook"}])).positions == [Position("Cook", "A", "", True)]
    assert read(json_of(basics={"label": "Cook"})).positions == [Position("Cook", "", "", True)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        *[("2021-06-30", "Jun 2021"), ("2021-06", "Jun 2021"), ("2021", "2021"), ("June 2021", "June 2021"), ("", "")],
        *[("2021-13", "2021-13"), ("0000-01", "0000-01")],
    ],
)
def test_the_days_of_json_resume_are_said_in_words(written, said):
    work = [{"name": "A", "position": "Cook", "startDate": written, "endDate": "Present"}]
    resume = read(json_of(work=work, certificates=[{"name": "B", "date": written}]))
    assert resume.positions[0].span == (f"{said}{BETWEEN}now" if said else "")
    assert resume.certificates == [f"B, {said}" if said else "B"]


def test_what_is_too_long_or_too_much_is_left_out_and_counted():
    names = ["x" * 81, *(f"Skill {number}" for number in range(230))]
    resume = read(json_of(skills=[{"name": name} for name in names], certificates=[{"name": "c" * 201}]))
    assert resume.skills == names[1:201]
    assert resume.left_out == 1 + 30 + 1


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
        ("Vocational training or certificate", "vocational"),
        ("Secondary school", "secondary"),
        ("A-levels", "secondary"),
        ("Scout", ""),
        ("Mathematics", ""),
        ("", ""),
    ],
)
def test_the_level_in_the_words_of_a_degree(words, level):
    assert level_in(words) == level
