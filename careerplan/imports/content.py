"""The content of a CV, the same for all file formats. Texts are cleaned and bounded as they are collected."""

import codecs
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.parser import CONTROL
from careerplan.catalogue.models import EducationLevel
from careerplan.core.text import normalize_nfc
from careerplan.reading.skill_finder import Phrase, to_phrase

T = TypeVar("T")
MAX_SKILLS, MAX_OTHERS = 200, 50  # LinkedIn itself allows 100 skills
NAME_LENGTH, LINE_LENGTH = 80, 200  # the lengths of catalogue names, roles and fields of study
DATE_LENGTH = 20
BETWEEN = " \N{EN DASH} "


@dataclass(frozen=True, slots=True)
class CvPosition:
    """A job; `span` as written in the file."""

    role: str
    organisation: str
    span: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CvSchool:
    """Education: the school, the words in the file, and the part that the assessment can store."""

    name: str
    words: str
    level: str
    field: str


@dataclass
class CvContent:
    """The content, in the order of the file. `excluded` counts entries that are too long or too many."""

    skills: list[str] = field(default_factory=list)
    positions: list[CvPosition] = field(default_factory=list)
    schools: list[CvSchool] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    excluded: int = 0
    _named: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing usable was found."""
        return not (self.skills or self.positions or self.schools or self.certificates)

    def add_skill(self, name: str) -> None:
        """Add a skill by name; duplicates count once."""
        name = line(name)
        if name and normalize_name(name) not in self._named:
            self._named.add(normalize_name(name))
            self._add(self.skills, name, MAX_SKILLS, NAME_LENGTH, name)

    def add_position(self, role: str, organisation: str, start: str, end: str) -> None:
        """Add a job; without a role it is ignored. A job without an end is current."""
        role, organisation, start, end = line(role), line(organisation), line(start), line(end)
        is_current = normalize_name(end) in {"", "present"}
        if is_current:
            end = _("now") if start else ""
        span = BETWEEN.join(day for day in (start[:DATE_LENGTH], end[:DATE_LENGTH]) if day)
        if role:
            self._add(
                self.positions, CvPosition(role, organisation, span, is_current), MAX_OTHERS, LINE_LENGTH,
                role, organisation,
            )  # fmt: skip

    def add_school(self, name: str, degree: str, area: str = "") -> None:
        """Add education; `degree` as written in the file, `area` the subject, if given."""
        name, degree, area = line(name), line(degree), line(area)
        words = ", ".join(one for one in (degree, area) if one)
        level = level_in(degree)
        studied = area or (degree.partition(",")[2].strip() if level else degree)
        if level or studied:
            self._add(
                self.schools,
                CvSchool(name, words, level, studied),
                MAX_OTHERS,
                LINE_LENGTH,
                name,
                degree,
                area,
                studied,
            )

    def add_certificate(self, name: str, issuer: str, day: str) -> None:
        """Add a certificate, as one line."""
        parts = [line(name), line(issuer), line(day)[:DATE_LENGTH]]
        if parts[0]:
            self._add(self.certificates, ", ".join(part for part in parts if part), MAX_OTHERS, LINE_LENGTH, *parts)

    def _add(self, to: list[T], one: T, most: int, length: int, *texts: str) -> None:
        if one in to:
            return
        if len(to) >= most or any(len(text) > length for text in texts):
            self.excluded += 1
        else:
            to.append(one)


def line(text: str) -> str:
    """Return a text as one line. Raises InvalidFile for forbidden characters."""
    text = " ".join(normalize_nfc(text).split())
    if CONTROL.search(text):
        raise InvalidFile(_("This text contains a character that we cannot save."))
    return text


def normalize_name(text: str) -> str:
    """A text as names are compared: without case and superfluous blanks."""
    return " ".join(text.casefold().split())


UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_text(data: bytes, name: str, *, other: bool = True) -> str:
    """Decode UTF-8 with or without a byte order mark, or UTF-16 with one.

    With `other`, fall back to Windows-1252 and Latin 1. Raises InvalidFile that names the file.
    """
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if not other:
            raise InvalidFile(
                _("We cannot read the characters in this file. Save it as Unicode text and choose it again."), name
            ) from error
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    if "\0" in text:
        raise InvalidFile(_("This is not a text file."), name)
    return text


# Highest first: "Master of Science, after a bachelor" is a master. Compared word by word, without common endings.
DEGREE_WORDS: tuple[tuple[EducationLevel, tuple[str, ...]], ...] = (
    (EducationLevel.DOCTORATE, ("doctor", "doctorate", "doctoral", "phd", "ph d", "dphil", "md")),
    (
        EducationLevel.MASTER,
        ("master", "magister", "msc", "m sc", "ma", "m a", "ms", "mba", "meng", "mphil", "mres", "llm"),
    ),
    (
        EducationLevel.BACHELOR,
        ("bachelor", "bsc", "b sc", "ba", "b a", "bs", "bba", "beng", "bed", "llb", "undergraduate", "licence"),
    ),
    (EducationLevel.ASSOCIATE, ("associate", "foundation degree", "higher diploma")),
    (EducationLevel.SOME_COLLEGE, ("some college", "some higher education")),
    (
        EducationLevel.VOCATIONAL,
        ("vocational", "apprenticeship", "diploma", "certificate", "nvq", "btec", "hnd", "hnc", "ausbildung"),
    ),
    (
        EducationLevel.SECONDARY,
        ("secondary school", "high school", "a level", "gcse", "abitur", "matura", "baccalaureate", "ged"),
    ),
)
_PHRASES = [(level, to_phrase(text)) for level, texts in DEGREE_WORDS for text in texts]


def level_in(text: str) -> str:
    """Return the level that a degree names; "" if unknown."""
    if label := _LABELS.get(text.casefold()):
        return label
    words = to_phrase(text)
    return next((level.value for level, phrase in _PHRASES if _stands_in(phrase, words)), "")


def _stands_in(phrase: Phrase, words: Phrase) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))


# What our own CVs say (account_data/partial_exports.py).
_LABELS = {str(level.label).casefold(): level.value for level in EducationLevel}
