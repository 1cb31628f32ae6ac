"""What a person reads in each form of the document, as plain text; and what a document has to say."""

import re
from dataclasses import fields, is_dataclass
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import docx
import pypdfium2
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.formats import date_format
from docx.table import Table

from careerplan.plan_document.document import EVERYTHING, PRESETS, Document, DocumentTimeline, GoalFacts, SkillGapRow
from careerplan.plan_document.texts import LABELS

INVISIBLE = re.compile(r"[\s\u200b\u00ad\u2060\ufeff]+")
# Figures of pictures, which words beside them say, and what a document says of itself in its properties alone.
NOT_READ = {
    GoalFacts: {"share_done", "time_gone", "open_days", "starts_on", "due_on"},
    SkillGapRow: {"have", "need"},
    Document: {"as_of", "is_past", "author"},
}


def bare(text: str) -> str:
    """The text without white space: where a line is broken is no fact."""
    return INVISIBLE.sub("", text)


def facts_in(value: Any) -> set[str]:
    """Every text and day that a document says. Pictures say what stands in words beside them, so they are left out."""
    if isinstance(value, str):
        return {bare(line) for line in value.split("\n") if bare(line)}
    if isinstance(value, date):
        return {bare(date_format(value, "j M Y"))}
    if isinstance(value, DocumentTimeline):
        return {bare(value.more)} - {""}
    if isinstance(value, tuple | list):
        return set().union(*map(facts_in, value))
    if is_dataclass(value):
        wanted = {field.name for field in fields(value)} - NOT_READ.get(type(value), set())
        return set().union(*(facts_in(getattr(value, name)) for name in wanted))
    return set()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in {"svg", "script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in {"svg", "script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.said.append(data)


def page_text(html: str) -> str:
    """The text of the sheet of a page."""
    parser = _Text()
    parser.feed(re.search(r"<article.*</article>", html, re.DOTALL).group())
    return bare("".join(parser.said))


def page_of(document: Document) -> str:
    """The page of a document that no database knows."""
    request = RequestFactory().get("/document/1/")
    request.user = AnonymousUser()
    form = SimpleNamespace(errors={}, query="", preset="everything", part=[], parts=EVERYTHING)
    context = {
        "document": document,
        "plan": SimpleNamespace(pk=1),
        "labels": LABELS,
        "form": form,
        "presets": PRESETS,
    }
    return render_to_string("plan_document/plan.html", context, request)


def pdf_pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as file:
        return [page.get_textpage().get_text_bounded() for page in file]


def pdf_text(pdf: bytes, document: Document) -> str:
    """The text of all pages, their footers left out."""
    pages = [bare(page) for page in pdf_pages(pdf)]
    footers = [f"{bare(document.head)}{n}/{len(pages)}" for n in range(1, len(pages) + 1)]
    return "".join(page.replace(footer, "") for page, footer in zip(pages, footers, strict=True))


def word_text(made: bytes) -> str:
    """The text of paragraphs and tables, in their order."""
    said = []
    for part in docx.Document(BytesIO(made)).iter_inner_content():
        cells = [cell.text for row in part.rows for cell in row.cells] if isinstance(part, Table) else [part.text]
        said += cells
    return bare("".join(said))
