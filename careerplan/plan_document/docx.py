"""Render the document as a Word file: real headings, lists and tables, so that it can be edited.

Charts are left out; the tables say the same.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from django.utils.translation import get_language
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from careerplan.plan_document.document import (
    Document,
    DocumentTimeline,
    Fact,
    GoalFacts,
    OpportunityFacts,
    ReviewFacts,
    SkillsSection,
)
from careerplan.plan_document.texts import LABELS, format_day

# The design's two typefaces as Word and LibreOffice have or replace them; colours of the light theme.
SANS, SERIF = "Calibri", "Cambria"
INK, INK_2 = RGBColor(0x14, 0x21, 0x2B), RGBColor(0x47, 0x57, 0x61)
OWN = "Own Words"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def render_docx(document: Document) -> bytes:
    """Return the .docx file. Equal facts give equal bytes."""
    file = docx.Document()
    _set_up(file, document)
    DocxWriter(file).write(document)
    made = BytesIO()
    file.save(made)
    return _without_the_time(made)


def _without_the_time(made: BytesIO) -> bytes:
    """Return the archive without the time of writing in its entries."""
    again = BytesIO()
    with ZipFile(made) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(ZipInfo(entry.filename, FIRST_DAY_OF_ZIP), old.read(entry), ZIP_DEFLATED)
    return again.getvalue()


def _set_up(file: Any, document: Document) -> None:
    """Set page, styles, language and file properties."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    language = _tag(get_language() or "en")
    _language_of(file.styles, language)
    _face(file.styles["Normal"], SANS, Pt(10), INK)
    file.styles["Normal"].paragraph_format.space_after = Pt(4)
    for name, face, size in (
        ("Title", SERIF, 24),
        ("Subtitle", SANS, 11),
        ("Heading 1", SANS, 14),
        ("Heading 2", SERIF, 12),
    ):
        _face(file.styles[name], face, Pt(size), INK_2 if name == "Subtitle" else INK)
    file.styles["Subtitle"].font.italic = False
    own = file.styles.add_style(OWN, WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = file.styles["Normal"]
    _face(own, SERIF, Pt(11), INK)
    said = file.core_properties
    said.title, said.author, said.language = document.title[:255], document.author[:255], language
    said.created = said.modified = datetime.combine(document.as_of, time(), tzinfo=UTC).replace(tzinfo=None)
    said.last_modified_by, said.comments, said.revision = said.author, "", 1


def _tag(language: str) -> str:
    """Return a language as Word names it: "en-GB"."""
    first, _dash, region = language.partition("-")
    return f"{first}-{region.upper()}" if region else first


def _language_of(styles: Any, language: str) -> None:
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    named = defaults.find(qn("w:lang"))
    if named is None:
        named = OxmlElement("w:lang")
        defaults.append(named)
    named.set(qn("w:val"), language)


def _face(style: Any, name: str, size: Any, colour: Any) -> None:
    """Set typeface, size and colour of a style, overriding the theme of the template."""
    style.font.name, style.font.size, style.font.color.rgb = name, size, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{attribute}"), name)


def _is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction is right-to-left (UAX 9, rule P2)."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _put(paragraph: Any, text: str, *, bold: bool = False, face: str = "") -> None:
    """Add a run of text at the end of a paragraph element."""
    if not text:
        return
    run = paragraph.add_r()
    is_plain = not (bold or face or _is_right_to_left(text))
    if is_plain:
        run.text = text
        return
    about = run.get_or_add_rPr()
    if face:
        fonts = about.get_or_add_rFonts()
        fonts.ascii = fonts.hAnsi = face
    if bold:
        about.append(OxmlElement("w:b"))
    if _is_right_to_left(text):
        about.append(OxmlElement("w:rtl"))
    run.text = text


class DocxWriter:
    """Writes the parts in the order of the page."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.body = file.element.body
        self.ids = {style.name: style.style_id for style in file.styles}  # looking up one style reads all of them

    def write(self, document: Document) -> None:
        self.text(document.title, "Title")
        self.text(document.head, "Subtitle")
        self.own_part("vision", document.vision)
        self.own_part("ended", document.closing_notes)
        if document.direction:
            self.heading("direction")
            self.facts(document.direction)
        if document.skills:
            self.skills(document.skills)
        if document.timeline:
            self.timeline(document.timeline)
        self.goals("goals", document.goals)
        self.goals("closed", document.closed)
        self.opportunities(document.opportunities)
        self.reviews(document.reviews, document.next_review)

    def heading(self, label: str) -> None:
        self.text(str(LABELS[label]), "Heading 1")

    def text(self, text: str, style: str = "Normal", *, label: str = "", after: str = "") -> None:
        """Add a paragraph; line breaks are kept. `label` is bold and comes first, `after` follows in the other
        typeface.
        """
        paragraph = self.body.add_p()
        if style != "Normal":
            paragraph.style = self.ids[style]
        if _is_right_to_left(text):
            paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
        if label:
            _put(paragraph, f"{label} " if label.endswith((":", "?")) else f"{label}: ", bold=True)
        _put(paragraph, text)
        if after:
            _put(paragraph, after, face=SERIF)

    def own_part(self, label: str, text: str) -> None:
        if text:
            self.heading(label)
            self.text(text, OWN)

    def facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self.text("\n".join(fact.lines), OWN if fact.is_own else "Normal", label=fact.label)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table whose header repeats on every page and whose rows are not split."""
        said = [tuple(str(LABELS[head]) for head in heads), *rows]
        table = self.file.add_table(rows=len(said), cols=len(heads), style="Table Grid")
        for number, (row, texts) in enumerate(zip(table._tbl.tr_lst, said, strict=True)):
            row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            if number == 0:
                row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, text in zip(row.tc_lst, texts, strict=True):
                _put(cell.p_lst[0], text, bold=number == 0)
        self.text("")

    def skills(self, skills: SkillsSection) -> None:
        self.heading("skills")
        self.text(skills.assessed)
        for strength in skills.strengths:
            self.text(strength.name, "List Bullet", after=f": {strength.evidence}" if strength.evidence else "")
        if skills.gaps:
            rows = [(gap.name, gap.have_words, gap.need_words) for gap in skills.gaps]
            self.table(("skill", "have", "need"), rows)
        self.facts(skills.more)

    def timeline(self, timeline: DocumentTimeline) -> None:
        self.heading("timeline")
        goals = [lane.row for lane in timeline.lanes.lanes]
        rows = [(goal.title, format_day(goal.starts_on), format_day(goal.due_on), *goal.pace) for goal in goals]
        heads = ("goal", "start", "due", "share_done", "time_gone")
        self.table(heads, [(*row, *[""] * (len(heads) - len(row))) for row in rows])
        if timeline.more:
            self.text(timeline.more)

    def goals(self, label: str, goals: Sequence[GoalFacts]) -> None:
        if goals:
            self.heading(label)
        for goal in goals:
            self.goal(goal)

    def goal(self, goal: GoalFacts) -> None:
        self.text(goal.title, "Heading 2")
        self.text(goal.when)
        self.text(" ".join(goal.said))
        if goal.pace:
            self.text("\n".join(goal.pace))
        self.facts(goal.own)
        for step in goal.steps:
            when = format_day(step.due_on) if step.due_on else str(LABELS["no_day"])
            self.text(step.title, "List Bullet", label=when)
            if said := [text for text in (step.repeats, step.note, *step.needs) if text]:
                self.text("\n".join(said), "List Continue")
            if step.details:
                self.text(step.details, "List Continue")
        if goal.done:
            rows = [
                (format_day(s.done_on), "\n".join(filter(None, (s.title, s.learned))), s.worth, s.hours, s.again)
                for s in goal.done
            ]
            self.table(("done", "step", "worth", "hours", "again"), rows)
        if goal.changes:
            self.text("", label=str(LABELS["changes"]))
        for change in goal.changes:
            self.text(f"{change.text} {change.reason}.", "List Bullet", label=format_day(change.day))
            if change.note:
                self.text(change.note, "List Continue")

    def opportunities(self, opportunities: Sequence[OpportunityFacts]) -> None:
        if opportunities:
            self.heading("opportunities")
        for one in opportunities:
            self.text(one.title, "Heading 2")
            if one.when:
                self.text(one.when)
            if one.said:
                self.text(" ".join(one.said))
            self.facts(one.own)

    def reviews(self, reviews: Sequence[ReviewFacts], next_review: str) -> None:
        if reviews or next_review:
            self.heading("reviews")
        for review in reviews:
            self.text(review.lead, label=format_day(review.day))
            self.facts(review.answers)
        if next_review:
            self.text(next_review)
