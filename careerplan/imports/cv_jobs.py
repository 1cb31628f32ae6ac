"""Read the jobs of a CV.

A job is a line with a span of time ("Jan 2020 to now") and the lines beside it. Where a section begins with a date, the
names of its jobs are taken to follow their dates.
"""

import re

from django.utils.translation import gettext as _

from careerplan.imports.content import CvContent
from careerplan.imports.cv_lines import CvLine, is_prose, split_parts
from careerplan.reading.folding import fold

MOST_LINES_OF_NAME = 3  # beside a date: the role, the employer, the place
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


def read_jobs(rows: list[CvLine], cv: CvContent, *, is_over: bool = False) -> None:
    """Add the jobs of a section; `is_over`: none of them is the one that the person has now."""
    for names, row in _around_dates(rows):
        parts = split_parts(names)
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


def _around_dates(rows: list[CvLine]) -> list[tuple[list[str], CvLine]]:
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
                (n for n in range(len(above), 0, -1) if above[n - 1].is_bullet or is_prose(above[n - 1].text)), 0
            )
            named = _names(above[last:])[-(MOST_LINES_OF_NAME - len(names)) :]
            if number == 0:
                in_one_line = not names and len(named) == 1 and len(split_parts(named)) > 1
            elif in_one_line and not names:
                named = named[-1:]  # lines before it are of the job above, whose bullets were lost
            names = [*named, *names] if row.beside == "" or number == 0 or last else names + named
            if not names:
                names = _names(rows[place + 1 : after])[:2]
        found.append((names, row))
    return found


def _dates_a_job(row: CvLine) -> bool:
    """Whether a line says when a job was, and not when something happened in it ("Trained 4 colleagues in 2022")."""
    if row.span is None or (row.beside and is_prose(row.text)):
        return False
    return row.span.start != row.span.end or not row.is_bullet


def _names(rows: list[CvLine]) -> list[str]:
    """Return the lines at the start that are names, not descriptions."""
    names = []
    for row in rows:
        if row.is_bullet or is_prose(row.text):
            break
        names.append(row.text)
    return names


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
