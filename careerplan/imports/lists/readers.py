"""Read a list from a file of any kind that we know into a table."""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import BinaryIO

from django.utils.translation import gettext as _

from careerplan.account_data.file_advice import NAMES, READ_AS_SHEET, READ_AS_TABLE, why_no_cv
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import FileKind
from careerplan.imports.content import decode_text
from careerplan.imports.documents import MAX_DOCUMENT_BYTES, REASONS, read_sheets
from careerplan.imports.json_text import MAX_JSON_BYTES, load_json
from careerplan.imports.lists.columns import NAMES_OF_USES, plain_name
from careerplan.imports.lists.programs import read_calendar, read_google_tasks, read_todoist, read_trello
from careerplan.imports.lists.table import MAX_COLUMNS, ListTable, row_place
from careerplan.imports.tables import DELIMITERS, TableTooLong, find_header, read_rows, split_lines
from careerplan.reading.folding import fold

MAX_LIST_BYTES = 2_000_000  # of a table or a calendar
LEAST_KNOWN = 2  # names of columns by which a line is the header
MOST_TITLES = 2  # rows above the header of a sheet
LIST_SHARE = 0.8  # of the lines of a text that are marked as items make it a list
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What Excel calls the part of a file with a password that holds the sheets."""
_KNOWN = frozenset(name for names in NAMES_OF_USES.values() for name in names)
_ITEM = re.compile(r"\s{0,12}(?:[-*+•–◦‣]|\d{1,3}[.)])\s+(?:\[(?P<box>[ xX✓✔]?)\]\s*)?(?P<text>\S.*)")
_HEADING = re.compile(r"\s*(?:#{1,6}\s+(?P<marked>\S.*?)|(?P<ended>[^\s:][^:]{0,80}):)\s*")


def read_list(file: BinaryIO, kind: FileKind) -> ListTable:
    """Return the rows of a list. Raises InvalidFile."""
    file.seek(0)
    data = file.read(MAX_DOCUMENT_BYTES + 1)
    if kind in READ_AS_SHEET:
        table = _read_sheet(data, kind)
    elif kind in READ_AS_TABLE and kind != FileKind.TODOIST:
        table = _read_table(_text(data), kind)
    else:
        table = _PROGRAMS[kind](data)
    if not table.rows:
        raise InvalidFile(f"{NAMES[kind]} {_('There is nothing to do in it.')}")
    table.checksum = hashlib.sha256(data).hexdigest()
    return table


def read_text_list(file: BinaryIO) -> ListTable | None:
    """Return the items of a text that is a list, marked and under headings; None for other texts."""
    file.seek(0)
    text = _text(file.read(MAX_LIST_BYTES + 1))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    items = [_ITEM.fullmatch(line) for _number, line in lines]
    headings = [None if item else _HEADING.fullmatch(line) for (_number, line), item in zip(lines, items, strict=True)]
    marked, headed = sum(map(bool, items)), sum(map(bool, headings))
    if marked + headed < LIST_SHARE * len(lines) or marked <= headed:
        return None
    table = ListTable(FileKind.TEXT, ["to do", "list", "done"], has_columns=False)
    group = ""
    for (number, _line), item, heading in zip(lines, items, headings, strict=True):
        if item:
            table.add_row(row_place(number), [item["text"], group, "x" if (item["box"] or "").strip() else ""])
        elif heading:
            group = heading["marked"] or heading["ended"]
        else:
            table.leave_out(row_place(number), _("This line has no mark of a list before it."))
    table.checksum = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return table


def _text(data: bytes) -> str:
    if len(data) > MAX_LIST_BYTES:
        raise InvalidFile(_("This table is far too large."))
    return decode_text(data)


def _knows(cells: Iterable[str]) -> bool:
    names = {plain_name(cell) for cell in cells}
    return len(names & _KNOWN) >= LEAST_KNOWN


def _read_table(text: str, kind: FileKind) -> ListTable:
    lines = split_lines(text)
    delimiter, heading = find_header(lines, _knows) or _first_line(lines)
    names = next(read_rows([lines[heading - 1]], delimiter, 1))[1] or lines[heading - 1].split(delimiter)
    table = ListTable(kind, _column_names(names))
    try:
        for number, cells in read_rows(lines[heading:], delimiter, len(names)):
            if cells is None:
                table.leave_out(row_place(number + heading), _("A quotation mark in it has no second one."))
            else:
                table.add_row(row_place(number + heading), cells)
    except TableTooLong:
        table.leave_out("", _("The table is too long. We read its first rows only."))
    return table


def _first_line(lines: list[str]) -> tuple[str, int]:
    """Take the first line with words as the header, and the delimiter that cuts it into the most cells."""
    number, line = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (1, ""))
    return max(DELIMITERS, key=line.count), number


def _column_names(names: list[str]) -> list[str]:
    """Return short names of the columns; a blank one gets its number."""
    short = [" ".join(name.split())[:80] for name in names[:MAX_COLUMNS]]
    return [name or _("Column %(n)s") % {"n": number} for number, name in enumerate(short, 1)]


def _read_sheet(data: bytes, kind: FileKind) -> ListTable:
    """Read the first sheet that looks like a list, else the first that holds anything."""
    try:
        sheets = [(name, rows) for name, rows in read_sheets(data) if any(any(row) for row in rows)]
    except InvalidFile as error:
        if ENCRYPTED in data:
            raise InvalidFile(str(REASONS["locked"])) from error
        if kind == FileKind.OFFICE_97:
            raise InvalidFile(why_no_cv(kind)) from error
        raise
    if not sheets:
        raise InvalidFile(f"{NAMES[kind]} {_('There is nothing in it.')}")
    headed = [(name, rows, header) for name, rows in sheets if (header := _sheet_header(rows)) is not None]
    name, rows, header = headed[0] if headed else (*sheets[0], _first_full_row(sheets[0][1]))
    table = ListTable(kind, _column_names(rows[header]), name="" if fold(name).startswith("sheet") else name)
    for number, cells in enumerate(rows[:header], 1):
        if any(cells):
            table.leave_out(row_place(number), _("It is above the names of the columns."))
    for number, cells in enumerate(rows[header + 1 :], header + 2):
        table.add_row(row_place(number), cells)
    for other, _rows in sheets:
        if other != name:
            table.leave_out(other, _("We read one sheet of a file. Save this one as a file of its own."))
    return table


def _sheet_header(rows: list[list[str]]) -> int | None:
    return next((number for number, row in enumerate(rows[:20]) if _knows(row)), None)


def _first_full_row(rows: list[list[str]]) -> int:
    """Return the first row with more than one cell, for a sheet may have a title above; else the first with any.

    Many rows above it, or mostly single cells below it, are a list without names of columns and one remark.
    """
    filled = [(number, sum(map(bool, row)) > 1) for number, row in enumerate(rows) if any(row)]
    place = next((place for place, (_number, is_full) in enumerate(filled) if is_full), 0)
    below = [is_full for _number, is_full in filled[place + 1 :]]
    is_below_title = place <= MOST_TITLES and 2 * sum(below) > len(below)
    return filled[place if is_below_title else 0][0]


def _json(data: bytes) -> object:
    return load_json(data[: MAX_JSON_BYTES + 1])


_PROGRAMS: dict[FileKind, Callable[[bytes], ListTable]] = {
    FileKind.TODOIST: lambda data: read_todoist(_read_table(_text(data), FileKind.TODOIST)),
    FileKind.TRELLO: lambda data: read_trello(_json(data)),
    FileKind.GOOGLE_TASKS: lambda data: read_google_tasks(_json(data)),
    FileKind.CALENDAR: lambda data: read_calendar(_text(data)),
}
