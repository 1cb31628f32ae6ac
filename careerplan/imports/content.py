"""The content of a CV, the same for all file formats. Texts are cleaned and bounded as they are collected.

What cannot be used is noted with its place, so that nothing is dropped without a word.
"""

import codecs
import html
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.core.text import normalize_nfc
from careerplan.imports.dates import means_now, parse_day, show_day
from careerplan.imports.degrees import level_in, subject_in

T = TypeVar("T")
MAX_SKILLS, MAX_OTHERS = 200, 50  # LinkedIn itself allows 100 skills
MAX_NOTES = 60  # that are listed; all are counted
NAME_LENGTH, LINE_LENGTH = 80, 200  # the lengths of catalogue names, roles and fields of study
DATE_LENGTH, PLACE_LENGTH = 20, 80
BETWEEN = " \N{EN DASH} "


@dataclass(frozen=True, slots=True)
class CvPosition:
    """A job; `span` as written in the file, `since` its start as "2024-02", "2024" or "".

    `is_unclear`: the end is a word that we do not know, so it may be the current job.
    """

    role: str
    organisation: str
    span: str
    is_current: bool
    since: str = field(default="", compare=False)
    is_unclear: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class CvSchool:
    """Education: the school, the words in the file, and the part that the assessment can store."""

    name: str
    words: str
    level: str
    field: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a file that is not used: where it stands, and why."""

    place: str
    reason: str


@dataclass
class CvContent:
    """The content, in the order of the file. `excluded` counts what is left out, `left_out` lists the first of it."""

    today: date | None = None
    skills: list[str] = field(default_factory=list)
    positions: list[CvPosition] = field(default_factory=list)
    schools: list[CvSchool] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    excluded: int = 0
    _named: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing usable was found."""
        return not (self.skills or self.positions or self.schools or self.certificates)

    def leave_out(self, place: str, reason: str) -> None:
        """Note something that is not used."""
        self.excluded += 1
        if len(self.left_out) < MAX_NOTES:
            self.left_out.append(LeftOut(UNKEEPABLE.sub("", place)[:PLACE_LENGTH], reason))

    def leave_out_rest(self, place: str, count: int) -> None:
        """Note the entries of a list that is far too long, all at once."""
        self.leave_out(place, _("There are more entries than an assessment can hold."))
        self.excluded += count - 1

    def add_skill(self, name: str, place: str = "") -> None:
        """Add a skill by name; duplicates count once."""
        name = self._line(name, place)
        if name and normalize_name(name) not in self._named:
            self._named.add(normalize_name(name))
            self._add(self.skills, name, MAX_SKILLS, NAME_LENGTH, place, name)

    def add_position(
        self, role: str, organisation: str, start: str, end: str, place: str = "", *, is_over: bool = False
    ) -> None:
        """Add a job. One without an end is current, unless it `is_over`, as is one that ends in the future."""
        role, organisation = self._line(role, place), self._line(organisation, place)
        start, end = (self._line(text, place)[:DATE_LENGTH] for text in (start, end))
        if not role:
            if (organisation or start) and not any(one.place.startswith(place) for one in self.left_out[-2:]):
                self.leave_out(place, _("No role is named here."))
            return
        ends_on = parse_day(end)
        is_current = not is_over and (means_now(end) or self._is_ahead(ends_on))
        if means_now(end):
            end = _("now") if start and is_current else ""
        span = BETWEEN.join(show_day(day) for day in dict.fromkeys((start, end)) if day)
        position = CvPosition(
            role, organisation, span, is_current, parse_day(start), not (is_current or is_over or ends_on or not end)
        )
        self._add(self.positions, position, MAX_OTHERS, LINE_LENGTH, place, role, organisation)

    def add_school(self, name: str, degree: str, area: str = "", place: str = "") -> None:
        """Add education; `degree` as written in the file, `area` the subject, if given. Either may name the level."""
        name, degree, area = self._line(name, place), self._line(degree, place), self._line(area, place)
        words = ", ".join(one for one in (degree, area) if one)
        level = level_in(degree) or level_in(area)
        if area and level_in(degree):
            studied = area
        elif area:
            studied = subject_in(area)
        else:
            studied = degree.partition(",")[2].strip() or subject_in(degree) if level else degree
        if level or studied:
            school = CvSchool(name, words, level, studied)
            self._add(self.schools, school, MAX_OTHERS, LINE_LENGTH, place, name, degree, area, studied)
        elif name:
            self.leave_out(place or name, _("No degree and no subject is named here."))

    def add_certificate(self, name: str, issuer: str, day: str, place: str = "") -> None:
        """Add a certificate, as one line."""
        parts = [self._line(name, place), self._line(issuer, place), show_day(self._line(day, place)[:DATE_LENGTH])]
        if parts[0]:
            text = ", ".join(part for part in parts if part)
            self._add(self.certificates, text, MAX_OTHERS, LINE_LENGTH, place, *parts)
        elif parts[1]:
            self.leave_out(place, _("It has no name."))

    def _is_ahead(self, day: str) -> bool:
        return self.today is not None and day > self.today.isoformat()[: len(day)]

    def _line(self, text: str, place: str) -> str:
        """Return a text as one line without markup. What cannot be kept is taken out and noted."""
        if HALVES.search(text):
            self.leave_out(place, _("A character in it is damaged, so we cannot read the words."))
            return ""
        if "<" in text or "&" in text:
            text = html.unescape(TAGS.sub(" ", text))
        text = " ".join(normalize_nfc(text).split())
        kept = UNKEEPABLE.sub("", text)
        if kept != text:
            self.leave_out(place, _("We removed a character that we cannot save."))
        return kept

    def _add(self, to: list[T], one: T, most: int, length: int, place: str, *texts: str) -> None:
        if one in to:
            return
        if any(len(text) > length for text in texts):
            self.leave_out(place, _("It is too long."))
        elif len(to) >= most:
            self.leave_out(place, _("There are more entries than an assessment can hold."))
        else:
            to.append(one)


HALVES = re.compile("[\ud800-\udfff]")
UNKEEPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
TAGS = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|u|ul)(?:\s[^<>]{0,300})?/?>", re.I
)


def normalize_name(text: str) -> str:
    """A text as names are compared: without case and superfluous blanks."""
    return " ".join(text.casefold().split())


MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decode_text(data: bytes, name: str = "") -> str:
    """Decode UTF-8, UTF-16 or UTF-32, with or without a byte order mark, or else Windows-1252 or Latin 1.

    Raises InvalidFile for what is not a text.
    """
    text = _decode(data)
    if "\0" in text:
        raise InvalidFile(_("This is not a text file."), name)
    return text


def _decode(data: bytes) -> str:
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), "")
    if not marked and data[1:2] == b"\0" and data[:1] != b"\0":
        marked = "utf-16-le"
    elif not marked and data[:1] == b"\0" and data[1:2] != b"\0":
        marked = "utf-16-be"
    for encoding in (marked or "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
