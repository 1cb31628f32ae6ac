"""Read a CV from a file of any kind that we know: what can be read is read, the rest is listed with its place."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from careerplan.account_data.file_advice import NAMES, READ_AS_CV, why_no_cv
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import FileKind, recognise_file
from careerplan.core.sentences import join_list, quoted
from careerplan.imports.content import CvContent, decode_text
from careerplan.imports.cv_text import parse_cv_text
from careerplan.imports.document_worker import LINE_LENGTH
from careerplan.imports.documents import MAX_DOCUMENT_BYTES, Line, read_document
from careerplan.imports.esco import parse_esco
from careerplan.imports.europass import MAX_XML_BYTES, parse_badge, parse_europass, parse_europass_xml
from careerplan.imports.json_resume import parse_json_resume
from careerplan.imports.json_text import MAX_JSON_BYTES, load_json
from careerplan.imports.linkedin import (
    MAX_TABLE_BYTES,
    START_BYTES,
    Table,
    parse_tables,
    recognise,
    tar_tables,
    zip_tables,
)
from careerplan.imports.reactive_resume import parse_reactive_resume

MAX_BYTES = 50_000_000  # of a zip: a whole LinkedIn export has pictures
MAX_TEXT_LINES = 5_000


def parse_cv(file: BinaryIO, *, today: date) -> CvContent:
    """Read what we can use of a CV. Raises InvalidFile with the reason if that is nothing; takes seconds at most."""
    kind = recognise_file(file)
    if kind in {FileKind.TABLE, FileKind.GOALS} and is_linkedin_table(file):
        kind = FileKind.LINKEDIN_TABLE
    cv = CvContent(today=today)
    file.seek(0)
    if kind in _OF_JSON or kind == FileKind.JSON:
        _parse_json(file, kind, cv)
    elif kind in READ_AS_CV:
        _OTHERS[kind](file, cv)
    else:
        raise InvalidFile(why_no_cv(kind))
    if cv.is_empty:
        raise InvalidFile(_empty(kind, cv))
    return cv


def is_linkedin_table(file: BinaryIO) -> bool:
    """Whether a table of text is one of LinkedIn's, by the names of its columns."""
    file.seek(0)
    return bool(recognise(Table("", file.read(START_BYTES))))


def _empty(kind: FileKind, cv: CvContent) -> str:
    reason = _("We found no skills, jobs, education or certificates in it.")
    if cv.left_out:
        first = cv.left_out[0]
        reason = f"{reason} {first.place}: {first.reason}" if first.place else f"{reason} {first.reason}"
    return f"{NAMES[kind]} {reason}"


def _parse_europass_json(found: Any, cv: CvContent) -> None:
    """Read a CV, or a credential, which is a certificate."""
    parse_europass(found, cv)
    if cv.is_empty:
        parse_badge(found, cv)


_OF_JSON: dict[FileKind, Callable[..., None]] = {
    FileKind.JSON_RESUME: parse_json_resume,
    FileKind.REACTIVE_RESUME: parse_reactive_resume,
    FileKind.EUROPASS_JSON: _parse_europass_json,
    FileKind.BADGE: parse_badge,
}


def _parse_json(file: BinaryIO, kind: FileKind, cv: CvContent) -> None:
    found = load_json(file.read(MAX_JSON_BYTES + 1))
    if kind == FileKind.JSON:
        raise InvalidFile(why_no_cv(kind))
    try:
        _OF_JSON[kind](found, cv)
    except RecursionError as error:
        raise InvalidFile(_("Lists and entries are nested too deeply in the file.")) from error


def _parse_zip(file: BinaryIO, cv: CvContent) -> None:
    _parse_tables(zip_tables(file, cv), cv)


def _parse_tar(file: BinaryIO, cv: CvContent) -> None:
    _parse_tables(tar_tables(file, cv), cv)


def _parse_tables(tables: list[Table], cv: CvContent) -> None:
    if not any(recognise(table) for table in tables):
        names = join_list(quoted(table.name[:40]) for table in tables[:4])
        if names:
            reason = _("The archive has no table of LinkedIn that we know. In it are: %(names)s.") % {"names": names}
            raise InvalidFile(reason)
        raise InvalidFile(_("The archive has no table in it. Choose the zip from LinkedIn, or your CV itself."))
    parse_tables(tables, cv)


def _parse_table(file: BinaryIO, cv: CvContent) -> None:
    data = file.read(MAX_TABLE_BYTES + 1)
    if len(data) > MAX_TABLE_BYTES:
        raise InvalidFile(_("This table is far too large."))
    parse_tables([Table("", data)], cv)


def _parse_esco(file: BinaryIO, cv: CvContent) -> None:
    parse_esco(decode_text(file.read(MAX_TABLE_BYTES)), cv)


def _parse_text(file: BinaryIO, cv: CvContent) -> None:
    data = file.read(MAX_TABLE_BYTES + 1)
    rows = decode_text(data).splitlines()
    if len(data) > MAX_TABLE_BYTES or len(rows) > MAX_TEXT_LINES:
        raise InvalidFile(_("This text is far too long for a CV."))
    try:
        parse_cv_text([Line(row[:LINE_LENGTH], 1) for row in rows], cv)
    except InvalidFile as refused:
        raise InvalidFile(f"{NAMES[FileKind.TEXT]} {refused}") from None


def _parse_pdf(file: BinaryIO, cv: CvContent) -> None:
    document = read_document("pdf", file.read(MAX_DOCUMENT_BYTES + 1))
    for attached in document.attachments:
        with suppress(InvalidFile):  # XML of another kind, as of an invoice: the text of the pages counts
            parse_europass_xml(attached.encode(), cv)
    if not cv.is_empty:
        return
    if not any(line.text for line in document.lines):
        raise InvalidFile(
            _("This PDF has no text in it, only pictures of pages. Choose the file that the scan was made from.")
        )
    parse_cv_text(document.lines, cv)
    if document.pages_without_text:
        cv.leave_out("PDF", _("A page of it is a picture. We cannot read the text in it."))


def _parse_word(file: BinaryIO, cv: CvContent) -> None:
    document = read_document("word", file.read(MAX_DOCUMENT_BYTES + 1))
    if not any(line.text for line in document.lines):
        raise InvalidFile(_("This Word file has no text in it."))
    parse_cv_text(document.lines, cv)


def _parse_europass_xml(file: BinaryIO, cv: CvContent) -> None:
    parse_europass_xml(file.read(MAX_XML_BYTES + 1), cv)


_OTHERS: dict[FileKind, Callable[[BinaryIO, CvContent], None]] = {
    FileKind.EUROPASS_XML: _parse_europass_xml,
    FileKind.LINKEDIN_ZIP: _parse_zip,
    FileKind.TAR: _parse_tar,
    FileKind.LINKEDIN_TABLE: _parse_table,
    FileKind.ESCO: _parse_esco,
    FileKind.PDF: _parse_pdf,
    FileKind.WORD: _parse_word,
    FileKind.TEXT: _parse_text,
}
