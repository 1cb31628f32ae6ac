"""The Word file: real headings, lists and tables; read back by python-docx, and opened by LibreOffice where it is."""

import shutil
import subprocess
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn

from careerplan.plan_document.document import DoneStepFacts, Fact, SkillGapRow, SkillsSection, SkillStrength
from careerplan.plan_document.docx import render_docx
from tests.plan_document.examples import DAY, long_document, make_document, make_goal, make_step
from tests.plan_document.reading import bare, word_text

RICH = make_document(
    make_goal(
        "Lead shifts",
        own=(Fact("Why", ("Wards follow.\nCalm ones.",), is_own=True),),
        steps=(make_step(),),
        done=(DoneStepFacts(DAY, "Shadow a nurse", "3 of 5, partly", "24 hours", "Yes", "One night is enough."),),
    ),
    vision="I run a ward.",
    skills=SkillsSection(
        "As of 2 Mar 2027.", (SkillStrength("Listening", "They ask me."),), (SkillGapRow("Money", 1, 4, "1", "4"),), ()
    ),
)


def opened(document):
    return docx.Document(BytesIO(render_docx(document)))


def test_word_headings():
    styles = [(p.style.name, p.text) for p in opened(RICH).paragraphs if p.style.name.startswith(("Head", "Title"))]
    assert styles == [
        ("Title", "Ward manager"),
        ("Heading 1", "Vision"),
        ("Heading 1", "My skills"),
        ("Heading 1", "Goal timeline"),
        ("Heading 1", "Goals and steps"),
        ("Heading 2", "Lead shifts"),
    ]


def test_own_words_have_their_own_font():
    file = opened(RICH)
    own = next(p for p in file.paragraphs if p.text == "I run a ward.")
    assert (own.style.name, own.style.font.name, file.styles["Normal"].font.name) == ("Own Words", "Cambria", "Calibri")


def test_steps_are_a_list():
    file = opened(RICH)
    assert [p.text for p in file.paragraphs if p.style.name == "List Bullet"][-1].startswith("9 Mar 2027: Ask for two")
    assert "Why: Wards follow.\nCalm ones." in [p.text for p in file.paragraphs]


def test_tables_repeat_their_header():
    tables = opened(RICH).tables
    assert [[cell.text for cell in table.rows[0].cells] for table in tables] == [
        ["Skill to learn", "My level", "Level needed"],
        ["Goal", "Start", "Due", "Done", "Time passed"],
        ["Done", "Step", "Rating", "Hours", "Would repeat"],
    ]
    for table in tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in tables[2].rows[1].cells][1] == "Shadow a nurse\nOne night is enough."


def test_file_metadata():
    file = opened(RICH)
    about = file.core_properties
    assert (about.title, about.author, about.language) == ("Ward manager", "Ruth Adeyemi", "en-GB")
    assert about.created.date() == DAY
    assert file.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_same_document_renders_the_same_bytes():
    assert render_docx(RICH) == render_docx(RICH)


@pytest.mark.parametrize("text", ["a\x00b\x0b\x1fc\ufffe", "\ud800 half", "<w:p/> & ]]> \"'", "x" * 10_000])
def test_any_text_makes_a_valid_file(text):
    document = make_document(make_goal(text, steps=(make_step(text),)), title=text, author=text, vision=text)
    said = word_text(render_docx(document))
    assert said.count(bare(document.title)) >= 4


def test_right_to_left_paragraph():
    paragraph = next(p for p in opened(make_document(vision="להוביל משמרות")).paragraphs if p.text.startswith("ל"))
    assert paragraph._p.pPr.find(qn("w:bidi")) is not None
    assert paragraph.runs[0].font.rtl


def test_long_plan_is_rendered_in_time():
    assert len(opened(long_document(300, 10)).paragraphs) > 2_000


def test_docx_archive_is_valid():
    with ZipFile(BytesIO(render_docx(RICH))) as archive:
        assert archive.testzip() is None
        assert "word/document.xml" in archive.namelist()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed on this machine")
def test_libreoffice_opens_it(tmp_path):
    source = tmp_path / "plan.docx"
    source.write_bytes(render_docx(RICH))
    command = ["soffice", "--headless", "--convert-to", "txt:Text", "--outdir", tmp_path, source]
    subprocess.run(command, check=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    assert bare("Wards follow.") in bare((tmp_path / "plan.txt").read_text())
