"""How close the answers of one person are to each occupation, by what they can do and would like."""

from collections.abc import Mapping, Sequence

import numpy as np

from careerplan.matching.interests import correlate
from careerplan.matching.occupations import AnswerVector, Floats, contributions
from careerplan.skills.queries.match_rows import FieldMatch, OccupationMatch
from careerplan.skills.queries.match_words import CLOSE, VERY_CLOSE, Closeness, InterestFit
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.training import Training

REASONS = 2
LEAST_SHARED = 3.0
"""Of 0 to 7: an answer of level 3 or more. Less is nothing to have in common."""
LEAST_ASKED = 2.25
"""Of 0 to 7: where level 2 begins. Below it, an occupation does not ask for a skill, however rare the skill is."""


class ClosenessOfAll:
    """Closeness to all occupations, by their rows in the catalogue. `training` is what the person is prepared for.

    `able` are the answers about skills and knowledge, `logs` their log likelihood.

    `shares`: of the posterior over what they can do, beside that of the closest occupation.
    """

    def __init__(
        self,
        catalogue: RankedOccupations,
        able: AnswerVector,
        logs: Floats,
        interests: Mapping[int, float],
        training: Training,
    ) -> None:
        self.catalogue, self.training, self.able = catalogue, training, able
        # How close the answers are does not depend on what is believed of the current occupation.
        self.shares: Floats = np.exp(logs - logs.max())
        self.liked = correlate(catalogue.interests, interests) if catalogue.has_interests else None
        self.ids = {column: pk for pk, column in catalogue.columns.items()}

    def matches(self, rows: Sequence[int]) -> list[OccupationMatch]:
        """Return the occupations of these rows of the catalogue, with how close each is and why."""
        return [self._match(row, reasons) for row, reasons in zip(rows, self._reasons(rows), strict=True)]

    def _match(self, row: int, reasons: tuple[int, ...]) -> OccupationMatch:
        fit = None if self.liked is None else InterestFit.of(float(self.liked[row]))
        takes_training = bool(self.training.zones_above[row] > 0)
        return OccupationMatch(self.catalogue.facts[row], self.words(row), fit, reasons, takes_training)

    def words(self, row: int) -> Closeness:
        """Return how close the answers are to an occupation, in words."""
        share = self.shares[row]
        return Closeness(1 + int(share >= CLOSE) + int(share >= VERY_CLOSE))

    @property
    def undecided(self) -> int:
        """Return how many occupations cannot be told apart from the closest one, itself among them."""
        return int((self.shares >= VERY_CLOSE).sum())

    def fields(self) -> list[FieldMatch]:
        """Return the fields; those first whose lower of the two is highest, so that the two are never added up."""
        rows: dict[str, list[int]] = {}
        for row in np.argsort(-self.shares, kind="stable").tolist():
            rows.setdefault(self.catalogue.facts[row].field, []).append(row)
        found = [self._field(group, members) for group, members in rows.items()]
        return sorted(found, key=lambda one: (-min(one.closeness, one.interest_fit or 3), -one.liking, -one.share))

    def _field(self, group: str, rows: Sequence[int]) -> FieldMatch:
        """Return a field; its occupations are given, the closest first. Those in reach count, if there are any."""
        closest = next((row for row in rows if self.training.is_in_reach[row]), rows[0])
        liking = 0.0 if self.liked is None else float(self.liked[list(rows)].mean())
        fit = None if self.liked is None else InterestFit.of(liking)
        share = float(self.shares[closest])
        return FieldMatch(group, self.catalogue.facts[closest], self.words(closest), fit, share, liking)

    def _reasons(self, rows: Sequence[int]) -> list[tuple[int, ...]]:
        """Return for each row the skills that the user has and the occupation needs more than most, which speak for it,
        the most telling first.
        """
        if not rows:
            return []
        table, items, values = self.catalogue.table, self.able.items, self.able.values
        weights, usual = contributions(table, self.able, rows), table.mean[items]
        asked = table.figures[np.array(rows)[:, None], items]
        is_asked = (asked > usual) & (asked >= LEAST_ASKED)
        is_shared = is_asked & (values > usual) & (values >= LEAST_SHARED)
        speaks = np.where(is_shared & (weights > 0), weights, 0.0)
        order = np.argsort(-speaks, axis=1, kind="stable")
        return [
            tuple(self.ids[int(items[place])] for place in places if one[place])
            for one, places in zip(speaks, order[:, :REASONS], strict=True)
        ]
