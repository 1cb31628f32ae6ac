"""The shipped occupations as a table for matching, and those of a release, without a database."""

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.matching.simulated_people import find_archive, read_release
from careerplan.catalogue.shipped_data import read_skills
from careerplan.matching.levels import ItemKind
from careerplan.matching.occupations import OccupationTable
from tests.catalogue.shipped import shipped_occupations


@dataclass(frozen=True)
class Shipped:
    """The table, the titles of its rows, and the keys of its columns."""

    table: OccupationTable
    titles: list[str]
    items: list[str]

    def row(self, title: str) -> int:
        return self.titles.index(title)


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    kinds = {skill.key: group.kind for group in read_skills() for skill in group.skills if skill.code}
    records = shipped_occupations()
    items = list(kinds)
    figures = np.array(
        [[*(float(one.needs[key].figure) for key in items), *map(float, one.interests)] for one in records]
    )
    of_item = [ItemKind.KNOWLEDGE if kind == "knowledge" else ItemKind.SKILL for kind in kinds.values()]
    table = OccupationTable.of(figures, [*of_item, *[ItemKind.INTEREST] * 6])
    return Shipped(table, [one.title for one in records], items)


@pytest.fixture(scope="session")
def released():
    """All rated occupations of the O*NET release; the test is skipped where it is not there."""
    archive = find_archive()
    if archive is None:
        pytest.skip("the O*NET release is not here")
    return read_release(archive)
