"""Read the text of a CV: its sections by their headings, its jobs and schools by their dates and the words in them.

A job is a line with a span of time ("Jan 2020 to now") and the lines beside it. Where a section begins with a date, the
names of its jobs are taken to follow their dates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports import headings
from careerplan.imports.content import LINE_LENGTH, CvContent
from careerplan.imports.dates import Period, find_span
from careerplan.imports.degrees import level_in, subject_in
from careerplan.imports.documents import Line
from careerplan.imports.json_resume import is_heading, leave_out_section, split_names
from careerplan.reading.folding import fold

MAX_SKILL_WORDS = 5
NO_CERTIFICATE = re.compile(r"references? (?:available|on request|upon request|can be)")
CUT = re.compile(r"(?:[,&/(–—-]|\b(?:a|an|and|at|by|des|der|de|for|für|in|of|on|or|the|to|und|with))$", re.IGNORECASE)
"""How a line ends whose phrase goes on in the next one."""
NARROW = 40
MOST_LINES_OF_NAME = 3  # beside a date: the role, the employer, the place
BULLET = re.compile(r"^\s*[•·▪◦●○■□–—*>✓✔➢\u2022\u25aa\uf0b7\uf0a7-]+\s+")
APART = re.compile(r"\s{3,}|\s*[|•·/]\s+|\s+[–—-]\s+|,\s+|\t")
AT = re.compile(r"\s+(?:at|bei|chez|@|presso|bij|hos)\s+", re.IGNORECASE)
EMPLOYERS = frozenset(
    fold(
        """
        ltd limited inc llc plc corp corporation company gmbh ag kg ohg ug mbh sa sarl sas srl spa bv nv oy ab as
        aps sp group gruppe university universität universidad université hospital clinic klinik krankenhaus school
        college schule council trust nhs foundation bank hotel restaurant café works werke surgery agency ministry
        department institute institut verein ev museum library academy association society church partners sons
        brothers services solutions systems stores supermarket airlines railways industries holdings international
        firm studio laboratories logistics care home haulage freight
    """
    ).split()
)
ROLES = frozenset(
    fold(
        """
        assistant worker nurse carer manager clerk officer driver teacher chef cook engineer technician apprentice
        supervisor leader coordinator administrator consultant adviser advisor receptionist operative therapist
    """
    ).split()
)
"""Last words of a role, even where it has a word of employers: "Health Care Assistant"."""
BREAK = re.compile(r"(?:career |family )?break\b|(?:maternity|paternity|parental|family) leave\b|sabbatical|gap year")
SCHOOLS = frozenset(
    fold(
        """
        university college school academy institute polytechnic universität hochschule fachhochschule schule
        gymnasium berufsschule akademie institut université école lycée faculté universidad escuela instituto
        colegio facultad universidade escola faculdade università scuola liceo istituto politecnico universiteit
        hogeschool school uniwersytet politechnika szkoła liceum universitet högskola üniversitesi üniversite
        университет институт школа колледж 大学 大學 学院
    """
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a section: its text without a bullet, where it stands, its span of time and the text beside that."""

    text: str
    place: str
    is_bullet: bool
    span: Period | None
    beside: str


def parse_cv_text(lines: Sequence[Line], cv: CvContent) -> None:
    """Read the lines of a CV. Raises InvalidFile if none of them is a heading, a job or a list of skills."""
    section, title, rows = "", "", list[_Row]()
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
            _read_section(inline, "", [_row(rest, place)], cv)
            is_known = True
        elif line.text.strip():
            rows.append(_row(line.text, place))
    _read_section(section, title, rows, cv)
    if not is_known and cv.is_empty:
        raise InvalidFile(_("We found no headings in this text such as “Work experience”, “Education” or “Skills”."))


def _row(text: str, place: str) -> _Row:
    plain = BULLET.sub("", text).strip()
    span = find_span(plain) if len(plain) <= LINE_LENGTH else None
    beside = (plain[: span.place[0]] + "   " + plain[span.place[1] :]) if span else plain
    return _Row(plain, place, plain != text.strip(), span, _strip(re.sub(r"\(\s*\)|\[\s*\]", " ", beside)))


def _read_section(section: str, title: str, rows: list[_Row], cv: CvContent) -> None:
    if section in _READERS:
        _READERS[section](rows, cv)
    elif section == headings.OTHER and rows:
        leave_out_section(cv, title, len(rows))
    elif not section:  # above the first heading: name and contact, or a CV without headings
        jobs = [row for row in rows if row.span and row.beside and not row.is_bullet]
        _read_jobs(jobs, cv)


# --- Jobs -------------------------------------------------------------------------------------------------------
def _read_jobs(rows: list[_Row], cv: CvContent, *, is_over: bool = False) -> None:
    for names, row in _around_dates(rows):
        parts = _parts(names)
        if row.span is None:
            continue
        role, employer = _role_and_employer(parts)
        if not role:
            cv.leave_out(row.place, _("“%(text)s” has no role beside it.") % {"text": row.text[:60]})
            continue
        if BREAK.match(fold(role)):
            cv.leave_out(row.place, _("“%(text)s” is a break, not a job.") % {"text": role[:60]})
            continue
        span = row.span
        end = span.end if not span.is_current else ""
        cv.add_position(role, employer, span.start, end, row.place, is_over=is_over)


def _around_dates(rows: list[_Row]) -> list[tuple[list[str], _Row]]:
    """Return each dated line with the lines that name what happened then."""
    dated = [place for place, row in enumerate(rows) if _dates_a_job(row)]
    if not dated:
        return []
    is_first, in_one_line = dated[0] == 0, False
    found = []
    for number, place in enumerate(dated):
        before = dated[number - 1] if number else -1
        after = dated[number + 1] if number + 1 < len(dated) else len(rows)
        row = rows[place]
        names = [row.beside] if row.beside else []
        if is_first:
            names += _names(rows[place + 1 : after])[: MOST_LINES_OF_NAME - len(names)]
        else:
            above = rows[before + 1 : place]
            last = next(
                (n for n in range(len(above), 0, -1) if above[n - 1].is_bullet or _is_prose(above[n - 1].text)), 0
            )
            named = _names(above[last:])[-(MOST_LINES_OF_NAME - len(names)) :]
            if number == 0:
                in_one_line = not names and len(named) == 1 and len(_parts(named)) > 1
            elif in_one_line and not names:
                named = named[-1:]  # lines before it are of the job above, whose bullets were lost
            names = [*named, *names] if row.beside == "" or number == 0 or last else names + named
            if not names:
                names = _names(rows[place + 1 : after])[:2]
        found.append((names, row))
    return found


def _dates_a_job(row: _Row) -> bool:
    """Whether a line says when a job was, and not when something happened in it ("Trained 4 colleagues in 2022")."""
    if row.span is None or (row.beside and _is_prose(row.text)):
        return False
    return row.span.start != row.span.end or not row.is_bullet


def _names(rows: list[_Row]) -> list[str]:
    """Return the lines at the start that are names, not descriptions."""
    names = []
    for row in rows:
        if row.is_bullet or _is_prose(row.text):
            break
        names.append(row.text)
    return names


def _is_prose(text: str) -> bool:
    return len(text) > 90 or text.rstrip().endswith((".", ";")) or len(text.split()) > 12


def _parts(lines: list[str]) -> list[str]:
    parts = [_strip(part) for line in lines for part in _split_at(line)]
    return [part for part in parts if part]


def _strip(text: str) -> str:
    """Take signs off the ends of a text, but no bracket that has its other one."""
    text = text.strip(" ,;:|–—-\t")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    opened, closed = text.count("("), text.count(")")
    return text.rstrip("( ") if opened > closed else text.lstrip(" )") if text.startswith(")") else text


def _split_at(line: str) -> list[str]:
    named = AT.split(line, maxsplit=1)
    return named if len(named) == 2 else APART.split(line)


def _role_and_employer(parts: list[str]) -> tuple[str, str]:
    """Return the role and the employer: the first part is the role, unless it has a word of employers."""
    if not parts:
        return "", ""
    first, second = parts[0], next(filter(_is_employer, parts[1:3]), parts[1] if len(parts) > 1 else "")
    if second and _is_employer(first) and not _is_employer(second):
        return second, first
    return first, second


def _is_employer(text: str) -> bool:
    words = re.findall(r"[^\W_]+", fold(text))
    return not EMPLOYERS.isdisjoint(words) and words[-1] not in ROLES


# --- Schools ----------------------------------------------------------------------------------------------------
def _read_schools(rows: list[_Row], cv: CvContent) -> None:
    """Read schools: a line with a degree begins one, and so does one with a date or the name of a school."""
    entries: list[list[_Row]] = []
    for row in rows:
        if row.is_bullet and not level_in(row.text) and not row.span:
            continue
        last = entries[-1] if entries else []
        if not last or _begins_school(row, last):
            entries.append([row])
        else:
            last.append(row)
    for entry in entries:
        parts = [part for row in entry for part in _school_parts(row.beside)]
        degree = next((part for part in parts if _names_degree(part)), next(filter(level_in, parts), ""))
        school = next((part for part in parts if part != degree and _names_school(part)), "")
        rest = [part for part in parts if part not in (degree, school) and not _is_prose(part)]
        if not degree and not rest:
            cv.leave_out(entry[0].place, _("“%(text)s” names no degree.") % {"text": entry[0].text[:60]})
            continue
        if not degree:
            degree, rest = rest[0], rest[1:]
        head, area = _subjects(degree)
        if not area:
            head, subject = degree, subject_in(degree)
            area = subject if subject not in (degree, "") else ""
        cv.add_school(school or (rest[0] if rest else ""), head, area, entry[0].place)


def _school_parts(text: str) -> list[str]:
    """Return the parts of a line about a school; a list of subjects stays together."""
    _head, subjects = _subjects(text)
    return [text] if subjects and not _is_school(subjects) else _parts([text])


def _subjects(text: str) -> tuple[str, str]:
    """Return a degree and its subjects where a colon parts them: "A-levels: Biology, English"."""
    head, _colon, rest = text.partition(":")
    return (head.strip(), rest.strip()) if _names_degree(head) else ("", "")


def _names_degree(text: str) -> bool:
    """Whether a text names a degree, and not only a school such as "Newport Sixth Form" or "Oak High School"."""
    return any(level_in(part) and not _names_school(part) for part in _parts([text]))


def _names_school(text: str) -> bool:
    """Whether a text with a word of schools is the name of one, and no degree of one ("Diploma of Oak School")."""
    words = re.findall(r"[^\W_]+", fold(text))
    begins_with_degree = bool(words) and words[0] not in SCHOOLS and bool(level_in(words[0]))
    return _is_school(text) and not begins_with_degree


def _begins_school(row: _Row, entry: list[_Row]) -> bool:
    """Whether a line says again what the entry has already: a date, a degree or a school."""
    return (
        bool(row.span and any(one.span for one in entry))
        or (_names_degree(row.beside) and any(_names_degree(one.beside) for one in entry))
        or (_names_school(row.beside) and any(_names_school(one.beside) for one in entry))
    )


def _is_school(text: str) -> bool:
    words = re.findall(r"[^\W_]+", fold(text))
    has_sixth_form = ("sixth", "form") in pairwise(words)
    return has_sixth_form or any(
        word in SCHOOLS or word.endswith(("schule", "universitat", "大学", "学院")) for word in words
    )


# --- Lists ------------------------------------------------------------------------------------------------------
def _read_skills(rows: list[_Row], cv: CvContent) -> None:
    for row in rows:
        head, colon, rest = row.text.partition(":")
        text = rest if colon and rest.strip() and (is_heading(head) or "," in rest) else row.text
        for part in split_names(re.sub(r"\s{3,}|\s[|/]\s", ";", text)):
            name = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$|\s*[★☆●○■□▪]+$", "", part).strip(" .–—-:")
            if len(name.split()) > MAX_SKILL_WORDS:
                cv.leave_out(row.place, _("This is a sentence, not the name of a skill."))
            elif name and not is_heading(name):
                cv.add_skill(name, row.place)


def _read_languages(rows: list[_Row], cv: CvContent) -> None:
    for row in rows:
        for name in split_names(re.sub(r"\s{3,}|\s[|/]\s", ";", row.text)):
            language = re.split(r"\s*[:(–—-]", name, maxsplit=1)[0].split()
            if language and len(language) <= MAX_SKILL_WORDS:
                cv.add_skill(language[0], row.place)


def _read_certificates(rows: list[_Row], cv: CvContent) -> None:
    for lines in _unwrapped(rows):
        is_cut = len(lines) > 1  # a bracket may end in another line
        parts = [row.text if is_cut and not row.span else row.beside.replace("   ", " ") for row in lines]
        name = " ".join(filter(None, parts))
        span = next((row.span for row in lines if row.span), None)
        if name and not NO_CERTIFICATE.match(fold(name)):
            cv.add_certificate(name, "", span.start if span else "", lines[0].place)


def _unwrapped(rows: list[_Row]) -> list[list[_Row]]:
    """Return the lines of each entry of a list: a narrow column cuts one into several."""
    has_bullets = bool(rows) and rows[0].is_bullet
    width = max((len(row.text) for row in rows), default=0) if len(rows) > 2 else 0
    entries: list[list[_Row]] = []
    for row in rows:
        if entries and _continues(row, entries[-1], has_bullets=has_bullets, width=width):
            entries[-1].append(row)
        else:
            entries.append([row])
    return entries


def _continues(row: _Row, entry: list[_Row], *, has_bullets: bool, width: int) -> bool:
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
    headings.WORK: _read_jobs,
    headings.VOLUNTEER: lambda rows, cv: _read_jobs(rows, cv, is_over=True),
    headings.EDUCATION: _read_schools,
    headings.SKILLS: _read_skills,
    headings.LANGUAGES: _read_languages,
    headings.CERTIFICATES: _read_certificates,
}
