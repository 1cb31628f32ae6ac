"""Read a CV: JSON Resume, or the zip that LinkedIn gives as “a copy of your data”."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.schema import FORMAT
from careerplan.catalogue.archive import UNREADABLE, ReleaseError, archive_files
from careerplan.imports.content import CvContent, decode_text, line

MAX_BYTES = 50_000_000  # of a zip: a whole LinkedIn export has pictures
ZIP = b"PK"
JSON = (b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def parse_cv(file: BinaryIO) -> CvContent:
    """Read what we can use of a CV. Raises InvalidFile with the place and the reason; takes seconds at most."""
    file.seek(0)
    start = file.read(1000)
    if start.startswith(ZIP):
        cv = parse_linkedin_zip(file)
    elif start.lstrip().startswith(JSON):
        data = start + file.read(MAX_JSON_BYTES)
        if len(data) > MAX_JSON_BYTES:
            raise InvalidFile(_("A JSON Resume file can have at most 1 MB."))
        cv = parse_json_resume(data)
    else:
        raise InvalidFile(_("This is not a JSON Resume file and not a zip from LinkedIn."))
    if cv.is_empty:
        raise InvalidFile(_("We found no skills, jobs, education or certificates in this file."))
    return cv


# --- LinkedIn -------------------------------------------------------------------------------------------------
# Of one table, unpacked (a hundred skills have 3,000), and of anything that is taken into memory at once: a table of
# contents of this size is one of 10,000 files.
MAX_TABLE_BYTES = 1_000_000
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


class _BoundedFile(io.RawIOBase):
    """A file that refuses large reads: zipfile reads a whole table of contents, however long, into memory."""

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
            size = MAX_TABLE_BYTES + 1
        if size > MAX_TABLE_BYTES + 1:
            raise zipfile.BadZipFile("too much at once")
        return self._file.read(size)


def parse_linkedin_zip(file: BinaryIO) -> CvContent:
    """Read the zip of a LinkedIn export by the names of its tables and columns. Raises InvalidFile.

    Nothing is unpacked to disk. Limits apply to what is read, not to what the archive says of itself.
    """
    try:
        with zipfile.ZipFile(_BoundedFile(file)) as archive:
            return _read_archive(archive)
    except ReleaseError as error:
        raise InvalidFile(Truncator(str(error)).chars(REASON_LENGTH)) from error
    except (*UNREADABLE, ValueError, OverflowError) as error:
        raise InvalidFile(_("The zip is damaged or not from LinkedIn. Download it again.")) from error


def _read_archive(archive: zipfile.ZipFile) -> CvContent:
    files = archive_files(archive, ending=".csv", only=COLUMNS, most=MAX_TABLE_BYTES)
    if not files:
        raise InvalidFile(
            _("The zip has no Skills.csv and no Positions.csv. Choose the zip from LinkedIn without changes.")
        )
    cv = CvContent()
    for row in _rows(archive, files, SKILLS):
        cv.add_skill(row["name"])
    for row in _rows(archive, files, POSITIONS):
        cv.add_position(row["title"], row["company name"], row.get("started on", ""), row.get("finished on", ""))
    for row in _rows(archive, files, EDUCATION):
        cv.add_school(row["school name"], row["degree name"])
    for row in _rows(archive, files, CERTIFICATES):
        cv.add_certificate(row["name"], row["authority"], row.get("started on", ""))
    return cv


def _rows(archive: zipfile.ZipFile, files: Mapping[str, object], name: str) -> Iterator[Row]:
    """Yield the rows of a table by column name; none without the table. Raises InvalidFile."""
    if name not in files:
        return
    with archive.open(str(files[name])) as stream:
        data = stream.read(MAX_TABLE_BYTES + 1)
    if len(data) > MAX_TABLE_BYTES:
        raise InvalidFile(_("This file in the zip is far too large."), NAMES[name])
    text = decode_text(data, NAMES[name])
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
    """Return the delimiter, and the number of the row that names the columns. Raises InvalidFile."""
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


# --- JSON Resume ----------------------------------------------------------------------------------------------
MAX_JSON_BYTES = 1_000_000
MAX_WORDS = 3  # of a keyword that is a skill; more are a sentence, such as what shows a skill in our own CVs
SECTIONS = ("basics", "work", "education", "certificates", "skills")
DAY = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])(?:-\d\d)?", re.ASCII)
Entry = dict[str, Any]


def parse_json_resume(data: bytes) -> CvContent:
    """Read a JSON Resume file. Raises InvalidFile with the place and the reason."""
    found = _load_json(data)
    cv = CvContent()
    for place, entry in _entries(found, "skills"):
        words = [text for text in _texts(entry, "keywords", place) if len(text.split()) <= MAX_WORDS]
        for name in [_text(entry, "name", place), *words]:
            _add_at(place, cv.add_skill, name)
    for place, entry in _entries(found, "work"):
        organisation = _text(entry, "name", place) or _text(entry, "company", place)  # before 1.0.0
        days = _month(_text(entry, "startDate", place)), _month(_text(entry, "endDate", place))
        _add_at(place, cv.add_position, _text(entry, "position", place), organisation, *days)
    for place, entry in _entries(found, "education"):
        texts = [_text(entry, name, place) for name in ("institution", "studyType", "area")]
        _add_at(place, cv.add_school, *texts)
    for place, entry in _entries(found, "certificates"):
        texts = [_text(entry, name, place) for name in ("name", "issuer")]
        _add_at(place, cv.add_certificate, *texts, _month(_text(entry, "date", place)))
    if not cv.positions and isinstance(found.get("basics"), dict):
        _add_at("basics", cv.add_position, _text(found["basics"], "label", "basics"), "", "", "")
    return cv


def _load_json(data: bytes) -> Entry:
    try:
        found = json.loads(decode_text(data, _("File"), other=False))
    except RecursionError as error:
        raise InvalidFile(_("Lists and entries are nested too deeply in the file.")) from error
    except ValueError as error:
        place = _("line %(n)s") % {"n": error.lineno} if isinstance(error, json.JSONDecodeError) else ""
        reason = _("The file is not complete JSON. It is cut off or damaged here, or it is another kind of file.")
        raise InvalidFile(reason, place) from error
    if not isinstance(found, dict):
        raise InvalidFile(_("This is not a JSON Resume file: it does not start with “{”."))
    if found.get("format") == FORMAT:
        raise InvalidFile(_("This is an export from Careerplan. Import it on the page “Your data”."))
    if not any(name in found for name in SECTIONS):
        raise InvalidFile(_("This is not a JSON Resume file: it has no skills, work or education."))
    return found


def _entries(found: Entry, section: str) -> Iterator[tuple[str, Entry]]:
    entries = found.get(section) or []
    if not isinstance(entries, list):
        raise InvalidFile(_("Expected a list here."), section)
    for number, entry in enumerate(entries, 1):
        place = _("%(section)s, entry %(number)s") % {"section": section, "number": number}
        if not isinstance(entry, dict):
            raise InvalidFile(_("Expected an entry in “{ }” here."), place)
        yield place, entry


def _text(entry: Entry, name: str, place: str) -> str:
    text = entry.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InvalidFile(_("Expected text here."), f"{place}, {name}")
    return text


def _month(text: str) -> str:
    """Write "2021-06-30" or "2021-06" as "Jun 2021"; leave anything else."""
    found = DAY.fullmatch(text.strip())
    return date_format(date(int(found[1]), int(found[2]), 1), "M Y") if found else text


def _texts(entry: Entry, name: str, place: str) -> list[str]:
    texts = entry.get(name) or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InvalidFile(_("Expected a list of texts here."), f"{place}, {name}")
    return texts


def _add_at(place: str, add: Any, *texts: str) -> None:
    """Call `add`; name the place in its InvalidFile."""
    try:
        add(*texts)
    except InvalidFile as refused:
        raise InvalidFile(str(refused), place) from None
