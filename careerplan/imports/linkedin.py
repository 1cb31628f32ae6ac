"""Parse the zip that LinkedIn provides as "a copy of your data": four of its tables, by column name.

Nothing is unpacked to disk. The limits apply to what is read, not to the sizes that the archive claims.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.account_data.errors import InvalidFile
from careerplan.catalogue.archive import UNREADABLE, ReleaseError, archive_files
from careerplan.imports.content import CvContent, line
from careerplan.imports.text import decoded

# For one unpacked table (a hundred skills have 3,000), and for anything held in memory at once: a directory of this
# size lists 10,000 files.
MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_LINES_ABOVE = 20  # notes above the header of some tables
REASON_LENGTH = 300
DELIMITERS = ",;\t"
# The tables we read, with their required columns.
SKILLS, POSITIONS, EDUCATION, CERTIFICATES = "skills.csv", "positions.csv", "education.csv", "certifications.csv"
COLUMNS = {
    SKILLS: ("name",),
    POSITIONS: ("title", "company name"),
    EDUCATION: ("school name", "degree name"),
    CERTIFICATES: ("name", "authority"),
}
NAMES = {name: name.capitalize() for name in COLUMNS}
Row = dict[str, str]


class _Bounded(io.RawIOBase):
    """File wrapper that limits each read, because zipfile loads the whole directory of an archive into memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = MAX_BYTES + 1
        if size > MAX_BYTES + 1:
            raise zipfile.BadZipFile("too much at once")
        return self._file.read(size)


def parse_linkedin_zip(file: BinaryIO) -> CvContent:
    """Parse the CV in an export. Raises InvalidFile with the place and the reason."""
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:
            return _read(archive)
    except ReleaseError as error:
        raise InvalidFile(Truncator(str(error)).chars(REASON_LENGTH)) from error
    except (*UNREADABLE, ValueError, OverflowError) as error:
        raise InvalidFile(_("The zip is damaged or not from LinkedIn. Download it again.")) from error


def _read(archive: zipfile.ZipFile) -> CvContent:
    files = archive_files(archive, ending=".csv", only=COLUMNS, most=MAX_BYTES)
    if not files:
        raise InvalidFile(
            _("The zip has no Skills.csv and no Positions.csv. Choose the zip from LinkedIn without changes.")
        )
    resume = CvContent()
    for row in _rows(archive, files, SKILLS):
        resume.add_skill(row["name"])
    for row in _rows(archive, files, POSITIONS):
        resume.add_position(row["title"], row["company name"], row.get("started on", ""), row.get("finished on", ""))
    for row in _rows(archive, files, EDUCATION):
        resume.add_school(row["school name"], row["degree name"])
    for row in _rows(archive, files, CERTIFICATES):
        resume.add_certificate(row["name"], row["authority"], row.get("started on", ""))
    return resume


def _rows(archive: zipfile.ZipFile, files: Mapping[str, object], name: str) -> Iterator[Row]:
    """Return the rows of a table by column name; empty if the table is missing. Raises InvalidFile."""
    if name not in files:
        return
    with archive.open(str(files[name])) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InvalidFile(_("This file in the zip is far too large."), NAMES[name])
    text = decoded(data, NAMES[name])
    delimiter, heading = _heading(text, name)
    number, columns = 0, list[str]()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if number > MAX_ROWS:
                raise InvalidFile(_("This file in the zip is far too large."), NAMES[name])
            if number <= heading:
                columns = _columns(cells)
            elif any(cells):
                yield dict(zip(columns, [*map(line, cells), *[""] * len(columns)], strict=False))
    except csv.Error as error:
        place = f"{NAMES[name]}, " + _("row %(n)s") % {"n": number + 1}
        raise InvalidFile(_("The table is cut off or damaged here."), place) from error


def _heading(text: str, name: str) -> tuple[str, int]:
    """Return the separator and the number of the header row. Raises InvalidFile."""
    for delimiter in DELIMITERS:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for number, cells in zip(range(1, MAX_LINES_ABOVE + 2), rows, strict=False):
                if set(COLUMNS[name]) <= set(_columns(cells)):
                    return delimiter, number
        except csv.Error:
            continue
    names = ", ".join(f"“{column.title()}”" for column in COLUMNS[name])
    reason = _("Columns are missing: %(names)s. Choose the zip from LinkedIn without changes.") % {"names": names}
    raise InvalidFile(reason, NAMES[name])


def _columns(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()).casefold() for cell in cells]
