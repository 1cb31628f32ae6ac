"""Read the tables of a LinkedIn export: in a zip, in a tar file, in a zip in a zip, or one by one."""

import csv
import gzip
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import BoundedFile
from careerplan.catalogue.archive import ENCRYPTED, MAX_MEMBERS, PACKED, UNREADABLE
from careerplan.imports.content import CvContent, decode_text
from careerplan.imports.linkedin_tables import (
    CERTIFICATES,
    COLUMNS,
    EDUCATION,
    LANGUAGES,
    NEEDED,
    NOT_USED,
    POSITIONS,
    PROFILE,
    SKILLS,
    TABLE_OF_FILE,
    TELLING,
    VOLUNTEERING,
)  # fmt: skip
from careerplan.imports.tables import TableTooLong, as_row, find_header, read_rows, split_lines
from careerplan.reading.folding import fold

# Of one table, unpacked (a hundred skills have 3,000), and of anything that is taken into memory at once: a table of
# contents of this size is one of 10,000 files.
MAX_TABLE_BYTES = 1_000_000
MAX_ALL_BYTES = 8_000_000  # of all tables, and of an archive in an archive
START_BYTES = 4_000  # by which a table is known
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an archive: its name and its bytes."""

    name: str
    data: bytes


def parse_tables(tables: list[Table], cv: CvContent) -> None:
    """Read the tables of one export, or several. What cannot be read is noted."""
    known = [(table, found) for table in tables if (found := recognise(table))]
    for table, found in sorted(known, key=lambda one: list(_READERS).index(one[1][0])):
        _read_table(table, *found, cv)
    names = {table.name for table, _found in known}
    for table in tables:
        if table.name in names:
            continue
        if _plain(_stem(table.name)) in NOT_USED:
            cv.leave_out(table.name, _("We do not use this table."))
        elif _plain(_stem(table.name)) in TABLE_OF_FILE:
            cv.leave_out(table.name, _("We do not know the columns of this table."))


def recognise(table: Table) -> tuple[str, str, int] | None:
    """Return which table it is, its delimiter and the line that its header ends at; None for any other."""
    try:
        lines = split_lines(decode_text(table.data))
    except InvalidFile:
        return None
    named = TABLE_OF_FILE.get(_plain(_stem(table.name)), "")
    for kind in [named] if named else [*TELLING, SKILLS]:
        needed = NEEDED[kind] if named else TELLING.get(kind, set())

        def knows(cells: list[str], kind: str = kind, needed: set[str] = needed) -> bool:
            if not needed:  # the skills of LinkedIn are a single column
                return [COLUMNS[SKILLS].get(_plain(cell)) for cell in cells] == ["name"]
            return needed <= set(_our_columns(kind, cells))

        if found := find_header(lines, knows):
            return kind, *found
    return None


def _our_columns(kind: str, cells: list[str]) -> list[str]:
    return [COLUMNS[kind].get(_plain(cell), "") for cell in cells]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _stem(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.rpartition(".")[0] or name


def _read_table(table: Table, kind: str, delimiter: str, heading: int, cv: CvContent) -> None:
    lines = split_lines(decode_text(table.data))
    cells = list(csv.reader(iter(lines[:heading]), delimiter=delimiter))[-1]
    columns, width = _our_columns(kind, cells), len(cells)
    name = Truncator(_stem(table.name)).chars(NAME_LENGTH)
    try:
        for number, row in read_rows(lines[heading:], delimiter, width):
            place = _("%(table)s, row %(n)s") % {"table": name, "n": number + heading}
            if row is None:
                cv.leave_out(place, _("A quotation mark is out of place here, so we cannot tell its cells apart."))
            elif any(cell.strip() for cell in row):
                _READERS[kind](cv, {"": "", **as_row(columns, row)}, place)
    except TableTooLong:
        cv.leave_out(name, _("The table is too long. We read its first rows only."))


def _read_position(cv: CvContent, row: dict[str, str], place: str, *, is_over: bool = False) -> None:
    days = row.get("started on", ""), row.get("finished on", "")
    cv.add_position(row.get("title", ""), row.get("company name", ""), *days, place, is_over=is_over)


def _read_certificate(cv: CvContent, row: dict[str, str], place: str) -> None:
    cv.add_certificate(row.get("name", ""), row.get("authority", ""), row.get("started on", ""), place)


def _read_headline(cv: CvContent, row: dict[str, str], place: str) -> None:
    """Offer the line below the name as a job where there is no other."""
    if row.get("headline") and not cv.positions:
        cv.add_position(row["headline"], "", "", "", place)


_READERS = {
    SKILLS: lambda cv, row, place: cv.add_skill(row.get("name", ""), place),
    POSITIONS: _read_position,
    EDUCATION: lambda cv, row, place: cv.add_school(row.get("school name", ""), row.get("degree name", ""), "", place),
    CERTIFICATES: _read_certificate,
    LANGUAGES: lambda cv, row, place: cv.add_skill(row.get("name", ""), place),
    VOLUNTEERING: lambda cv, row, place: _read_position(cv, row, place, is_over=True),
    PROFILE: _read_headline,
}


# --- Archives -------------------------------------------------------------------------------------------------
def zip_tables(file: BinaryIO, cv: CvContent) -> list[Table]:
    """Return the tables of a zip, and of zips in it. Nothing is unpacked to disk. Raises InvalidFile.

    Limits apply to what is read, not to what the archive says of itself.
    """
    try:
        with zipfile.ZipFile(BoundedFile(file)) as archive:
            return list(_tables_in(archive, cv))
    except (*UNREADABLE, ValueError, OverflowError) as error:
        raise InvalidFile(_("The zip is damaged or not from LinkedIn. Download it again.")) from error


def _tables_in(archive: zipfile.ZipFile, cv: CvContent, *, depth: int = 1) -> Iterator[Table]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise InvalidFile(_("The archive holds %(count)s files, far too many.") % {"count": len(members)})
    left = MAX_ALL_BYTES
    for member in members:
        name = _safe_name(member.filename)
        if member.is_dir() or not name:
            continue
        ending = name.rpartition(".")[2].casefold()
        if ending not in {"csv", "zip"} or (ending == "zip" and not depth):
            continue
        most = min(left, MAX_TABLE_BYTES if ending == "csv" else MAX_ALL_BYTES)
        data = _read_member(archive, member, most)
        left -= len(data)
        if ending == "csv":
            yield from _bounded(Table(name, data), most, cv)
        elif len(data) <= most:
            with zipfile.ZipFile(BoundedFile(io.BytesIO(data))) as inner:
                yield from _tables_in(inner, cv, depth=0)


def _safe_name(name: str) -> str:
    """Return the name of a file in an archive; "" for what a Mac adds. Raises InvalidFile for a path outside."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
        raise InvalidFile(_("The archive holds a path that leads outside: “%(file)s”.") % {"file": name[:NAME_LENGTH]})
    return "" if parts[0] == "__MACOSX" or parts[-1].startswith("._") else parts[-1]


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    name = PurePosixPath(member.filename).name[:NAME_LENGTH]
    if member.flag_bits & ENCRYPTED:
        raise InvalidFile(_("“%(file)s” has a password. Pack it again without one.") % {"file": name})
    if member.compress_type not in PACKED:
        raise InvalidFile(_("“%(file)s” is not packed as a plain zip. Pack it again.") % {"file": name})
    is_known = _plain(_stem(name)) in TABLE_OF_FILE or name.casefold().endswith(".zip")
    with archive.open(member) as stream:
        data = stream.read(START_BYTES)
        if is_known or recognise(Table(name, data)):
            data += stream.read(max(most + 1 - len(data), 0))
    return data


def _bounded(table: Table, most: int, cv: CvContent) -> Iterator[Table]:
    if len(table.data) > most:
        cv.leave_out(table.name[:NAME_LENGTH], _("This file in the zip is far too large."))
    else:
        yield table


def tar_tables(file: BinaryIO, cv: CvContent) -> list[Table]:
    """Return the tables of a tar file packed by gzip. Raises InvalidFile."""
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            data = stream.read(MAX_ALL_BYTES + 1)
        if len(data) > MAX_ALL_BYTES:
            raise InvalidFile(_("This archive is far too large. Unpack it and choose Positions.csv or Skills.csv."))
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            members = [one for one in archive if one.isfile() and one.name.casefold().endswith(".csv")]
            files = [(_safe_name(one.name), archive.extractfile(one)) for one in members[:MAX_MEMBERS]]
            tables = [Table(name, stream.read(MAX_TABLE_BYTES + 1)) for name, stream in files if name and stream]
    except (*UNREADABLE, tarfile.TarError, zlib.error, ValueError, OverflowError) as error:
        raise InvalidFile(_("The archive is damaged. Unpack it and choose Positions.csv or Skills.csv.")) from error
    return [table for one in tables for table in _bounded(one, MAX_TABLE_BYTES, cv)]
