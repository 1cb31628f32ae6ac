"""Read and check the shipped files in data/; report every error (`ShippedDataError`)."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from careerplan.catalogue.models import EducationLevel, SkillKind
from careerplan.catalogue.sync import NeedRecord, OccupationRecord, RelationRecord

DATA = Path(__file__).resolve().parent / "data"
SKILLS, KNOWLEDGE = DATA / "skills.toml", DATA / "knowledge.toml"
OCCUPATIONS, TASKS, NEEDS = DATA / "occupations.toml", DATA / "tasks.toml", DATA / "occupation_needs.csv"
KEY_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MEANING_LENGTH, EXAMPLE_LENGTH, GROUP_SIZE, CORE_SIZE = 90, 85, 7, 10
TASK_LENGTH = 95
NEED_FORM = re.compile(r"(\d\.\d\d)@(\d\.\d\d)(!?)")
NEED_COLUMNS = ("code", "source", "job_zone", "usual_education", "interests", "primary", "supplemental")


class ShippedDataError(Exception):
    """A file in data/ is wrong; the message has a line for each error."""

    def __init__(self, file: Path, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{file.name}: {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class ShippedSkill:
    """A skill of the file; `examples` are those of levels 1 to 5."""

    key: str
    name: str
    meaning: str
    examples: tuple[str, ...]
    code: str
    core: bool


@dataclass(frozen=True, slots=True)
class ShippedGroup:
    """A group of the file with its skills, in order."""

    key: str
    name: str
    kind: str
    skills: tuple[ShippedSkill, ...]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ShippedDataError(path, [str(error)]) from error


def read_skills(path: Path = SKILLS, knowledge: Path = KNOWLEDGE) -> list[ShippedGroup]:
    """Return the groups of skills and of knowledge in the catalogue, in order. Raises ShippedDataError."""
    groups = [*_groups(path), *_groups(knowledge)]
    if problems := [*_doubles(groups), *(problem for group in groups for problem in _group_problems(group))]:
        raise ShippedDataError(path, problems)
    return groups


def _groups(path: Path) -> list[ShippedGroup]:
    try:
        return [_group(group) for group in _toml(path)["group"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ShippedDataError(path, [_("a group or skill lacks %(field)s") % {"field": error}]) from error


def _group(raw: dict[str, Any]) -> ShippedGroup:
    skills = tuple(
        ShippedSkill(
            key=str(skill["key"]),
            name=str(skill["name"]),
            meaning=str(skill["meaning"]),
            examples=tuple(str(example) for example in skill["examples"]),
            code=str(skill.get("code", "")),
            core=bool(skill.get("core", False)),
        )
        for skill in raw["skill"]
    )
    return ShippedGroup(str(raw["key"]), str(raw["name"]), str(raw["kind"]), skills)


def _doubles(groups: list[ShippedGroup]) -> list[str]:
    skills = [skill for group in groups for skill in group.skills]
    problems: list[str] = []
    for what, values in (
        (_("group key"), [group.key for group in groups]),
        (_("skill key"), [skill.key for skill in skills]),
        (_("name"), [group.name.lower() for group in groups] + [skill.name.lower() for skill in skills]),
        (_("code"), [skill.code for skill in skills if skill.code]),
    ):
        problems += [
            _("%(what)s “%(value)s” appears twice") % {"what": what, "value": value}
            for value in sorted({value for value in values if values.count(value) > 1})
        ]
    if (core := sum(skill.core for skill in skills)) != CORE_SIZE:
        problems.append(_("%(has)s skills are core, not %(needs)s") % {"has": core, "needs": CORE_SIZE})
    return problems


def _group_problems(group: ShippedGroup) -> list[str]:
    problems = []
    if not KEY_FORM.fullmatch(group.key) or not group.name.strip() or group.kind not in SkillKind.values:
        problems.append(_("group “%(key)s” needs a key, a name and a kind") % {"key": group.key})
    if not 1 <= len(group.skills) <= GROUP_SIZE:
        problems.append(
            _("group “%(key)s” has %(count)s skills, but a page of the assessment shows 1 to %(most)s")
            % {"key": group.key, "count": len(group.skills), "most": GROUP_SIZE}
        )
    for skill in group.skills:
        if not KEY_FORM.fullmatch(skill.key) or not skill.name.strip():
            problems.append(_("skill “%(key)s” needs a key and a name") % {"key": skill.key})
        if not 1 <= len(skill.meaning.strip()) <= MEANING_LENGTH:
            problems.append(_("skill “%(key)s”: the meaning is blank or too long") % {"key": skill.key})
        if len(skill.examples) != 5 or not all(0 < len(text) <= EXAMPLE_LENGTH for text in skill.examples):
            problems.append(_("skill “%(key)s” needs 5 short examples") % {"key": skill.key})
    return problems


def read_occupations(texts: Path = OCCUPATIONS, figures: Path = NEEDS, tasks: Path = TASKS) -> list[OccupationRecord]:
    """Return the shipped occupations with their ratings; `needs` by skill key. Raises ShippedDataError."""
    records = read_occupation_texts(texts)
    _add_tasks(records, tasks)
    problems: list[str] = []
    for number, row in enumerate(_csv(figures), start=1):
        record = records.get(row["code"])
        try:
            if record is None:
                raise ValueError(_("the occupation has no texts"))
            _add_figures(record, row)
        except (ValueError, InvalidOperation) as error:
            problems.append(f"{number}, {row['code']}: {error}")
    if problems:
        raise ShippedDataError(figures, problems)
    return list(records.values())


def read_occupation_texts(path: Path = OCCUPATIONS) -> dict[str, OccupationRecord]:
    """Return the texts of the shipped occupations by code, without ratings. Raises ShippedDataError."""
    records: dict[str, OccupationRecord] = {}
    problems = []
    for code, raw in _toml(path).items():
        titles = [str(title).strip() for title in raw.get("titles", [])]
        record = OccupationRecord(code, str(raw.get("title", "")).strip(), str(raw.get("description", "")))
        record.titles = {title.lower(): title for title in titles}
        if not record.title or not titles or len(record.titles) != len(titles) or "" in record.titles:
            problems.append(_("%(code)s needs a title, and alternative titles that differ from it") % {"code": code})
        records[code] = record
    if problems:
        raise ShippedDataError(path, problems)
    return records


def _add_tasks(records: dict[str, OccupationRecord], path: Path) -> None:
    """Add what people do in each occupation, and with which tools."""
    problems = []
    for code, raw in _toml(path).items():
        record = records.get(code)
        tasks = [str(task).strip() for task in raw.get("tasks", [])]
        if record is None or len(set(tasks)) != len(tasks) or not all(0 < len(task) <= TASK_LENGTH for task in tasks):
            problems.append(_("%(code)s needs different tasks, each a short sentence") % {"code": code})
            continue
        record.tasks = tasks
        record.tools = [str(tool) for tool in raw.get("tools", [])]
        record.plural = str(raw.get("plural", ""))
        record.needs_licence = bool(raw.get("licence", False))
    if problems:
        raise ShippedDataError(path, problems)


def read_kin_codes(path: Path = OCCUPATIONS) -> dict[str, str]:
    """Return by occupation code whose figures stand in where no source has any. Raises ShippedDataError."""
    return {code: str(raw["kin"]) for code, raw in _toml(path).items() if "kin" in raw}


def read_oasis_codes(path: Path = OCCUPATIONS) -> dict[str, str]:
    """Return OaSIS codes by occupation code, where OaSIS replaces O*NET. Raises ShippedDataError."""
    return {code: str(raw["oasis"]) for code, raw in _toml(path).items() if "oasis" in raw}


def _csv(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ShippedDataError(path, [str(error)]) from error
    if not rows or not set(NEED_COLUMNS) <= set(rows[0]):
        raise ShippedDataError(path, [_("the header is not %(header)s …") % {"header": ", ".join(NEED_COLUMNS)}])
    return rows


def _add_figures(record: OccupationRecord, row: dict[str, str]) -> None:
    if row["usual_education"] not in ("", *EducationLevel.values):
        raise ValueError(_("“%(value)s” is not a level of education") % {"value": row["usual_education"]})
    record.source = row["source"]
    record.education = row["usual_education"]
    record.job_zone = int(row["job_zone"]) if row["job_zone"] else None
    record.interests = tuple(Decimal(value) for value in row["interests"].split())
    record.related = [
        RelationRecord(code, column == "primary")
        for column in ("primary", "supplemental")
        for code in row[column].split()
    ]
    for key, cell in row.items():
        if key in NEED_COLUMNS or not cell:
            continue
        if not (found := NEED_FORM.fullmatch(cell)):
            raise ValueError(_("“%(cell)s” is not a level and an importance") % {"cell": cell})
        record.needs[key] = NeedRecord(Decimal(found[1]), Decimal(found[2]), bool(found[3]))
