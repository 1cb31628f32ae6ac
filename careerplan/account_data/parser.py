"""Parse an untrusted file row by row, with limits on depth, length and number.

Errors name the place and the reason (`InvalidFile`) without quoting the file at length. Unknown sections and columns
are ignored, and listed in `unknown_names`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _
from jsonschema.exceptions import ValidationError

from careerplan.account_data.file_format import VERSION, VERSIONS, InvalidFile, VersionNames
from careerplan.account_data.schema import FORMAT, account_validator, validator_of
from careerplan.account_data.sections import SECTIONS_BY_NAME, Section
from careerplan.core.numbers import format_number
from careerplan.core.sentences import join_list, quoted
from careerplan.core.text import normalize_nfc

MAX_BYTES = 50_000_000
MAX_ROWS = 100_000  # ten times an account of 300 goals and 3,000 steps with their history; takes over 30 seconds
MAX_VALUES = 10_000  # per entry: its two lists of skills may hold 1,000 each, of four values
MAX_UNKNOWN_VALUES = 500_000  # of an ignored section
MAX_UNKNOWN_NAMES = 50
MAX_CHARACTERS = 100_000  # of one text, before the schema is checked
MAX_TEXT_BYTES = 12 * MAX_CHARACTERS  # the longest spelling of a character is an escaped pair of 6 bytes each
MAX_DEPTH = 6  # the file, a section, a row, a list or a skill in it, a skill in a list
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BOM = b"\xef\xbb\xbf"
# Python refuses numbers with more digits, and ijson 3.6 ends the whole process at one.
DIGITS = 4000
ENDLESS_NUMBER = re.compile(rb"[0-9]{%d}" % DIGITS)
ESCAPE = re.compile(rb"\\.", re.DOTALL)
Events = Iterator[tuple[str, Any]]


def place_of(section: Section | None, number: int, field: str = "") -> str:
    """Return a place in words: `goals, entry 12, due_on`."""
    if section is None:
        return field
    parts = [section.name, _("entry %(number)s") % {"number": number} if number else "", field]
    return join_list(part for part in parts if part)


class FileParser:
    """The rows of a file. `exported_at` and `account` are set once the first row is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.account: dict[str, Any] = {}
        self.exported_at = ""
        self.rows = 0
        self.unknown_names: list[str] = []
        self._names = VersionNames()
        self._place: tuple[Section | None, int] = (None, 0)

    def __iter__(self) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        """Yield section, number within it and row, each checked against the schema. Raises InvalidFile."""
        try:
            yield from self._read(ijson.basic_parse(_GuardedFile(self.file), use_float=False))
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            where = place_of(*self._place) or _("at the start")
            reason = _("The file is not complete JSON. It is cut off or damaged here, or it is another kind of file.")
            raise InvalidFile(reason, where) from error

    def _read(self, events: Events) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        if next(events, ("", None))[0] != "start_map":
            raise InvalidFile(_("This is not a file exported from Careerplan: it does not start with “{”."))
        head: dict[str, Any] = {}
        order, last = list(SECTIONS_BY_NAME), -1
        seen: set[str] = set()
        for event, key in events:
            if event == "end_map":
                break
            name = self._names.sections.get(key, key)
            if name in seen:
                raise InvalidFile(_("This appears twice."), _short(key))
            seen.add(name)
            if name not in SECTIONS_BY_NAME:
                self._head(key, events, head)
                continue
            if head.get("format") != FORMAT or "version" not in head:
                raise InvalidFile(_("This is not a file exported from Careerplan: it does not start with “format”."))
            if order.index(name) < last:
                raise InvalidFile(_("This must come earlier. Keep the sections in the order of the export."), key)
            last = order.index(name)
            yield from self._section(SECTIONS_BY_NAME[name], events)
        if head.get("format") != FORMAT or "version" not in head:
            raise InvalidFile(_("This is not a file exported from Careerplan: it does not say “careerplan-export”."))
        next(events, None)  # anything after the end is an error

    def _head(self, key: str, events: Events, head: dict[str, Any]) -> None:
        if key not in {"format", "version", "account", "exported_at"}:
            if "format" not in head:
                reason = _(
                    "This is not a file exported from Careerplan. If it is a CV, use the page “Import a CV or a list”."
                )
                raise InvalidFile(reason, _short(key))
            self._ignore(_text(key))
            _skip(events, next(events))
            return
        value = head[key] = _value(events, next(events), 2, _Allowance(MAX_VALUES))
        if key == "format" and value != FORMAT:
            raise InvalidFile(_("This is not a file exported from Careerplan."), "format")
        if key == "version":
            if isinstance(value, bool) or not isinstance(value, int) or value not in VERSIONS:
                reason = _("This version is not supported. The newest version you can import here is %(newest)s.")
                raise InvalidFile(reason % {"newest": VERSION}, "version")
            self._names = VERSIONS[value]
        elif key == "account":
            check(account_validator(), value, None, 0)
            self.account = value
        elif key == "exported_at":
            self.exported_at = value if isinstance(value, str) else ""

    def _section(self, section: Section, events: Events) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        self._place = (section, 0)
        if next(events)[0] != "start_array":
            raise InvalidFile(_("Expected a list here."), section.name)
        validator = validator_of(section)
        known = {column.name for column in section.columns}
        for number, event in enumerate(events, 1):
            if event[0] == "end_array":
                return
            self.rows += 1
            self._place = (section, number)
            if number > section.max_rows or self.rows > MAX_ROWS:
                raise InvalidFile(_("The file has more entries than an account can hold."), place_of(section, number))
            try:
                row = _value(events, event, 3, _Allowance(MAX_VALUES))
            except InvalidFile as error:
                raise InvalidFile(str(error), place_of(section, number)) from None
            if isinstance(row, dict):
                row = self._names.translate(section.name, row)
                for name in row.keys() - known:
                    self._ignore(f"{section.name}.{name}")
            check(validator, row, section, number)
            yield section, number, row

    def _ignore(self, name: str) -> None:
        name = _short(name)
        if name not in self.unknown_names and len(self.unknown_names) < MAX_UNKNOWN_NAMES:
            self.unknown_names.append(name)


class _GuardedFile:
    """File wrapper for ijson: skips the byte order mark, and refuses endless numbers and texts while they grow.

    ijson puts a text together from all its pieces before anyone can see how long it is, in quadratic time.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._last = file, b""
        self._since_quote, self._backslash = 0, b""
        file.seek(0)
        if file.read(len(BOM)) != BOM:
            file.seek(0)

    def read(self, size: int) -> bytes:
        """Read the next bytes. Raises ValueError for an endless number, InvalidFile for an endless text."""
        data = self._file.read(size)
        if ENDLESS_NUMBER.search(self._last + data):
            raise ValueError("a number without end")
        self._last = (self._last + data)[-DIGITS:]
        self._count_text(data)
        return data

    def _count_text(self, data: bytes) -> None:
        """Count the bytes since the last quotation mark that is not escaped."""
        data = ESCAPE.sub(b"  ", self._backslash + data)
        self._backslash = b"\\" if data.endswith(b"\\") else b""
        after = data.rpartition(b'"')
        self._since_quote = len(after[2]) + (0 if after[1] else self._since_quote)
        if self._since_quote > MAX_TEXT_BYTES:
            raise InvalidFile(_("This text is far too long."))


class _Allowance:
    """The number of values that one entry may still hold."""

    def __init__(self, values: int) -> None:
        self.left = values

    def use(self) -> None:
        """Count one value. Raises InvalidFile at the limit."""
        self.left -= 1
        if self.left < 0:
            raise InvalidFile(_("This entry is far too large."))


def _value(events: Events, event: tuple[str, Any], depth: int, allowance: _Allowance) -> Any:
    """Return the value that starts with an event. Raises InvalidFile if it is too deep, too large or repeated."""
    allowance.use()
    kind, value = event
    if kind == "string":
        return _text(value)
    if kind not in {"start_map", "start_array"}:
        return value
    if depth >= MAX_DEPTH:
        raise InvalidFile(_("Lists and entries are nested too deeply here."))
    if kind == "start_array":
        items: list[Any] = []
        for item in events:
            if item[0] == "end_array":
                return items
            items.append(_value(events, item, depth + 1, allowance))
    found: dict[str, Any] = {}
    for kind, key in events:
        if kind == "end_map":
            return found
        if key in found:
            raise InvalidFile(_("“%(name)s” appears twice.") % {"name": _short(key)})
        found[_text(key)] = _value(events, next(events), depth + 1, allowance)
    raise ValueError("cut off")


def _skip(events: Events, event: tuple[str, Any]) -> None:
    """Skip a value without loading it. Raises InvalidFile if it is too deep or too large."""
    allowance, depth = _Allowance(MAX_UNKNOWN_VALUES), 1
    kind, value = event
    while True:
        if kind in {"start_map", "start_array"}:
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidFile(_("Lists and entries are nested too deeply here."))
        elif kind in {"end_map", "end_array"}:
            depth -= 1
        else:
            allowance.use()
            if kind == "string":
                _text(value)
        if depth == 1:
            return
        kind, value = next(events, ("", None))
        if not kind:
            raise ValueError("cut off")


def _text(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise InvalidFile(_("This text is far too long."))
    if CONTROL.search(text):
        raise InvalidFile(_("This text contains a character that we cannot save."))
    return normalize_nfc(text)


def _short(text: str) -> str:
    text = CONTROL.sub("?", text)
    return text if len(text) <= 40 else text[:40] + "…"


def check(validator: Any, row: Any, section: Section | None, number: int) -> None:
    """Validate a row by its schema. Raises InvalidFile with the field and what is expected."""
    error = next(validator.iter_errors(row), None)
    if error is not None:
        field = ".".join(str(part) for part in error.absolute_path)
        raise InvalidFile(_reason(error), place_of(section, number, field) or "account")


def _reason(error: ValidationError) -> str:
    """Return the error message, without quoting the file."""
    wanted = error.validator_value
    if error.validator == "required":
        missing = sorted(set(wanted) - set(error.instance))
        return _("“%(names)s” is missing.") % {"names": _short(join_list(missing))}
    if error.validator == "type":
        kinds = wanted if isinstance(wanted, str) else " / ".join(wanted)
        return _("This value has the wrong type. Expected: %(kind)s") % {"kind": kinds}
    if error.validator == "enum":
        choices = join_list("null" if one is None else quoted(str(one)) for one in wanted)
        return _("This value is not one of the choices: %(choices)s") % {"choices": choices}
    reasons = {
        "maxLength": _("This text has more than %(wanted)s characters."),
        "minLength": _("This text is empty."),
        "maxItems": _("This list has more than %(wanted)s entries."),
        "minimum": _("This number is less than %(wanted)s."),
        "maximum": _("This number is more than %(wanted)s."),
    }
    if str(error.validator) not in reasons:
        return _("This value has the wrong format.")
    return reasons[str(error.validator)] % {"wanted": format_number(Decimal(str(wanted)))}
