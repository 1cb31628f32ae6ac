"""Read a list of skills from ESCO, the European classification: its preferred labels are the names."""

from django.utils.translation import gettext as _

from careerplan.imports.content import CvContent
from careerplan.imports.tables import TableTooLong, as_row, find_header, read_rows, split_lines

LABEL, KIND = "preferredlabel", "concepttype"
SKILL = "KnowledgeSkillCompetence"


def parse_esco(text: str, cv: CvContent) -> None:
    """Read the skills of the table; other concepts, such as occupations, are left out."""
    lines = split_lines(text)
    found = find_header(lines, lambda cells: LABEL in [cell.casefold() for cell in cells])
    if found is None:
        return
    delimiter, heading = found
    columns = [cell.strip(' "\r\n').casefold() for cell in lines[heading - 1].split(delimiter)]
    try:
        for number, cells in read_rows(lines[heading:], delimiter, len(columns)):
            row = as_row(columns, cells or [])
            if row.get(KIND, SKILL) == SKILL:
                cv.add_skill(row.get(LABEL, ""), f"ESCO, {number + heading}")
    except TableTooLong:
        cv.leave_out("ESCO", _("The table is too long. We read its first rows only."))
