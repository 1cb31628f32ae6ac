"""The table that every list is read into, whatever file it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from careerplan.account_data.file_kinds import FileKind
from careerplan.imports.content import HALVES, PLACE_LENGTH, UNKEEPABLE, LeftOut

MAX_LIST_ROWS = 300
"""A form has at most 500 fields (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS), and each row is one."""
MAX_COLUMNS = 40
MAX_TEXT = 150_000  # characters of a whole list: the page carries it until it is imported
CELL_LENGTH = 4_000  # as long as the details of a step


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: where it stands in the file, and its cells in the order of the columns."""

    place: str
    cells: list[str]


@dataclass
class ListTable:
    """The rows of a list under the names of its columns.

    `has_columns`: they are those of the file, so that the user may say what each becomes. `name`: of the list, if the
    file gives one. `checksum`: SHA-256 of the file.
    """

    kind: FileKind
    columns: list[str]
    rows: list[ListRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    has_columns: bool = True
    name: str = ""
    checksum: str = ""
    _length: int = 0

    def add_row(self, place: str, cells: Iterable[str]) -> None:
        """Add a row that holds anything. A row that would make the list too long is left out and noted."""
        kept = [_tidy(cell) for cell in cells][: len(self.columns)]
        if not any(kept):
            return
        if any(len(cell) > CELL_LENGTH for cell in kept):
            self.leave_out(place, _("It is too long. We read the start of it."))
            kept = [cell[:CELL_LENGTH] for cell in kept]
        length = sum(map(len, kept))
        if len(self.rows) >= MAX_LIST_ROWS or self._length + length > MAX_TEXT:
            self.leave_out(place, _("The list is too long. Import the rest as a second file."))
            return
        self._length += length
        self.rows.append(ListRow(place, kept + [""] * (len(self.columns) - len(kept))))

    def leave_out(self, place: str, reason: str) -> None:
        """Note something that is not read."""
        self.left_out.append(LeftOut(_tidy(place)[:PLACE_LENGTH], reason))

    def column(self, number: int) -> list[str]:
        """Return the cells of a column."""
        return [row.cells[number] for row in self.rows]


def _tidy(text: str) -> str:
    """Return a text without what cannot be kept; its lines stay."""
    lines = HALVES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join(UNKEEPABLE.sub("", line).rstrip() for line in lines).strip()


def row_place(number: int) -> str:
    """Name a row of a table, by its line in the file."""
    return _("Row %(n)s") % {"n": number}


def entry_place(number: int) -> str:
    """Name an entry of a file that has no rows."""
    return _("Entry %(n)s") % {"n": number}
