"""The shipped occupations as matching sees them, without a database; ids are numbers in the order of the files."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from careerplan.catalogue.shipped_data import read_skills
from careerplan.catalogue.sync import OccupationRecord
from careerplan.matching.levels import ItemKind, level_of
from careerplan.matching.occupations import OccupationTable
from careerplan.skills.fit import SkillNeed
from careerplan.skills.queries.occupation_table import OccupationFacts, RankedOccupations
from tests.catalogue.shipped import shipped_occupations


@dataclass(frozen=True)
class Shipped:
    """The table with ids by title; needs by the occupation's id, then by the skill's."""

    catalogue: RankedOccupations
    ids: dict[str, int]
    needs: dict[int, dict[int, SkillNeed]]

    def levels(self, pk: int) -> dict[int, int]:
        """What somebody answers who is just as the occupation needs."""
        return {skill: need.level for skill, need in self.needs[pk].items()}


@cache
def shipped() -> Shipped:
    kinds = {
        skill.key: ItemKind.KNOWLEDGE if group.kind == "knowledge" else ItemKind.SKILL
        for group in read_skills()
        for skill in group.skills
        if skill.code
    }
    records = shipped_occupations()
    ids = {record.code: pk for pk, record in enumerate(records, start=1)}
    keys = {key: pk for pk, key in enumerate(kinds, start=1)}
    figures = np.array([[*(float(r.needs[key].figure) for key in keys), *map(float, r.interests)] for r in records])
    table = OccupationTable.of(figures, [*kinds.values(), *[ItemKind.INTEREST] * 6])
    catalogue = RankedOccupations(
        table,
        [_facts(record, ids[record.code]) for record in records],
        {pk: pk - 1 for pk in ids.values()},
        {pk: pk - 1 for pk in keys.values()},
        [[ids[one.code] - 1 for one in record.related if one.is_primary] for record in records],
        [keys["leading-a-team"] - 1, keys["management"] - 1],
    )
    spreads = dict(zip(keys, table.sd, strict=False))
    needs = {
        ids[record.code]: {
            keys[key]: SkillNeed(
                keys[key],
                level_of(float(need.figure), kinds[key]),
                need.importance,
                figure=float(need.figure),
                spread=float(spreads[key]),
                kind=kinds[key],
            )
            for key, need in record.needs.items()
        }
        for record in records
    }
    return Shipped(catalogue, {record.title: ids[record.code] for record in records}, needs)


def _facts(record: OccupationRecord, pk: int) -> OccupationFacts:
    return OccupationFacts(
        pk, record.code, record.title, record.plural, record.code[:2], record.job_zone, record.education
    )
