"""Tell what kind of file someone has chosen, by its content and never by its name."""

import io
import re
import zipfile
from enum import StrEnum, auto
from typing import BinaryIO

START = 64_000  # bytes by which a file is known
MAX_CONTENTS = 1_000_000  # of the table of contents of a zip: 10,000 files


class FileKind(StrEnum):
    """Kinds of files. The first ones are read on one of our pages."""

    CAREERPLAN = auto()
    JSON_RESUME = auto()
    REACTIVE_RESUME = auto()
    EUROPASS_XML = auto()
    EUROPASS_JSON = auto()
    BADGE = auto()
    LINKEDIN_ZIP = auto()
    TAR = auto()
    LINKEDIN_TABLE = auto()
    ESCO = auto()
    PDF = auto()
    WORD = auto()
    TEXT = auto()
    TODOIST = auto()
    ASANA = auto()
    TRELLO = auto()
    GOOGLE_TASKS = auto()
    NOTION = auto()
    CALENDAR = auto()
    GOALS = auto()
    TABLE = auto()
    EXCEL = auto()
    OFFICE_97 = auto()
    POWERPOINT = auto()
    OPEN_DOCUMENT = auto()
    OPEN_SPREADSHEET = auto()
    PAGES = auto()
    RTF = auto()
    HTML = auto()
    EPUB = auto()
    XML = auto()
    JSON = auto()
    VCARD = auto()
    EMAIL = auto()
    PICTURE = auto()
    SOUND = auto()
    PROGRAM = auto()
    ZIP = auto()
    PACKED = auto()
    UNKNOWN = auto()


class BoundedFile(io.RawIOBase):
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
        """Read some bytes. Raises BadZipFile for too many at once."""
        if size is None or size < 0:
            size = MAX_CONTENTS + 1
        if size > MAX_CONTENTS + 1:
            raise zipfile.BadZipFile("too much at once")
        return self._file.read(size)


_SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OFFICE_97),
    (b"{\\rtf", FileKind.RTF),
    (b"\x1f\x8b", FileKind.TAR),
    (b"Rar!\x1a\x07", FileKind.PACKED),
    (b"7z\xbc\xaf\x27\x1c", FileKind.PACKED),
    (b"BZh", FileKind.PACKED),
    (b"\xfd7zXZ\x00", FileKind.PACKED),
    (b"\x28\xb5\x2f\xfd", FileKind.PACKED),
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
    (b"II*\0", FileKind.PICTURE),
    (b"MM\0*", FileKind.PICTURE),
    (b"ID3", FileKind.SOUND),
    (b"OggS", FileKind.SOUND),
    (b"fLaC", FileKind.SOUND),
    (b"\x1aE\xdf\xa3", FileKind.SOUND),
    (b"\x7fELF", FileKind.PROGRAM),
)
_WITH_ZEROS = ((b"BM", FileKind.PICTURE), (b"MZ", FileKind.PROGRAM))  # words of a text begin like this too
_AT_FOUR = ((b"ftypheic", FileKind.PICTURE), (b"ftypavif", FileKind.PICTURE), (b"ftyp", FileKind.SOUND))
_AT_EIGHT = ((b"WEBP", FileKind.PICTURE), (b"WAVE", FileKind.SOUND), (b"AVI ", FileKind.SOUND))
_JSON: tuple[tuple[re.Pattern[str], FileKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r'^\s*\{\s*"format"\s*:\s*"careerplan', FileKind.CAREERPLAN),
        (r'"kind"\s*:\s*"tasks#', FileKind.GOOGLE_TASKS),
        (r'"idList"|trello\.com/', FileKind.TRELLO),
        (r'"SkillsPassport"|EuropeanDigitalCredential|europa\.eu/[^"\s]{0,80}europass', FileKind.EUROPASS_JSON),
        (r"OpenBadgeCredential|purl\.imsglobal\.org/spec/ob|w3id\.org/openbadges|openbadges\.org", FileKind.BADGE),
        (r'"type"\s*:\s*"(?:Assertion|BadgeClass)"', FileKind.BADGE),
        (r'"sections"\s*:\s*\{', FileKind.REACTIVE_RESUME),
        (
            r'"(?:basics|skills|work|work_?[eE]xperience|experience|education|employment|certificates|volunteer)"\s*:',
            FileKind.JSON_RESUME,
        ),
    )
)
_HEADERS: tuple[tuple[set[str], FileKind], ...] = (
    ({"type", "content", "priority", "indent"}, FileKind.TODOIST),
    ({"task id", "name", "section/column"}, FileKind.ASANA),
    ({"concepttype", "concepturi", "preferredlabel"}, FileKind.ESCO),
    ({"first name", "last name", "headline"}, FileKind.LINKEDIN_TABLE),
)
_GOAL_WORDS = frozenset(
    {
        *("goal", "goals", "objective", "target", "task", "tasks", "step", "steps", "to-do", "todo", "action"),
        *("ziel", "ziele", "aufgabe", "aufgaben", "objectif", "objetivo"),
    }
)
_LINE = re.compile(r"[^\r\n]*")


def recognise_file(file: BinaryIO) -> FileKind:
    """Return the kind of a file, by its first bytes and, for a zip, the names in it."""
    file.seek(0)
    start = file.read(START)
    if start.startswith(b"PK"):
        return _kind_of_zip(file)
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    for signature, kind in _WITH_ZEROS:
        if start.startswith(signature) and b"\0" in start[:64]:
            return kind
    if b"%PDF-" in start[:1024]:
        return FileKind.PDF  # readers allow something before it
    for place, known in ((4, _AT_FOUR), (8, _AT_EIGHT)):
        for signature, kind in known:
            if start[place:].startswith(signature):
                return kind
    return _kind_of_text(_decode(start))


def _decode(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16" if start[2:4] != b"\0\0" else "utf-32"
    elif start[:1] == b"\0" and start[1:2] != b"\0":
        encoding = "utf-16-be"
    elif start[1:2] == b"\0" and start[:1] != b"\0":
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    return start.decode(encoding, errors="replace").lstrip("\ufeff")


def _kind_of_text(text: str) -> FileKind:
    text = text.lstrip()
    if not text or "\0" in text:
        return FileKind.UNKNOWN
    if text[0] in "{[" or (text.startswith(("/*", "//")) and "{" in text):
        return next((kind for pattern, kind in _JSON if pattern.search(text)), FileKind.JSON)
    head = text[:2000].casefold()
    if head.startswith(("<?xml", "<skillspassport", "<candidate")) or re.match(r"<[a-z][\w:]*\s+xmlns", head):
        if "<html" in head:
            return FileKind.HTML
        is_europass = "europass" in text.casefold() or "<learnerinfo" in text.casefold()
        return FileKind.EUROPASS_XML if is_europass else FileKind.PICTURE if "<svg" in head else FileKind.XML
    starts = (
        ("<!doctype html", FileKind.HTML), ("<html", FileKind.HTML), ("<svg", FileKind.PICTURE),
        ("begin:vcalendar", FileKind.CALENDAR), ("begin:vcard", FileKind.VCARD),
        ("return-path:", FileKind.EMAIL), ("received:", FileKind.EMAIL), ("mime-version:", FileKind.EMAIL),
    )  # fmt: skip
    return next((kind for words, kind in starts if head.startswith(words)), None) or _kind_of_table(text)


def _kind_of_table(text: str) -> FileKind:
    """Tell tables apart by the names of their columns; everything else is text."""
    first = _LINE.match(text)
    header = first.group() if first else ""
    for delimiter in ",;\t":
        cells = [cell.strip(' "').casefold() for cell in header.split(delimiter)]
        for needed, kind in _HEADERS:
            if needed <= set(cells):
                return kind
        if cells == ["name"]:
            return FileKind.LINKEDIN_TABLE
        if len(cells) > 1 and {"status", "tags"} & set(cells) and cells[0] in {"name", "task name"}:
            return FileKind.NOTION
        if len(cells) > 1 and _GOAL_WORDS & {word for cell in cells for word in cell.split()}:
            return FileKind.GOALS
        if len(cells) > 2 and all(cells) and max(map(len, cells)) <= 40 and _same_width(text, delimiter, len(cells)):
            return FileKind.TABLE
    return FileKind.TEXT


def _same_width(text: str, delimiter: str, width: int) -> bool:
    """Whether the second line has as many cells as the first: a sentence with commas is not a table."""
    lines = text[:4000].splitlines()[1:3]
    return bool(lines) and all(line.count(delimiter) >= width - 1 for line in lines if line.strip())


_OF_FOLDER = {
    "word": FileKind.WORD, "xl": FileKind.EXCEL, "ppt": FileKind.POWERPOINT, "Index": FileKind.PAGES,
    "Index.zip": FileKind.PAGES,
}  # fmt: skip


def _kind_of_zip(file: BinaryIO) -> FileKind:
    try:
        with zipfile.ZipFile(BoundedFile(file)) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            if "mimetype" in names:
                return _kind_by_mimetype(archive.open("mimetype").read(100))
    except (zipfile.BadZipFile, ValueError, OverflowError, OSError, NotImplementedError, RuntimeError):
        return FileKind.LINKEDIN_ZIP  # its reader says what is wrong with it
    folders = {name.partition("/")[0] for name in names}
    if known := next((kind for folder, kind in _OF_FOLDER.items() if folder in folders), None):
        return known
    has_table = any(name.casefold().endswith((".csv", ".zip")) for name in names)
    return FileKind.LINKEDIN_ZIP if has_table else FileKind.ZIP


def _kind_by_mimetype(kind: bytes) -> FileKind:
    if b"opendocument.spreadsheet" in kind:
        return FileKind.OPEN_SPREADSHEET
    if b"epub" in kind:
        return FileKind.EPUB
    return FileKind.OPEN_DOCUMENT if b"opendocument" in kind else FileKind.ZIP
