"""Read tables of text (CSV) row by row, broken ones too: a row that cannot be read does not spoil the others."""

import csv
import io
from collections.abc import Callable, Iterator

MAX_ROWS = 5_000
MAX_LINES_ABOVE = 20  # notes above the header of some tables
MAX_LINES_OF_ROW = 60  # a text in a cell may have line ends
DELIMITERS = ",;\t|"
Row = dict[str, str]


class TableTooLong(Exception):
    """A table is longer than MAX_ROWS."""


def split_lines(text: str) -> list[str]:
    """Return the lines with their ends."""
    return list(io.StringIO(text, newline=""))


def read_rows(lines: list[str], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row with the number of its line; None for one that is broken. Raises TableTooLong.

    A quotation mark without its second one would take all that follows into one cell. So a row that is no proper CSV is
    read as one line, and counts if it has as many cells as the header.
    """
    place = rows = 0
    while place < len(lines):
        rows += 1
        if rows > MAX_ROWS:
            raise TableTooLong
        reader = csv.reader(iter(lines[place : place + MAX_LINES_OF_ROW]), delimiter=delimiter, strict=True)
        try:
            cells: list[str] | None = next(reader, [])
            used = max(reader.line_num, 1)
        except csv.Error:
            cells, used = _one_line(lines[place], delimiter, width), 1
        yield place + 1, cells
        place += used


def _one_line(line: str, delimiter: str, width: int) -> list[str] | None:
    if line.count('"') % 2:  # a cell without an end
        return None
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None
    return cells if len(cells) == width else None


def find_header(lines: list[str], knows: Callable[[list[str]], bool]) -> tuple[str, int] | None:
    """Return the delimiter, and how many lines the header ends after; None if no line near the start is one."""
    for delimiter in DELIMITERS:
        try:
            reader = csv.reader(iter(lines[: MAX_LINES_ABOVE + 1]), delimiter=delimiter)
            for cells in reader:
                if knows(cells):
                    return delimiter, reader.line_num
        except csv.Error:
            continue
    return None


def as_row(columns: list[str], cells: list[str]) -> Row:
    """Return the cells by column; those that are missing are blank, what is beyond the columns is dropped."""
    return dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
