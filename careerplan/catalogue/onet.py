"""Read an official text release of O*NET by column names, in the layouts before and since 30.3.

Every value is checked on reading. An error names the file and the line (`ReleaseError`) before anything is written.
`read_release` says what we read; `scales.py` maps the scales.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.archive import Release, ReleaseError
from careerplan.catalogue.scales import (
    EDUCATION_OF_ONET_CATEGORY,
    education_from_onet,
    figure_from_onet,
    hundredths,
    importance_from_onet,
)
from careerplan.catalogue.sync import NeedRecord, OccupationRecord, RelationRecord, ReleaseData

CODE, ELEMENT, SCALE, VALUE = "O*NET-SOC Code", "Element ID", "Scale ID", "Data Value"
OCCUPATIONS, TITLES, ZONES = "Occupation Data.txt", "Alternate Titles.txt", "Job Zones.txt"
EDUCATION, README = "Education, Training, and Experience.txt", "Read Me.txt"
SKILL_LAYOUTS = (("Essential Skills.txt", "Transferable Skills.txt"), ("Skills.txt",))
"""From release 30.3 on, Skills.txt is split in two with the same 35 elements."""
REQUIRED_EDUCATION, SHARE_SCALE = "2.D.1", "RL"
CATEGORIES = frozenset(map(str, EDUCATION_OF_ONET_CATEGORY))
KNOWLEDGE, INTERESTS, RELATED = "Knowledge.txt", "Interests.txt", "Related Occupations.txt"
TASKS = "Task Statements.txt"
KNOWLEDGE_PREFIX = "2.C."
INTEREST_ELEMENTS = ("1.B.1.a", "1.B.1.b", "1.B.1.c", "1.B.1.d", "1.B.1.e", "1.B.1.f")
"""Realistic, investigative, artistic, social, enterprising, conventional."""
INTEREST_SCALE, CORE_TASK, PRIMARY = "OI", "Core", "Primary"
MOST_TASKS, TASK_LENGTH, INDEX_DIGITS = 12, 300, 4
LEVEL, IMPORTANCE = "LV", "IM"
CODE_FORM = re.compile(r"\d{2}-\d{4}\.\d{2}")
MAX_OCCUPATIONS, MAX_TITLES = 20_000, 500_000
TITLE_LENGTH = 150
FILE_READ = gettext_lazy("“%(file)s” read")
FILE_MISSING = gettext_lazy("“%(file)s” is missing. Continuing without this file.")

Progress = Callable[[str], None]


def rows(release: Release, name: str, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the numbered rows of a tab-separated file as dictionaries. Raises ReleaseError if malformed."""
    header: list[str] = []
    for number, line in release.lines(name):
        cells = [cell.strip() for cell in line.split("\t")]
        if not header:
            header = cells
            if missing := [column for column in needed if column not in header]:
                raise ReleaseError(_("“%(file)s” has no column “%(column)s”.") % {"file": name, "column": missing[0]})
        elif len(cells) != len(header):
            raise _wrong(name, number, _("%(has)s columns, not %(needs)s") % _counts(cells, header))
        else:
            yield number, dict(zip(header, cells, strict=True))
    if not header:
        raise ReleaseError(_("“%(file)s” is empty.") % {"file": name})


def _counts(cells: list[str], header: list[str]) -> dict[str, int]:
    return {"has": len(cells), "needs": len(header)}


def _wrong(name: str, number: int, why: object) -> ReleaseError:
    return ReleaseError(_("“%(file)s”, line %(line)s: %(why)s.") % {"file": name, "line": number, "why": why})


def _decimal(row: dict[str, str], name: str, number: int) -> Decimal:
    try:
        value = Decimal(row[VALUE])
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise _wrong(name, number, _("“%(value)s” is not a number") % {"value": row[VALUE][:40]})
    return value


def release_number(release: Release) -> str:
    """Return the release number from Read Me.txt or the name of the archive; blank if neither gives it."""
    if README in release:
        for _number, line in release.lines(README):
            if found := re.search(r"O\*NET\S* (\d+\.\d+)", line):
                return found[1]
    found = re.search(r"db_(\d+)_(\d+)", release.name)
    return f"{found[1]}.{found[2]}" if found else ""


def read_release(release: Release, elements: set[str], progress: Progress, number: str = "") -> ReleaseData:
    """Read everything we use from a release.

    Takes the element ids that must be rated, a progress callback, and the release number in case the files do not give
    it. Raises ReleaseError.
    """
    number = number or release_number(release)
    if not re.fullmatch(r"\d{1,3}\.\d{1,2}", number):
        raise ReleaseError(_("The files do not give the release number. Add it, for example --release 30.3."))
    skill_files = next((files for files in SKILL_LAYOUTS if all(name in release for name in files)), None)
    if OCCUPATIONS not in release or skill_files is None:
        raise ReleaseError(
            _("This is not an O*NET text release: it needs “Occupation Data.txt”, and “Skills.txt” or its 2 parts.")
        )
    data = ReleaseData(
        number,
        _read_occupations(release),
        has_knowledge=KNOWLEDGE in release,
        has_interests=INTERESTS in release,
        has_related=RELATED in release,
        has_tasks=TASKS in release,
    )
    progress(_("%(count)s occupations") % {"count": len(data.occupations)})
    _read_all_ratings(release, data, skill_files, elements, progress)
    for name, reader in (
        (ZONES, _read_zones),
        (EDUCATION, _read_education),
        (TITLES, _read_titles),
        (INTERESTS, _read_interests),
        (RELATED, _read_related),
        (TASKS, _read_tasks),
    ):
        if name in release:
            reader(release, data.occupations)
            progress(FILE_READ % {"file": name})
        else:
            progress(FILE_MISSING % {"file": name})
    return data


def _read_all_ratings(
    release: Release, data: ReleaseData, skill_files: Sequence[str], elements: set[str], progress: Progress
) -> None:
    """Read skills, and knowledge where the release has it; an occupation without skills is not rated."""
    names = [*skill_files, KNOWLEDGE] if data.has_knowledge else list(skill_files)
    if not data.has_knowledge:
        elements = {element for element in elements if not element.startswith(KNOWLEDGE_PREFIX)}
        progress(FILE_MISSING % {"file": KNOWLEDGE})
    ratings = _Ratings(data.occupations, elements)
    for name in names:
        ratings.read(release, name)
        progress(FILE_READ % {"file": name})
    ratings.finish()
    ratings.keep_those_in(skill_files)


def read_ratings(release: Release, name: str, elements: set[str]) -> dict[str, dict[str, NeedRecord]]:
    """Return the needs by code and element from one ratings file. Raises ReleaseError."""
    occupations = {row[CODE]: OccupationRecord(row[CODE], row[CODE]) for _n, row in rows(release, name, CODE)}
    ratings = _Ratings(occupations, elements)
    ratings.read(release, name)
    ratings.finish()
    return {code: record.needs for code, record in occupations.items()}


def _read_occupations(release: Release) -> dict[str, OccupationRecord]:
    found: dict[str, OccupationRecord] = {}
    for number, row in rows(release, OCCUPATIONS, CODE, "Title", "Description"):
        code, title = row[CODE], row["Title"]
        if not CODE_FORM.fullmatch(code) or not title or len(title) > TITLE_LENGTH:
            raise _wrong(OCCUPATIONS, number, _("a code such as 11-1011.00 and a title are needed"))
        if code in found or len(found) >= MAX_OCCUPATIONS:
            why = _("%(code)s appears twice, or there are too many occupations")
            raise _wrong(OCCUPATIONS, number, why % {"code": code})
        found[code] = OccupationRecord(code, title, row["Description"])
    if not found:
        raise ReleaseError(_("“%(file)s” holds no occupation.") % {"file": OCCUPATIONS})
    return found


def known(occupations: dict[str, OccupationRecord], name: str, number: int, row: dict[str, str]) -> OccupationRecord:
    """Return the occupation of a row. Raises ReleaseError if Occupation Data.txt does not have it."""
    if row[CODE] not in occupations:
        why = _("%(code)s is not in “%(file)s”, which may be cut short")
        raise _wrong(name, number, why % {"code": row[CODE][:20], "file": OCCUPATIONS})
    return occupations[row[CODE]]


class _Ratings:
    """Joins levels and importances, which are on separate lines, into needs."""

    def __init__(self, occupations: dict[str, OccupationRecord], elements: set[str]) -> None:
        self.occupations = occupations
        self.elements = elements
        self.seen: set[str] = set()
        self.rated: dict[str, set[str]] = {}

    def read(self, release: Release, name: str) -> None:
        """Read one ratings file. Every occupation in it must be rated on all its elements and scales."""
        figures: dict[str, dict[tuple[str, str], tuple[Decimal, bool]]] = defaultdict(dict)
        pairs: set[tuple[str, str]] = set()
        for number, row in rows(release, name, CODE, ELEMENT, SCALE, VALUE):
            if row[ELEMENT] not in self.elements or row[SCALE] not in (LEVEL, IMPORTANCE):
                continue
            known(self.occupations, name, number, row)
            key = (row[ELEMENT], row[SCALE])
            if key in figures[row[CODE]]:
                raise _wrong(name, number, _("the same rating appears twice"))
            pairs.add(key)
            figures[row[CODE]][key] = self._figure(row, name, number)
        for code, of_one in figures.items():
            if pairs != of_one.keys():
                why = _("“%(file)s” is incomplete: %(code)s lacks some of its ratings.")
                raise ReleaseError(why % {"file": name, "code": code})
            self._add_needs(self.occupations[code], of_one)
        self.rated[name] = set(figures)
        self.seen |= {
            element for element, scale in pairs if (element, LEVEL) in pairs and (element, IMPORTANCE) in pairs
        }

    def _figure(self, row: dict[str, str], name: str, number: int) -> tuple[Decimal, bool]:
        value = _decimal(row, name, number)
        low = row.get("Recommend Suppress") == "Y"
        try:
            if row[SCALE] == LEVEL:
                return figure_from_onet(value, not_relevant=row.get("Not Relevant") == "Y"), low
            return importance_from_onet(value), low
        except ValueError as error:
            raise _wrong(name, number, error) from error

    def _add_needs(self, occupation: OccupationRecord, figures: dict[tuple[str, str], tuple[Decimal, bool]]) -> None:
        for element, scale in figures:
            if scale == LEVEL and (element, IMPORTANCE) in figures:
                figure, figure_low = figures[element, LEVEL]
                importance, importance_low = figures[element, IMPORTANCE]
                occupation.needs[element] = NeedRecord(figure, importance, figure_low or importance_low)

    def finish(self) -> None:
        """Raise ReleaseError if one of our elements was never rated."""
        if missing := sorted(self.elements - self.seen):
            why = _("The release rates no occupation on %(elements)s.")
            raise ReleaseError(why % {"elements": ", ".join(missing[:5])})

    def keep_those_in(self, names: Iterable[str]) -> None:
        """Drop the ratings of an occupation that one of the files does not rate; the file may be cut short."""
        complete = set.intersection(*(self.rated[name] for name in names))
        for code in self.occupations.keys() - complete:
            self.occupations[code].needs = {}


def _read_zones(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    for number, row in rows(release, ZONES, CODE, "Job Zone"):
        occupation = known(occupations, ZONES, number, row)
        if row["Job Zone"] not in {"1", "2", "3", "4", "5"}:
            raise _wrong(ZONES, number, _("a job zone must be 1 to 5"))
        occupation.job_zone = int(row["Job Zone"])
        occupation.education = education_from_onet({}, occupation.job_zone)


def _read_education(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    shares: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for number, row in rows(release, EDUCATION, CODE, ELEMENT, SCALE, "Category", VALUE):
        if row[ELEMENT] != REQUIRED_EDUCATION or row[SCALE] != SHARE_SCALE:
            continue
        known(occupations, EDUCATION, number, row)
        value = _decimal(row, EDUCATION, number)
        if row["Category"] not in CATEGORIES or not 0 <= value <= 100:
            raise _wrong(EDUCATION, number, _("a category must be 1 to 12, and its share 0 to 100"))
        shares[row[CODE]][int(row["Category"])] = value
    for code, of_one in shares.items():
        occupations[code].education = education_from_onet(of_one, occupations[code].job_zone)


def _read_titles(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    total = 0
    for number, row in rows(release, TITLES, CODE, "Alternate Title"):
        occupation = known(occupations, TITLES, number, row)
        for title in (row["Alternate Title"], row.get("Short Title", "")):
            if not title or title.lower() in ("n/a", occupation.title.lower()) or len(title) > TITLE_LENGTH:
                continue
            total += title.lower() not in occupation.titles
            occupation.titles.setdefault(title.lower(), title)
        if total > MAX_TITLES:
            raise _wrong(TITLES, number, _("there are too many titles"))


def _read_interests(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for number, row in rows(release, INTERESTS, CODE, ELEMENT, SCALE, VALUE):
        if row[ELEMENT] not in INTEREST_ELEMENTS or row[SCALE] != INTEREST_SCALE:
            continue
        known(occupations, INTERESTS, number, row)
        value = _decimal(row, INTERESTS, number)
        if not 1 <= value <= 7:
            raise _wrong(INTERESTS, number, _("an interest must be 1 to 7"))
        found[row[CODE]][row[ELEMENT]] = hundredths(value)
    for code, of_one in found.items():
        if len(of_one) == len(INTEREST_ELEMENTS):
            occupations[code].interests = tuple(of_one[element] for element in INTEREST_ELEMENTS)


def _read_related(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    places: dict[str, dict[str, tuple[int, RelationRecord]]] = defaultdict(dict)
    for number, row in rows(release, RELATED, CODE, "Related O*NET-SOC Code", "Relatedness Tier", "Index"):
        known(occupations, RELATED, number, row)
        code, index = row["Related O*NET-SOC Code"], row["Index"]
        if not index.isdecimal() or len(index) > INDEX_DIGITS:
            raise _wrong(RELATED, number, _("an index must be a number of up to 4 digits"))
        if code in places[row[CODE]]:
            raise _wrong(RELATED, number, _("%(code)s appears twice for the same occupation") % {"code": code[:20]})
        places[row[CODE]][code] = int(index), RelationRecord(code, row["Relatedness Tier"].startswith(PRIMARY))
    for code, of_one in places.items():
        occupations[code].related = [relation for _index, relation in sorted(of_one.values(), key=lambda one: one[0])]


def _read_tasks(release: Release, occupations: dict[str, OccupationRecord]) -> None:
    for number, row in rows(release, TASKS, CODE, "Task", "Task Type"):
        tasks = known(occupations, TASKS, number, row).tasks
        text = row["Task"].rstrip(".")
        is_wanted = row["Task Type"] == CORE_TASK and 0 < len(text) <= TASK_LENGTH and text not in tasks
        if is_wanted and len(tasks) < MOST_TASKS:
            tasks.append(text)
