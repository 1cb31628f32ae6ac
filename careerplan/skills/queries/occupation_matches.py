"""Which occupations the answers of an assessment are closest to, in three lists.

All answers decide the order. What somebody can do (skills and knowledge) and what they would like (interests) are said
apart, and neither is said of the other.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from careerplan.matching.evidence import least_answered, weigh
from careerplan.matching.occupations import Floats, log_likelihood, posterior
from careerplan.skills.queries.answer_shares import answers_of, questions_after, starting_shares
from careerplan.skills.queries.closeness import ClosenessOfAll
from careerplan.skills.queries.match_rows import OccupationMatches, TargetMatch
from careerplan.skills.queries.match_words import CLOSE
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.training import MORE_RESPONSIBILITY, Training

LIST_LENGTH = 5
LONGER_LENGTH = 3
CONSIDERED_LONGER = 20
"""The first of the order in which those that need much longer training are looked for."""
MANAGEMENT = "11"
"""The major group of managers."""


def match_occupations(
    catalogue: RankedOccupations | None,
    levels: Mapping[int, int],
    *,
    interests: Mapping[int, float] | None = None,
    current_id: int | None = None,
    education: str = "",
    target_id: int | None = None,
) -> OccupationMatches:
    """Return the occupations that the answers are closest to.

    Takes levels (0 to 5 by skill id), scores of interests (1 to 7 by their number), the current occupation and the
    target (ids), and the level of education, which says what preparation the user has where the current occupation is
    unknown. Pure.
    """
    if catalogue is None:
        return OccupationMatches(is_enough=False, missing=max(0, least_answered(has_current=False) - len(levels)))
    current = catalogue.rows.get(current_id) if current_id else None
    answers, able = answers_of(catalogue, levels, interests or {}), answers_of(catalogue, levels, {})
    before, able_logs = starting_shares(catalogue, current), log_likelihood(catalogue.table, able)
    shares = posterior(catalogue.table, answers, before)
    evidence = weigh(catalogue.table, answers, before, shares, current, able_logs=able_logs)
    questions = questions_after(catalogue, shares, levels, ())
    if not evidence.is_enough:
        return OccupationMatches(is_enough=False, missing=evidence.missing, questions=questions)
    target = catalogue.rows.get(target_id) if target_id else None
    closeness = ClosenessOfAll(catalogue, able, able_logs, interests or {}, Training(catalogue, current, education))
    return _Lists(closeness, shares, current).matches(questions, target)


class _Lists:
    """Builds the lists: the posterior over all answers (`shares`) says what is in them, closeness its order."""

    def __init__(self, closeness: ClosenessOfAll, shares: Floats, current: int | None) -> None:
        self.closeness, self.catalogue, self.training = closeness, closeness.catalogue, closeness.training
        self.current = current
        self.order: NDArray[np.intp] = np.argsort(-shares, kind="stable")

    def matches(self, questions: list[int], target: int | None) -> OccupationMatches:
        """Return the lists. The target (row) comes first among the steps up, if it is one."""
        home = int(self.order[0]) if self.current is None else self.current
        is_near, is_step = self.training.is_in_reach, self._are_steps_up(home, target)
        in_reach = [row for row in self.order[is_near[self.order]].tolist() if row != self.current]
        steps: list[int] = self.order[is_step[self.order]].tolist()
        nearest = sorted(steps, key=lambda row: (row != target, self._distance(row, home)))[:LIST_LENGTH]
        step_up = sorted(self._by_closeness(nearest), key=lambda row: row != target)
        taken = set(step_up)
        like_yours = self._by_closeness(_first(in_reach, lambda row: row not in taken))
        taken |= set(like_yours)
        field = self.catalogue.facts[home].field
        elsewhere = _first(in_reach, lambda row: row not in taken and self.catalogue.facts[row].field != field)
        other = self._by_closeness(elsewhere)
        longer = [row for row in self.order[:CONSIDERED_LONGER].tolist() if not is_near[row] and row not in taken]
        return OccupationMatches(
            is_enough=True,
            like_yours=self.closeness.matches(like_yours),
            step_up=self.closeness.matches(step_up),
            other_field=self.closeness.matches(other),
            longer_training=self.closeness.matches(self._by_closeness(longer[:LONGER_LENGTH])),
            current=None if self.current is None else self.closeness.matches([self.current])[0],
            undecided=self.closeness.undecided,
            questions=questions,
            fields=[] if target is not None else self.closeness.fields(),
            has_interests=self.closeness.liked is not None,
            target=None if target is None else self._target(target),
        )

    def _by_closeness(self, rows: Sequence[int]) -> list[int]:
        """Return rows in the order of the words that are shown beside them."""
        return sorted(rows, key=lambda row: -self.closeness.words(row))

    def _target(self, row: int) -> TargetMatch:
        is_near = bool(self.training.is_in_reach[row])
        return TargetMatch(self.closeness.matches([row])[0], int(np.flatnonzero(self.order == row)[0]), not is_near)

    def _are_steps_up(self, home: int, target: int | None) -> NDArray[np.bool_]:
        """Return for each row whether it is within reach and takes a job zone more, or more responsibility, than home.

        One job zone more is for closely related ones. A step to responsibility may also be in the same field, in
        management if the answers are close to it, or the target.
        """
        rows, fields = np.arange(len(self.catalogue.facts)), self.catalogue.fields
        is_related = np.isin(rows, self.catalogue.related[home])
        is_manager = (fields == MANAGEMENT) & (self.closeness.shares >= CLOSE)
        is_near = is_related | (fields == fields[home]) | is_manager
        if target is not None:
            is_near |= rows == target
        responsibility = self.catalogue.responsibility
        has_more = responsibility - responsibility[home] >= MORE_RESPONSIBILITY
        is_step = (is_related & (self.training.zones_above == 1)) | (is_near & has_more)
        found: NDArray[np.bool_] = is_step & self.training.is_in_reach
        if self.current is not None:
            found[self.current] = False
        return found

    def _distance(self, row: int, home: int) -> int:
        """Return how far a step up leads away: closely related, the same field, or management elsewhere."""
        if row in self.catalogue.related[home]:
            return 0
        return 1 if self.catalogue.facts[row].field == self.catalogue.facts[home].field else 2


def _first(rows: Sequence[int], condition: Callable[[int], bool]) -> list[int]:
    return list(islice(filter(condition, rows), LIST_LENGTH))
