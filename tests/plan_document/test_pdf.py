"""The PDF: whatever a user wrote is text and nothing else, nothing leaves the page, every reader finds the way."""

import pypdfium2
import pytest
from pypdfium2 import raw

from careerplan.plan_document import pdf as pdf_module
from careerplan.plan_document.document import Fact
from careerplan.plan_document.pdf import RenderFailed, breakable, render_pdf
from tests.plan_document.examples import long_document, make_document, make_goal, make_step
from tests.plan_document.reading import bare, pdf_text

HOSTILE = [
    '#panic("x") #import "plan.typ" #read("/etc/passwd")',
    "$x^2$ @ref <label> *bold* _it_ `raw` // comment /* more */",
    'quote " backslash \\ bracket ] [ } { ) (',
    "~ ... 'single' \"double\" \\u{41} #sys.inputs",
    "= heading",
    "+ list",
]
SCRIPTS = [
    "خطة مهنية للممرضة",
    "להוביל משמרות",
    "在一百人面前演讲",
    "五年後、私は病棟を",
    "간호사 팀",
    "Старшая медсестра",
    "Ανώτερη νοσηλεύτρια",
    "พยาบาล",
    "नर्स",
    "ექთანი",
    "բուժքույր",
    "👩‍💻 👨‍👩‍👧 🇬🇧 ✅ 🎉",
]
IS_UA = b"pdfuaid"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(text):
    goal = make_goal(text, own=(Fact(text, (text,), is_own=True),), steps=(make_step(text, needs=(text,)),))
    document = make_document(goal, title=text, author=text, head=text, vision=text, direction=(Fact(text, (text,)),))
    made = render_pdf(document)
    assert pdf_text(made, document).count(bare(text)) >= 6
    assert IS_UA in made


@pytest.mark.parametrize("text", SCRIPTS)
def test_fonts_cover_every_script(text):
    """PDF/UA is refused where a letter has no glyph; so it is a proof that each has one."""
    assert IS_UA in render_pdf(make_document(make_goal(text, steps=(make_step(text),)), title=text, vision=text))


def test_character_without_a_font_is_rendered():
    made = render_pdf(make_document(make_goal("Cuneiform \U00012000 and \U000f0000")))
    assert made.startswith(b"%PDF")
    assert IS_UA not in made


def test_control_characters_are_removed():
    document = make_document(make_goal("Lead \u202eshifts\u202c \x07\x1b12\x00"))
    assert bare("Lead shifts 12") in pdf_text(render_pdf(document), document)


@pytest.mark.parametrize("word", ["A" * 10_000, "#" * 10_000, "看" * 10_000, "\u0939\u093f" * 5_000])
def test_nothing_overflows_the_page(word):
    text = Fact("Why", (word,), is_own=True)
    made = render_pdf(make_document(make_goal(word[:200], own=(text,), steps=(make_step(word[:200]),)), vision=word))
    with pypdfium2.PdfDocument(made) as file:
        assert len(file) < 20
        for page in file:
            width, height = page.get_size()
            boxes = [thing.get_bounds() for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
            assert all(left >= 0 and right <= width - 30 for left, _bottom, right, _top in boxes)
            assert all(bottom >= 0 and top <= height for _left, bottom, _right, top in boxes)


def test_long_words_break_between_characters():
    assert breakable("short words stay") == "short words stay"
    assert breakable("a" * 30) == "a" * 28 + "\u200b" + "aa"
    family = "👩\u200d👩\u200d👧" * 20
    assert "\u200d\u200b" not in breakable(family)
    assert "\u200b\u200d" not in breakable(family)
    assert "\u200b\u0301" not in breakable("e\u0301" * 40)


def test_same_document_renders_the_same_bytes():
    assert render_pdf(long_document(3, 6)) == render_pdf(long_document(3, 6))


def test_file_metadata():
    made = render_pdf(make_document(make_goal(), title="Ward manager by autumn"))
    with pypdfium2.PdfDocument(made) as file:
        about = file.get_metadata_dict()
        assert (about["Title"], about["Author"]) == ("Ward manager by autumn", "Ruth Adeyemi")
        assert about["CreationDate"].startswith("D:20270309")
        assert raw.FPDFCatalog_IsTagged(file)
    assert b"/Lang (en-GB)" in made or b"en-GB" in made


def test_pdf_bookmarks():
    made = render_pdf(make_document(make_goal("Lead shifts"), make_goal("Speak to 100 people"), vision="I run a ward."))
    with pypdfium2.PdfDocument(made) as file:
        marks = [(mark.level, mark.get_title()) for mark in file.get_toc()]
    assert marks == [
        (0, "Vision"),
        (0, "Goal timeline"),
        (0, "Goals and steps"),
        (1, "Lead shifts"),
        (1, "Speak to 100 people"),
    ]


def test_long_plan_has_a_table_of_contents():
    short, long = make_document(make_goal()), long_document(13, 3)
    assert "Contents" not in pdf_text(render_pdf(short), short)
    assert pdf_text(render_pdf(long), long).count("Contents") == 1


def test_goal_stays_on_one_page():
    document = long_document(12, 9)
    made = render_pdf(document)
    with pypdfium2.PdfDocument(made) as file:
        for page in list(file)[1:]:
            text = bare(page.get_textpage().get_text_bounded())
            assert text.count("Because") == text.count("Done2")


def test_pdf_of_300_goals_and_3000_steps():
    assert len(pypdfium2.PdfDocument(render_pdf(long_document(300, 10)))) > 100


def test_rendering_times_out(monkeypatch):
    monkeypatch.setattr(pdf_module, "SECONDS_ALLOWED", 0.001)
    with pytest.raises(RenderFailed):
        render_pdf(make_document(make_goal()))


def test_typst_error_fails_rendering(monkeypatch, caplog):
    monkeypatch.setattr(pdf_module, "_data", lambda document: {"date": [2027, 3, 9]})
    with pytest.raises(RenderFailed):
        render_pdf(make_document(make_goal()))


def test_typst_worker_gets_no_secrets(monkeypatch):
    seen = {}
    monkeypatch.setattr(pdf_module.subprocess, "run", lambda *args, **options: seen.update(options) or _Made())
    render_pdf(make_document(make_goal()))
    assert set(seen["env"]) == {"PYTHONPATH"}


class _Made:
    stdout = b"%PDF"
