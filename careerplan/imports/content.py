"""The usable content of a CV, whatever file it came in. Texts are cleaned and limited as they are collected."""

from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from careerplan.account_data.errors import InvalidFile
from careerplan.account_data.parser import CONTROL
from careerplan.core.text import normalize_nfc
from careerplan.imports.levels import level_in

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
        if name and normal(name) not in self._named:
            self._named.add(normal(name))
            self._add(self.skills, name, MAX_SKILLS, NAME_LENGTH, name)

    def add_position(self, role: str, organisation: str, start: str, end: str) -> None:
        """Add a job; without a role it is ignored. A job without an end is current."""
        role, organisation, start, end = line(role), line(organisation), line(start), line(end)
        is_current = normal(end) in {"", "present"}
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


def normal(text: str) -> str:
    """Return a text for comparing names: without case and extra spaces."""
    return " ".join(text.casefold().split())
