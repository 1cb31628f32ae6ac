"""Get the text out of a PDF, a Word file or a spreadsheet.

documents.py starts `python -m careerplan.imports.document_worker KIND`.

It reads the file from standard input and writes JSON to standard output. It limits its own memory and time, so that a
file that is meant to harm ends this process and nothing else. It imports nothing of the product.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

MOST_MEMORY = 700 * 2**20  # bytes of address space: libraries map 300 MB of it
MOST_SECONDS = 8  # of CPU time
MAX_PAGES = 50
MAX_LINES, LINE_LENGTH = 5_000, 600
MAX_UNPACKED = 60_000_000  # of a Word file
MAX_ATTACHMENTS, MAX_ATTACHMENT = 5, 3_000_000
MAX_SHEETS, MAX_SHEET_ROWS, MAX_SHEET_COLUMNS, MAX_CELL = 10, 2_000, 60, 5_000

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SIGNS = {f"{WORD}tab": "    ", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
PASSED_OVER = frozenset(
    (
        *(f"{WORD}{name}" for name in ("pPr", "rPr", "sdtPr", "sectPr", "tblPr", "tcPr", "trPr", "del", "moveFrom")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    )
)
"""Elements of Word without words of the text: formats, what was deleted, and a text box again for old programs."""
HEADINGS = ("heading", "überschrift", "titre", "título", "titolo")


class Refused(Exception):
    """The file is not read; its one argument is the reason (documents.REASONS)."""


def read_pdf(data: bytes) -> dict[str, Any]:
    """Return the lines of each page, and the texts of XML files attached."""
    import pypdfium2  # noqa: PLC0415  (only what the kind of file needs)

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "password" in str(error).casefold() else "damaged") from error
    if len(document) > MAX_PAGES:
        raise Refused("pages")
    lines: list[list[Any]] = []
    pictures = 0
    for number, page in enumerate(document, 1):
        text = page.get_textpage().get_text_bounded()
        rows = [line.strip()[:LINE_LENGTH] for line in text.replace("\ufffe", "-").splitlines()]
        lines += [[row, number, False] for row in rows]
        pictures += not any(rows)
        if len(lines) > MAX_LINES:
            raise Refused("long")
    return {"lines": lines, "pages": len(document), "without_text": pictures, "attachments": _attachments(document)}


def _attachments(document: Any) -> list[str]:
    """Return what a Europass PDF has inside: its CV as XML."""
    found = []
    for number in range(min(document.count_attachments(), MAX_ATTACHMENTS)):
        data = bytes(document.get_attachment(number).get_data())
        if len(data) <= MAX_ATTACHMENT and data.lstrip()[:1] in (b"<", b"\xef"):
            found.append(data.decode("utf-8", errors="replace"))
    return found


def _check_package(data: bytes) -> None:
    """Refuse a package that unpacks to far too much, before any library opens it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise Refused("damaged") from error
    if len(members) > 2_000 or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Refused("large")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("locked")


def read_word(data: bytes) -> dict[str, Any]:
    """Return the lines of a Word file, in order, with those of tables and text boxes; a heading is marked."""
    import docx  # noqa: PLC0415

    _check_package(data)
    document = docx.Document(io.BytesIO(data))
    headings = {style.style_id for style in document.styles if (style.name or "").casefold().startswith(HEADINGS)}
    lines: list[list[Any]] = []
    for number, block in enumerate(document.element.body, 1):
        for text, style in _paragraphs(block):
            rows = text.splitlines() or [""]
            lines.extend([row.strip()[:LINE_LENGTH], number, style in headings] for row in rows)
            if len(lines) > MAX_LINES:
                raise Refused("long")
    return {"lines": lines, "pages": 1, "without_text": 0, "attachments": []}


def _paragraphs(element: Any) -> Iterator[tuple[str, str]]:
    """Yield text and style of each paragraph in an element of Word, also in fields to fill in and text boxes.

    A text box comes after the paragraph that it hangs on.
    """
    if element.tag != f"{WORD}p":
        for child in element:
            if child.tag not in PASSED_OVER:
                yield from _paragraphs(child)
        return
    boxes: list[Any] = []
    style = element.find(f"{WORD}pPr/{WORD}pStyle")
    yield "".join(_texts(element, boxes)), "" if style is None else style.get(f"{WORD}val")
    for box in boxes:
        yield from _paragraphs(box)


def _texts(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element:
        if child.tag == f"{WORD}txbxContent":
            boxes.append(child)
        elif child.tag == f"{WORD}t":
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in PASSED_OVER:
            yield from _texts(child, boxes)


def read_sheet(data: bytes) -> dict[str, Any]:
    """Return the sheets of a spreadsheet (Excel or OpenDocument), each with its name and its rows of texts."""
    import python_calamine  # noqa: PLC0415

    if data.startswith(b"PK"):
        _check_package(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise Refused("locked") from error
    sheets = []
    for name in book.sheet_names[:MAX_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        rows: list[list[str]] = []
        for row in sheet.iter_rows():
            if len(rows) >= MAX_SHEET_ROWS:
                break
            rows.append([_cell_text(cell) for cell in row[:MAX_SHEET_COLUMNS]])
        sheets.append([name, rows])
    return {"sheets": sheets}


def _cell_text(cell: Any) -> str:
    """Write a cell as people read it: a whole number without its point, a day without its midnight."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d")
    return str(cell)[:MAX_CELL]


READERS = {"pdf": read_pdf, "word": read_word, "sheet": read_sheet}


def main() -> None:
    """Read from standard input, write to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = READERS[sys.argv[1]](sys.stdin.buffer.read())
    except Refused as refused:
        found = {"refused": refused.args[0]}
    except MemoryError:
        found = {"refused": "large"}
    except Exception:  # noqa: BLE001  (libraries raise what they like for broken files)
        found = {"refused": "damaged"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
