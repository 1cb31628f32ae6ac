"""The PDF: whatever somebody wrote is text and nothing else, nothing leaves the page, every reader finds the way."""

import pypdfium2
import pytest
from pypdfium2 import raw

from careerplan.plan_document import pdf as pdf_module
from careerplan.plan_document.document import Fact
from careerplan.plan_document.pdf import CannotBeSet, breakable, pdf_of
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
def test_nothing_somebody_wrote_is_markup(text):
    goal = make_goal(text, own=(Fact(text, (text,), is_own=True),), steps=(make_step(text, takes=(text,)),))
    document = make_document(goal, title=text, author=text, head=text, vision=text, direction=(Fact(text, (text,)),))
    made = pdf_of(document)
    assert pdf_text(made, document).count(bare(text)) >= 6
    assert IS_UA in made


@pytest.mark.parametrize("text", SCRIPTS)
def test_any_script_a_name_can_have_has_its_letters(text):
    """PDF/UA is refused where a letter has no glyph; so it is a proof that each has one."""
    assert IS_UA in pdf_of(make_document(make_goal(text, steps=(make_step(text),)), title=text, vision=text))


def test_a_letter_that_no_typeface_has_never_breaks_it():
    made = pdf_of(make_document(make_goal("Cuneiform \U00012000 and \U000f0000")))
    assert made.startswith(b"%PDF")
    assert IS_UA not in made


def test_a_turning_mark_and_control_characters_are_not_set():
    document = make_document(make_goal("Lead \u202eshifts\u202c \x07\x1b12\x00"))
    assert bare("Lead shifts 12") in pdf_text(pdf_of(document), document)


@pytest.mark.parametrize("word", ["A" * 10_000, "#" * 10_000, "看" * 10_000, "\u0939\u093f" * 5_000])
def test_nothing_leaves_the_page(word):
    text = Fact("Why", (word,), is_own=True)
    made = pdf_of(make_document(make_goal(word[:200], own=(text,), steps=(make_step(word[:200]),)), vision=word))
    with pypdfium2.PdfDocument(made) as file:
        assert len(file) < 20
        for page in file:
            width, height = page.get_size()
            boxes = [thing.get_bounds() for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
            assert all(left >= 0 and right <= width - 30 for left, _bottom, right, _top in boxes)
            assert all(bottom >= 0 and top <= height for _left, bottom, _right, top in boxes)


def test_long_words_may_break_but_never_inside_a_letter():
    assert breakable("short words stay") == "short words stay"
    assert breakable("a" * 30) == "a" * 28 + "\u200b" + "aa"
    family = "👩\u200d👩\u200d👧" * 20
    assert "\u200d\u200b" not in breakable(family)
    assert "\u200b\u200d" not in breakable(family)
    assert "\u200b\u0301" not in breakable("e\u0301" * 40)


def test_the_same_facts_give_the_same_bytes():
    assert pdf_of(long_document(3, 6)) == pdf_of(long_document(3, 6))


def test_it_says_what_it_is():
    made = pdf_of(make_document(make_goal(), title="Ward manager by autumn"))
    with pypdfium2.PdfDocument(made) as file:
        about = file.get_metadata_dict()
        assert (about["Title"], about["Author"]) == ("Ward manager by autumn", "Ruth Adeyemi")
        assert about["CreationDate"].startswith("D:20270309")
        assert raw.FPDFCatalog_IsTagged(file)
    assert b"/Lang (en-GB)" in made or b"en-GB" in made


def test_bookmarks_lead_to_the_parts_and_the_goals():
    made = pdf_of(make_document(make_goal("Lead shifts"), make_goal("Speak to 100 people"), vision="I run a ward."))
    with pypdfium2.PdfDocument(made) as file:
        marks = [(mark.level, mark.get_title()) for mark in file.get_toc()]
    assert marks == [
        (0, "Vision"),
        (0, "Timeline"),
        (0, "Goals and steps"),
        (1, "Lead shifts"),
        (1, "Speak to 100 people"),
    ]


def test_a_long_plan_has_a_list_of_contents_and_a_short_one_has_none():
    short, long = make_document(make_goal()), long_document(13, 3)
    assert "Contents" not in pdf_text(pdf_of(short), short)
    assert pdf_text(pdf_of(long), long).count("Contents") == 1


def test_a_goal_is_kept_on_one_page():
    document = long_document(12, 9)
    made = pdf_of(document)
    with pypdfium2.PdfDocument(made) as file:
        for page in list(file)[1:]:
            text = bare(page.get_textpage().get_text_bounded())
            assert text.count("Because") == text.count("Done2")


def test_three_hundred_goals_with_three_thousand_steps_are_set():
    assert len(pypdfium2.PdfDocument(pdf_of(long_document(300, 10)))) > 100


def test_what_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf_module, "SECONDS_ALLOWED", 0.001)
    with pytest.raises(CannotBeSet):
        pdf_of(make_document(make_goal()))


def test_what_typst_cannot_set_is_given_up(monkeypatch, caplog):
    monkeypatch.setattr(pdf_module, "_data", lambda document: {"date": [2027, 3, 9]})
    with pytest.raises(CannotBeSet):
        pdf_of(make_document(make_goal()))


def test_no_secret_is_handed_to_the_typesetter(monkeypatch):
    seen = {}
    monkeypatch.setattr(pdf_module.subprocess, "run", lambda *args, **options: seen.update(options) or _Made())
    pdf_of(make_document(make_goal()))
    assert set(seen["env"]) == {"PYTHONPATH"}


class _Made:
    stdout = b"%PDF"
