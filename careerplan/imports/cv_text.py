"""Read the text of a CV: its sections by their headings, and its lists."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports import headings
from careerplan.imports.content import CvContent
from careerplan.imports.cv_jobs import read_jobs
from careerplan.imports.cv_lines import CvLine, read_line
from careerplan.imports.cv_schools import read_schools
from careerplan.imports.documents import Line
from careerplan.imports.json_resume import is_heading, leave_out_section, split_names
from careerplan.reading.folding import fold

MAX_SKILL_WORDS = 5
NO_CERTIFICATE = re.compile(r"references? (?:available|on request|upon request|can be)")
CUT = re.compile(r"(?:[,&/(–—-]|\b(?:a|an|and|at|by|des|der|de|for|für|in|of|on|or|the|to|und|with))$", re.IGNORECASE)
"""How a line ends whose phrase goes on in the next one."""
NARROW = 40


def parse_cv_text(lines: Sequence[Line], cv: CvContent) -> None:
    """Read the lines of a CV. Raises InvalidFile if none of them is a heading, a job or a list of skills."""
    section, title, rows = "", "", list[CvLine]()
    is_known = False
    for number, line in enumerate(lines, 1):
        place = _("page %(page)s, line %(line)s") % {"page": line.number, "line": number}
        heading = headings.section_of(line.text)
        if heading or (line.is_heading and section):
            _read_section(section, title, rows, cv)
            section, title, rows = heading or headings.OTHER, line.text.strip(" :"), []
            is_known = is_known or bool(heading)
            continue
        inline, rest = headings.inline_heading(line.text)
        if inline and inline != headings.OTHER:
            _read_section(inline, "", [read_line(rest, place)], cv)
            is_known = True
        elif line.text.strip():
            rows.append(read_line(line.text, place))
    _read_section(section, title, rows, cv)
    if not is_known and cv.is_empty:
        raise InvalidFile(_("We found no headings in this text such as “Work experience”, “Education” or “Skills”."))


def _read_section(section: str, title: str, rows: list[CvLine], cv: CvContent) -> None:
    if section in _READERS:
        _READERS[section](rows, cv)
    elif section == headings.OTHER and rows:
        leave_out_section(cv, title, len(rows))
    elif not section:  # above the first heading: name and contact, or a CV without headings
        jobs = [row for row in rows if row.span and row.beside and not row.is_bullet]
        read_jobs(jobs, cv)


def _read_skills(rows: list[CvLine], cv: CvContent) -> None:
    for row in rows:
        head, colon, rest = row.text.partition(":")
        text = rest if colon and rest.strip() and (is_heading(head) or "," in rest) else row.text
        for part in split_names(re.sub(r"\s{3,}|\s[|/]\s", ";", text)):
            name = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$|\s*[★☆●○■□▪]+$", "", part).strip(" .–—-:")
            if len(name.split()) > MAX_SKILL_WORDS:
                cv.leave_out(row.place, _("This is a sentence, not the name of a skill."))
            elif name and not is_heading(name):
                cv.add_skill(name, row.place)


def _read_languages(rows: list[CvLine], cv: CvContent) -> None:
    for row in rows:
        for name in split_names(re.sub(r"\s{3,}|\s[|/]\s", ";", row.text)):
            language = re.split(r"\s*[:(–—-]", name, maxsplit=1)[0].split()
            if language and len(language) <= MAX_SKILL_WORDS:
                cv.add_skill(language[0], row.place)


def _read_certificates(rows: list[CvLine], cv: CvContent) -> None:
    for lines in _unwrapped(rows):
        is_cut = len(lines) > 1  # a bracket may end in another line
        parts = [row.text if is_cut and not row.span else row.beside.replace("   ", " ") for row in lines]
        name = " ".join(filter(None, parts))
        span = next((row.span for row in lines if row.span), None)
        if name and not NO_CERTIFICATE.match(fold(name)):
            cv.add_certificate(name, "", span.start if span else "", lines[0].place)


def _unwrapped(rows: list[CvLine]) -> list[list[CvLine]]:
    """Return the lines of each entry of a list: a narrow column cuts one into several."""
    has_bullets = bool(rows) and rows[0].is_bullet
    width = max((len(row.text) for row in rows), default=0) if len(rows) > 2 else 0
    entries: list[list[CvLine]] = []
    for row in rows:
        if entries and _continues(row, entries[-1], has_bullets=has_bullets, width=width):
            entries[-1].append(row)
        else:
            entries.append([row])
    return entries


def _continues(row: CvLine, entry: list[CvLine], *, has_bullets: bool, width: int) -> bool:
    """Whether a line goes on with the entry above: a day alone, no bullet where others have one, or half a phrase.

    A full line without a day before one with a day does too, in a column that is narrow (`width`, in characters).
    """
    before = entry[-1].text
    if not row.beside:
        return bool(row.span) and not any(one.span for one in entry)
    if has_bullets:
        return not row.is_bullet and not NO_CERTIFICATE.match(fold(row.beside))
    is_open = before.count("(") > before.count(")")
    is_full = width <= NARROW and len(before) + 1 + len(row.text.split()[0]) > width
    is_dated = row.span and not any(one.span for one in entry)
    return is_open or row.text[0].islower() or bool(CUT.search(before)) or bool(is_dated and is_full)


_READERS = {
    headings.WORK: read_jobs,
    headings.VOLUNTEER: lambda rows, cv: read_jobs(rows, cv, is_over=True),
    headings.EDUCATION: read_schools,
    headings.SKILLS: _read_skills,
    headings.LANGUAGES: _read_languages,
    headings.CERTIFICATES: _read_certificates,
}
