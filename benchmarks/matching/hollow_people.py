"""People whose answers say nothing about occupations."""

import numpy as np

from careerplan.matching.occupations import OccupationTable


def hollow_people(table: OccupationTable, people: int, seed: int) -> dict[str, np.ndarray]:
    """Return people whose answers say nothing about occupations."""
    chance = np.random.default_rng(seed)
    ability, items = table.is_ability, len(table.kinds)
    liked = chance.integers(1, 8, (people, items))

    def with_interests(levels: np.ndarray) -> np.ndarray:
        return np.where(ability, levels, liked)

    same = np.repeat(chance.integers(0, 6, (people, 1)), items, axis=1)
    equal = np.where(ability, same, np.clip(same + 1, 1, 7))
    one = np.full((people, items), 3)
    one[np.arange(people), chance.integers(0, int(ability.sum()), people)] = 5
    halo = np.clip(np.rint(chance.uniform(1, 4.5, (people, 1)) + chance.normal(0, 0.6, (people, items))), 0, 5)
    return {
        "all equal": equal,
        "all 3, one different": one,
        "halo": with_interests(halo.astype(int)),
        "random": with_interests(chance.integers(0, 6, (people, items))),
        "only 0 or 5": with_interests(5 * chance.integers(0, 2, (people, items))),
    }
