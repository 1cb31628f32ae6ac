"""Read the schools of a CV by the words of degrees and of schools."""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

from careerplan.imports.content import CvContent
from careerplan.imports.cv_lines import CvLine, is_prose, split_parts
from careerplan.imports.degrees import level_in, subject_in
from careerplan.reading.folding import fold

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


def read_schools(rows: list[CvLine], cv: CvContent) -> None:
    """Read schools: a line with a degree begins one, and so does one with a date or the name of a school."""
    entries: list[list[CvLine]] = []
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
        rest = [part for part in parts if part not in (degree, school) and not is_prose(part)]
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
    return [text] if subjects and not _is_school(subjects) else split_parts([text])


def _subjects(text: str) -> tuple[str, str]:
    """Return a degree and its subjects where a colon parts them: "A-levels: Biology, English"."""
    head, _colon, rest = text.partition(":")
    return (head.strip(), rest.strip()) if _names_degree(head) else ("", "")


def _names_degree(text: str) -> bool:
    """Whether a text names a degree, and not only a school such as "Newport Sixth Form" or "Oak High School"."""
    return any(level_in(part) and not _names_school(part) for part in split_parts([text]))


def _names_school(text: str) -> bool:
    """Whether a text with a word of schools is the name of one, and no degree of one ("Diploma of Oak School")."""
    words = re.findall(r"[^\W_]+", fold(text))
    begins_with_degree = bool(words) and words[0] not in SCHOOLS and bool(level_in(words[0]))
    return _is_school(text) and not begins_with_degree


def _begins_school(row: CvLine, entry: list[CvLine]) -> bool:
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
