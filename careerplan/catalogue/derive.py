"""Derive data/occupation_needs.csv, the figures of the shipped occupations, from the sources.

Figures, education, job zone, interests and related occupations come from O*NET 29.3; the skills of Software Developers
from release 30, which rated them first. Where O*NET has no ratings and OaSIS has a similar occupation, its levels are
mapped to O*NET's scale (`scales.Linking`) with an importance from `scales.ImportanceLine`. What no source rates comes
from the occupation named as `kin` in occupations.toml, else from the closest related occupation with ratings. All that
is not the occupation's own is marked as low precision.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from careerplan.catalogue.archive import ReleaseError, open_release
from careerplan.catalogue.onet import KNOWLEDGE_PREFIX, read_ratings, read_release
from careerplan.catalogue.scales import ImportanceLine, Linking
from careerplan.catalogue.shipped_data import (
    NEED_COLUMNS,
    read_kin_codes,
    read_oasis_codes,
    read_occupation_texts,
    read_skills,
)
from careerplan.catalogue.sync import OASIS, SOURCES, NeedRecord, OccupationRecord, ReleaseData, onet_source

ARCHIVE = Path("onet/db_29_3_text.zip")
LATER_RATINGS = (Path("onet/Skills_15-1252.00_onet30.txt"), "30.0")
OASIS_FILE = Path("oasis/skills_oasis_2023_v1.0-1.csv")
OASIS_CODE = "OaSIS Code - Final"
ELEMENT_OF_OASIS: Mapping[str, str] = {
    "Reading Comprehension": "2.A.1.a",
    "Writing": "2.A.1.c",
    "Numeracy": "2.A.1.e",
    "Oral Communication: Active Listening": "2.A.1.b",
    "Oral Communication: Oral Expression": "2.A.1.d",
    "Critical Thinking": "2.A.2.a",
    "Decision Making": "2.B.4.e",
    "Evaluation": "2.B.4.h",
    "Learning and Teaching Strategies": "2.A.2.c",
    "Problem Solving": "2.B.2.i",
    "Systems Analysis": "2.B.4.g",
    "Digital Production": "2.B.3.e",
    "Preventative Maintenance": "2.B.3.j",
    "Equipment and Tool Selection": "2.B.3.c",
    "Operation and Control": "2.B.3.h",
    "Operation Monitoring of Machinery and Equipment": "2.B.3.g",
    "Quality Control Testing": "2.B.3.m",
    "Repairing": "2.B.3.l",
    "Setting up": "2.B.3.d",
    "Product Design": "2.B.3.b",
    "Troubleshooting": "2.B.3.k",
    "Management of Financial Resources": "2.B.5.b",
    "Management of Material Resources": "2.B.5.c",
    "Management of Personnel Resources": "2.B.5.d",
    "Monitoring": "2.A.2.d",
    "Time Management": "2.B.5.a",
    "Coordinating": "2.B.1.b",
    "Instructing": "2.B.1.e",
    "Negotiating": "2.B.1.d",
    "Persuading": "2.B.1.c",
    "Social Perceptiveness": "2.B.1.a",
}
"""OaSIS columns and the O*NET elements they come from; Digital Literacy and Oral Comprehension have none. Not in
OaSIS, so left unrated: Science, Active Learning, Service Orientation and Operations Analysis.
"""


def derive_needs_csv(data: Path) -> str:
    """Return the text of occupation_needs.csv from the folder of sources. Raises ReleaseError or ShippedDataError."""
    skills = [skill for group in read_skills() for skill in group.skills if skill.code]
    elements = {skill.code for skill in skills}
    with open_release(data / ARCHIVE) as release:
        onet = read_release(release, elements, lambda _text: None)
    later, later_release = LATER_RATINGS
    with open_release((data / later).parent) as release:
        skill_elements = {element for element in elements if not element.startswith(KNOWLEDGE_PREFIX)}
        later_needs = read_ratings(release, later.name, skill_elements)
    oasis = _oasis_needs(data / OASIS_FILE, onet)
    stand_ins, kin_codes = read_oasis_codes(), read_kin_codes()
    rated = {code: record for code, record in onet.occupations.items() if record.needs}
    shipped = sorted(read_occupation_texts())
    records = []
    for code in shipped:
        record = replace(onet.occupations[code], source=onet_source(onet.release).key)
        if code not in rated:
            kin = rated[kin_codes.get(code) or next(one.code for one in record.related if one.code in rated)]
            _add_stand_ins(record, kin)
            if code in later_needs:
                record.needs |= later_needs[code]
                record.source = onet_source(later_release).key
            elif code in stand_ins:
                record.needs |= oasis[stand_ins[code]]
                record.source = OASIS.key
        record.related = [one for one in record.related if one.code in shipped]
        records.append(record)
    return _as_csv(records, {skill.code: skill.key for skill in skills})


def _add_stand_ins(record: OccupationRecord, kin: OccupationRecord) -> None:
    """Add the figures of a related occupation to one without any."""
    record.needs = {element: replace(need, low_precision=True) for element, need in kin.needs.items()}
    record.interests = record.interests or kin.interests
    record.job_zone = record.job_zone or kin.job_zone
    record.education = record.education or kin.education


def _oasis_needs(path: Path, onet: ReleaseData) -> dict[str, dict[str, NeedRecord]]:
    theirs = _oasis_levels(path)
    linkings = {
        element: Linking.between(
            [levels[element] for levels in theirs.values()],
            [float(o.needs[element].figure) for o in onet.occupations.values() if element in o.needs],
        )
        for element in ELEMENT_OF_OASIS.values()
    }
    pairs = [need for o in onet.occupations.values() for need in o.needs.values()]
    line = ImportanceLine.through([float(need.figure) for need in pairs], [float(need.importance) for need in pairs])
    needs: dict[str, dict[str, NeedRecord]] = defaultdict(dict)
    for code, levels in theirs.items():
        for element, value in levels.items():
            figure = linkings[element].figure(value) if value else Decimal("0.00")
            needs[code][element] = NeedRecord(figure, line.importance(figure), low_precision=True)
    return needs


def _oasis_levels(path: Path) -> dict[str, dict[str, int]]:
    """Return levels by OaSIS code and element. The file has a byte order mark, CRLF, and spaces around headers."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{key.strip(): cell.strip() for key, cell in row.items()} for row in csv.DictReader(stream)]
    if missing := set(ELEMENT_OF_OASIS) - set(rows[0]):
        raise ReleaseError(f"{path.name}: {sorted(missing)}")
    return {row[OASIS_CODE]: {e: int(row[column]) for column, e in ELEMENT_OF_OASIS.items()} for row in rows}


def _as_csv(records: list[OccupationRecord], keys: Mapping[str, str]) -> str:
    out = io.StringIO()
    out.write(
        "# The numbers of the shipped occupations, from `manage.py derive_occupation_needs`. Do not edit by hand.\n"
    )
    out.write("# A cell is level@importance, on O*NET's scales LV and IM. A ! marks low precision.\n")
    for source in SOURCES.values():
        out.write(f"# {source.key}: {source.name}. {source.licence}. {source.credit}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*NEED_COLUMNS, *keys.values()])
    for record in records:
        cells = [_cell(record.needs[element]) if element in record.needs else "" for element in keys]
        related = [[one.code for one in record.related if one.is_primary is primary] for primary in (True, False)]
        writer.writerow(
            [
                record.code,
                record.source,
                record.job_zone or "",
                str(record.education),
                " ".join(map(str, record.interests)),
                *map(" ".join, related),
                *cells,
            ]
        )
    return out.getvalue()


def _cell(need: NeedRecord) -> str:
    return f"{need.figure}@{need.importance}{'!' if need.low_precision else ''}"
