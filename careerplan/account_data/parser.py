"""Reading a file that may be anything, piece by piece: one row at a time, within bounds of depth, length and number.

What is not right is refused with the place and the reason (`Refused`); nothing of the file is repeated at length.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _
from jsonschema.exceptions import ValidationError

from careerplan.account_data.schema import FORMAT, VERSION, account_validator, validator_of
from careerplan.account_data.sections import BY_NAME, Section
from careerplan.core.text import normalize_nfc

MOST_BYTES = 50_000_000
MOST_ROWS = 100_000  # ten times 300 goals and 3,000 steps with their history; more than half a minute of work
MOST_VALUES = 10_000  # of one entry: its two lists of skills may hold 1,000 each, of four values
MOST_CHARACTERS = 100_000  # of one text, before it is held against its schema
MOST_DEPTH = 6  # the file, a section, a row, a list or a skill in it, a skill in a list
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BOM = b"\xef\xbb\xbf"
# Python does not read numbers of more digits, and ijson 3.6 ends the whole process when it meets one.
DIGITS = 4000
ENDLESS_NUMBER = re.compile(rb"[0-9]{%d}" % DIGITS)
Events = Iterator[tuple[str, Any]]


class Refused(Exception):
    """A file that is not taken, with the place and the reason, for the person to read."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


def place_of(section: Section | None, number: int, field: str = "") -> str:
    """Where something is: `goals, entry 12, due_on`."""
    if section is None:
        return field
    parts = [section.name, _("entry %(number)s") % {"number": number} if number else "", field]
    return ", ".join(part for part in parts if part)


class Reader:
    """The rows of one file. `exported_at` and `account` are there once the first row was read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.account: dict[str, Any] = {}
        self.exported_at = ""
        self.rows = 0
        self._place: tuple[Section | None, int] = (None, 0)

    def __iter__(self) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        """Section, number within it, row: each checked against the schema. Raises Refused."""
        try:
            yield from self._read(ijson.basic_parse(_Guarded(self.file), use_float=False))
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            where = place_of(*self._place) or _("at its beginning")
            reason = _("The file is not complete JSON: it is cut off or broken there, or it is something else.")
            raise Refused(reason, where) from error

    def _read(self, events: Events) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        if next(events, ("", None))[0] != "start_map":
            raise Refused(_("This is not a file of Careerplan: it does not begin with “{”."))
        head: dict[str, Any] = {}
        order, last = list(BY_NAME), -1
        seen: set[str] = set()
        for event, key in events:
            if event == "end_map":
                break
            if key in seen:
                raise Refused(_("It stands there twice."), _short(key))
            seen.add(key)
            if key not in BY_NAME:
                self._head(key, _value(events, next(events), 2, _Room()), head)
                continue
            if head.get("format") != FORMAT or "version" not in head:
                raise Refused(_("This is not a file of Careerplan: it does not say so at its beginning."))
            if order.index(key) < last:
                raise Refused(_("It must come earlier: keep the sections in the order of the download."), key)
            last = order.index(key)
            yield from self._section(BY_NAME[key], events)
        if head.get("format") != FORMAT or "version" not in head:
            raise Refused(_("This is not a file of Careerplan: it does not say “careerplan-export”."))
        next(events, None)  # what comes after the end is an error

    def _head(self, key: str, value: Any, head: dict[str, Any]) -> None:
        head[key] = value
        if key == "format" and value != FORMAT:
            raise Refused(_("This is not a file of Careerplan."), "format")
        if key == "version" and (value != VERSION or isinstance(value, bool)):
            raise Refused(_("This version is not known here. A newer Careerplan may have made the file."), "version")
        if key == "account":
            check(account_validator(), value, None, 0)
            self.account = value
        elif key == "exported_at":
            self.exported_at = value if isinstance(value, str) else ""
        elif key not in {"format", "version"} and "format" not in head:
            reason = _("This is not a file of Careerplan. A resume is brought in on the page “Bring in a resume”.")
            raise Refused(reason, _short(key))
        elif key not in {"format", "version"}:
            raise Refused(_("There is no such section."), _short(key))

    def _section(self, section: Section, events: Events) -> Iterator[tuple[Section, int, dict[str, Any]]]:
        self._place = (section, 0)
        if next(events)[0] != "start_array":
            raise Refused(_("A list is wanted here."), section.name)
        validator = validator_of(section)
        for number, event in enumerate(events, 1):
            if event[0] == "end_array":
                return
            self.rows += 1
            self._place = (section, number)
            if number > section.most or self.rows > MOST_ROWS:
                raise Refused(_("That are more entries than an account can have."), place_of(section, number))
            try:
                row = _value(events, event, 3, _Room())
            except Refused as error:
                raise Refused(str(error), place_of(section, number)) from None
            check(validator, row, section, number)
            yield section, number, row


class _Guarded:
    """A file as ijson may see it: without the mark that editors put at the beginning, and without endless numbers."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._last = file, b""
        file.seek(0)
        if file.read(len(BOM)) != BOM:
            file.seek(0)

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ValueError."""
        data = self._file.read(size)
        if ENDLESS_NUMBER.search(self._last + data):
            raise ValueError("a number without end")
        self._last = (self._last + data)[-DIGITS:]
        return data


class _Room:
    """How many more values find room in one entry."""

    def __init__(self) -> None:
        self.left = MOST_VALUES

    def take(self) -> None:
        """One more. Raises Refused."""
        self.left -= 1
        if self.left < 0:
            raise Refused(_("There is far more in it than such an entry can hold."))


def _value(events: Events, event: tuple[str, Any], depth: int, room: _Room) -> Any:
    """The value that begins with an event. Raises Refused for what is too deep, too much, stands twice or cannot be
    kept.
    """
    room.take()
    kind, value = event
    if kind == "string":
        return _text(value)
    if kind not in {"start_map", "start_array"}:
        return value
    if depth >= MOST_DEPTH:
        raise Refused(_("Lists and entries are nested too deeply here."))
    if kind == "start_array":
        items: list[Any] = []
        for item in events:
            if item[0] == "end_array":
                return items
            items.append(_value(events, item, depth + 1, room))
    found: dict[str, Any] = {}
    for kind, key in events:
        if kind == "end_map":
            return found
        if key in found:
            raise Refused(_("“%(name)s” stands there twice.") % {"name": _short(key)})
        found[_text(key)] = _value(events, next(events), depth + 1, room)
    raise ValueError("cut off")


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise Refused(_("There is a text in it that is far too long."))
    if CONTROL.search(text):
        raise Refused(_("There is a character in it that cannot be kept."))
    return normalize_nfc(text)


def _short(text: str) -> str:
    text = CONTROL.sub("?", text)
    return text if len(text) <= 40 else text[:40] + "…"


def check(validator: Any, row: Any, section: Section | None, number: int) -> None:
    """Hold a row against its schema. Raises Refused that names the field and says what is wanted."""
    error = next(validator.iter_errors(row), None)
    if error is not None:
        field = ".".join(str(part) for part in error.absolute_path)
        raise Refused(_reason(error), place_of(section, number, field) or "account")


def _reason(error: ValidationError) -> str:
    """What is wrong, without repeating what stands there."""
    wanted = error.validator_value
    if error.validator == "required":
        missing = sorted(set(wanted) - set(error.instance))
        return _("“%(names)s” is missing.") % {"names": _short(", ".join(missing))}
    if error.validator == "additionalProperties":
        more = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        return _("There is no “%(name)s” in such an entry.") % {"name": _short(more[0])}
    if error.validator == "type":
        return _("Something else is wanted here: %(kind)s.") % {
            "kind": wanted if isinstance(wanted, str) else " / ".join(wanted)
        }
    if error.validator == "enum":
        return _("One of these is wanted: %(choices)s.") % {
            "choices": ", ".join("null" if one is None else f"“{one}”" for one in wanted)
        }
    reasons = {
        "maxLength": _("The text is too long; at most %(wanted)s characters."),
        "minLength": _("The text is empty."),
        "maxItems": _("The list is too long; at most %(wanted)s."),
        "minimum": _("The number is too small; at least %(wanted)s."),
        "maximum": _("The number is too large; at most %(wanted)s."),
        "pattern": _("It is not written as a day, an instant or a figure must be written here."),
    }
    return reasons.get(str(error.validator), _("It is not as it must be here.")) % {"wanted": wanted}
