"""Which occupations the answers of an assessment are closest to, in three lists.

All answers decide the order. What somebody can do (skills and knowledge) and what they would like (interests) are said
apart, and neither is said of the other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from django.utils.translation import pgettext

from careerplan.catalogue.models import EducationLevel
from careerplan.matching.evidence import least_answered, weigh
from careerplan.matching.interests import correlate
from careerplan.matching.occupations import AnswerVector, Floats, contributions, posterior, prior
from careerplan.matching.questions import PAGE, next_questions
from careerplan.skills.queries.occupation_table import OccupationFacts, RankedOccupations

LIST_LENGTH = 5
LONGER_LENGTH = 3
REASONS = 2
LEAST_SHARED = 3.0
"""Of 0 to 7: an answer of level 3 or more. Less is nothing to have in common."""
MOST_ZONES_ABOVE = 1
"""Job zones (O*NET, 1 to 5) say how much preparation an occupation takes; two more are years of study."""
LIKED_A_LOT, LIKED_SOMEWHAT = 0.6, 0.2
"""Correlation of the interests: a quarter of all occupations are above the first, half of them below the second, and
nine of ten people's own occupation is not below it (docs/fit.md).
"""
VERY_CLOSE, CLOSE = 1 / 3, 1 / 20
"""Share of the posterior beside that of the first occupation. What is very close cannot be told apart from it."""
MANAGEMENT = "11"
"""The major group of managers."""
MORE_RESPONSIBILITY = 0.7
"""Points of 0 to 7: what supervisors have more than the people they lead (0.75 for electricians)."""
ZONE_OF_EDUCATION: Mapping[str, int] = {
    EducationLevel.NONE: 1,
    EducationLevel.SECONDARY: 2,
    EducationLevel.VOCATIONAL: 3,
    EducationLevel.SOME_COLLEGE: 3,
    EducationLevel.ASSOCIATE: 3,
    EducationLevel.BACHELOR: 4,
    EducationLevel.MASTER: 5,
    EducationLevel.DOCTORATE: 5,
}


class Closeness(IntEnum):
    """How close the answers are to an occupation, in words: a probability would claim more than it can."""

    SOME_OVERLAP = 1
    CLOSE = 2
    VERY_CLOSE = 3

    @property
    def label(self) -> str:
        """Return the words."""
        return {
            Closeness.SOME_OVERLAP: pgettext("closeness of an occupation", "some overlap"),
            Closeness.CLOSE: pgettext("closeness of an occupation", "close"),
            Closeness.VERY_CLOSE: pgettext("closeness of an occupation", "very close"),
        }[self]


class InterestFit(IntEnum):
    """How much somebody would like an occupation by their interests, in words."""

    A_LITTLE = 1
    SOMEWHAT = 2
    A_LOT = 3

    @property
    def label(self) -> str:
        """Return the words."""
        return {
            InterestFit.A_LITTLE: pgettext("how much they would like an occupation", "a little"),
            InterestFit.SOMEWHAT: pgettext("how much they would like an occupation", "somewhat"),
            InterestFit.A_LOT: pgettext("how much they would like an occupation", "a lot"),
        }[self]

    @classmethod
    def of(cls, correlation: float) -> "InterestFit":
        """Return the words for a correlation (-1 to 1)."""
        return cls(1 + (correlation >= LIKED_SOMEWHAT) + (correlation >= LIKED_A_LOT))


@dataclass(frozen=True, slots=True)
class OccupationMatch:
    """An occupation in a list: `closeness` to what the user can do, `interest_fit` for what they would like, None if
    they did not say.

    `reasons`: skills (ids) that the user has and it needs, the most telling first. `takes_training`: its job zone is
    above the user's.
    """

    facts: OccupationFacts
    closeness: Closeness
    interest_fit: InterestFit | None
    reasons: tuple[int, ...]
    takes_training: bool = False


@dataclass(frozen=True, slots=True)
class TargetMatch:
    """The target beside the lists. `closer`: how many occupations the answers are closer to.

    `needs_study`: it needs much longer training than the user has.
    """

    match: OccupationMatch
    closer: int
    needs_study: bool


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """A major group: how close its `closest` occupation is to what the user can do, and how much they would like work
    in this field on average, None if they did not say. `share` (of the posterior, beside that of the first occupation)
    and `liking` (a correlation) say the same in figures, for comparing fields.
    """

    major_group: str
    closest: OccupationFacts
    closeness: Closeness
    interest_fit: InterestFit | None
    share: float
    liking: float

    @property
    def meets_both(self) -> bool:
        """Return whether it is close to what the user can do, and they would like it at least somewhat."""
        return self.closeness >= Closeness.CLOSE and (self.interest_fit or 0) >= InterestFit.SOMEWHAT


@dataclass(frozen=True)
class OccupationMatches:
    """The three lists, each of at most five, and those that need much longer training.

    All are empty if the answers say too little (`is_enough`); `missing` more are needed, 0 if more alone do not help.
    `undecided`: how many cannot be told apart from the first one, itself among them. `questions`: skills (ids) that
    would tell most next. `current`: the occupation that the user works in, if it is known, with its closeness.
    `fields`: all major groups, those first that are high in both.
    `target`: where the target is, None if there is none or it is not rated.
    """

    is_enough: bool
    missing: int = 0
    like_yours: list[OccupationMatch] = field(default_factory=list)
    step_up: list[OccupationMatch] = field(default_factory=list)
    other_field: list[OccupationMatch] = field(default_factory=list)
    longer_training: list[OccupationMatch] = field(default_factory=list)
    current: OccupationMatch | None = None
    undecided: int = 0
    questions: list[int] = field(default_factory=list)
    fields: list[FieldMatch] = field(default_factory=list)
    target: TargetMatch | None = None

    @property
    def has_interests(self) -> bool:
        """Return whether what the user would like is known."""
        return any(match.interest_fit is not None for match in self.fields)

    @property
    def shown(self) -> list[OccupationMatch]:
        """Return all occupations of the lists."""
        return [*self.like_yours, *self.step_up, *self.other_field, *self.longer_training]


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
    answers = answers_of(catalogue, levels, interests or {})
    before = starting_shares(catalogue, current)
    shares = posterior(catalogue.table, answers, before)
    evidence = weigh(catalogue.table, answers, before, shares, current)
    questions = questions_after(catalogue, shares, levels, ())
    if not evidence.is_enough:
        return OccupationMatches(is_enough=False, missing=evidence.missing, questions=questions)
    target = catalogue.rows.get(target_id) if target_id else None
    return _Lists(catalogue, levels, interests or {}, current, education).matches(questions, target)


def answers_of(catalogue: RankedOccupations, levels: Mapping[int, int], interests: Mapping[int, float]) -> AnswerVector:
    """Return the answers as matching takes them; skills that no occupation needs are left out."""
    known = {catalogue.columns[pk]: level for pk, level in levels.items() if pk in catalogue.columns}
    able = AnswerVector.of(catalogue.table, known)
    if not catalogue.has_interests or not interests:
        return able
    numbers = sorted(interests)
    columns = np.array([catalogue.interest_column(number) for number in numbers], dtype=np.intp)
    scores = np.array([interests[number] for number in numbers], dtype=np.float64)
    return AnswerVector(np.concatenate([able.items, columns]), np.concatenate([able.values, scores]))


def starting_shares(catalogue: RankedOccupations, current: int | None) -> Floats:
    """Return what is believed before any answer, given the row of the current occupation."""
    related = catalogue.related[current] if current is not None else ()
    return prior(len(catalogue.facts), current, related)


def questions_after(
    catalogue: RankedOccupations, shares: Floats, answered: Iterable[int], skipped: Iterable[int], count: int = PAGE
) -> list[int]:
    """Return the skills (ids) to ask next, the most telling first."""
    columns = catalogue.columns
    ids = {column: pk for pk, column in columns.items()}
    chosen = next_questions(
        catalogue.table,
        shares,
        [columns[pk] for pk in answered if pk in columns],
        skipped=[columns[pk] for pk in skipped if pk in columns],
        count=count,
        allowed=ids,
    )
    return [ids[column] for column in chosen]


class _Lists:
    """Builds the lists from the posterior over all answers."""

    def __init__(
        self,
        catalogue: RankedOccupations,
        levels: Mapping[int, int],
        interests: Mapping[int, float],
        current: int | None,
        education: str,
    ) -> None:
        self.catalogue, self.current = catalogue, current
        answers, self.able = answers_of(catalogue, levels, interests), answers_of(catalogue, levels, {})
        # How close the answers are does not depend on what is believed of the current occupation.
        nothing_known = starting_shares(catalogue, None)
        self.shares_of_ability = posterior(catalogue.table, self.able, nothing_known)
        self.liked = correlate(catalogue.interests, interests) if catalogue.has_interests else None
        shares = posterior(catalogue.table, answers, starting_shares(catalogue, current))
        self.order = [int(row) for row in np.argsort(-shares, kind="stable")]
        self.ids = {column: pk for pk, column in catalogue.columns.items()}
        self.education = education
        self.zone = self._own_zone(education)

    def _own_zone(self, education: str) -> int | None:
        """Return the job zone of the user: that of the current occupation or what their education prepares for, the
        higher of both; None if neither is known.
        """
        current = self.catalogue.facts[self.current].job_zone if self.current is not None else None
        return max(current or 0, ZONE_OF_EDUCATION.get(education, 0)) or None

    def matches(self, questions: list[int], target: int | None) -> OccupationMatches:
        """Return the lists. The target (row) comes first among the steps up, if it is one."""
        home = self.order[0] if self.current is None else self.current
        in_reach = [row for row in self.order if self._zones_above(row) <= MOST_ZONES_ABOVE and row != self.current]
        steps = [row for row in self.order if self._is_step_up(row, home, target)]
        step_up = sorted(steps, key=lambda row: (row != target, self._distance(row, home)))[:LIST_LENGTH]
        taken = set(step_up)
        like_yours = self._first(in_reach, lambda row: row not in taken)
        taken |= set(like_yours)
        field = self.catalogue.facts[home].field
        other = self._first(in_reach, lambda row: row not in taken and self.catalogue.facts[row].field != field)
        longer = [row for row in self.order[:20] if self._zones_above(row) > MOST_ZONES_ABOVE and row not in taken]
        return OccupationMatches(
            is_enough=True,
            like_yours=self._rows(like_yours),
            step_up=self._rows(step_up),
            other_field=self._rows(other),
            longer_training=self._rows(longer[:LONGER_LENGTH]),
            current=None if self.current is None else self._match(self.current),
            undecided=sum(self._closeness(row) is Closeness.VERY_CLOSE for row in range(len(self.catalogue.facts))),
            questions=questions,
            fields=self._fields(),
            target=None if target is None else self._target(target),
        )

    def _target(self, row: int) -> TargetMatch:
        needs_study = self._zones_above(row) > MOST_ZONES_ABOVE
        return TargetMatch(self._match(row), self.order.index(row), needs_study)

    def _fields(self) -> list[FieldMatch]:
        """Return the fields; those first whose lower of the two is highest, so that the two are never added up."""
        rows: dict[str, list[int]] = {}
        for row in np.argsort(-self.shares_of_ability, kind="stable"):
            rows.setdefault(self.catalogue.facts[row].field, []).append(int(row))
        found = [self._field(group, members) for group, members in rows.items()]
        return sorted(found, key=lambda one: (-min(one.closeness, one.interest_fit or 3), -one.liking, -one.share))

    def _field(self, group: str, rows: Sequence[int]) -> FieldMatch:
        """Return a field; its occupations are given, the closest first. Those in reach count, if there are any."""
        closest = next((row for row in rows if self._zones_above(row) <= MOST_ZONES_ABOVE), rows[0])
        liking = 0.0 if self.liked is None else float(self.liked[list(rows)].mean())
        fit = None if self.liked is None else InterestFit.of(liking)
        share = self._share(closest)
        return FieldMatch(group, self.catalogue.facts[closest], self._closeness(closest), fit, share, liking)

    def _first(self, rows: Sequence[int], condition: Callable[[int], bool]) -> list[int]:
        return [row for row in rows if condition(row)][:LIST_LENGTH]

    def _zones_above(self, row: int) -> int:
        """Return how many job zones an occupation is above the user's; at most one if they have its usual education."""
        facts = self.catalogue.facts[row]
        above = 0 if facts.job_zone is None or self.zone is None else facts.job_zone - self.zone
        is_educated = 0 < ZONE_OF_EDUCATION.get(facts.education, 0) <= ZONE_OF_EDUCATION.get(self.education, 0)
        return min(above, MOST_ZONES_ABOVE) if is_educated else above

    def _is_step_up(self, row: int, home: int, target: int | None) -> bool:
        """Return whether an occupation is within reach and takes one job zone more, or more responsibility, than home.

        The first is for closely related ones. A step to responsibility may also be in the same field, in management if
        the answers are close to it, or the target.
        """
        zones, is_related = self._zones_above(row), row in self.catalogue.related[home]
        if zones > MOST_ZONES_ABOVE or row == self.current:
            return False
        field = self.catalogue.facts[row].field
        is_near = is_related or row == target or field == self.catalogue.facts[home].field
        is_near = is_near or (field == MANAGEMENT and self._closeness(row) >= Closeness.CLOSE)
        return (is_related and zones == 1) or (is_near and self._responsibility(row, home) >= MORE_RESPONSIBILITY)

    def _distance(self, row: int, home: int) -> int:
        """Return how far a step up leads away: closely related, the same field, or management elsewhere."""
        if row in self.catalogue.related[home]:
            return 0
        return 1 if self.catalogue.facts[row].field == self.catalogue.facts[home].field else 2

    def _responsibility(self, row: int, home: int) -> float:
        """Return by how many points (0 to 7) an occupation leads people and an organisation more than another."""
        columns = list(self.catalogue.leadership)
        figures = self.catalogue.table.figures
        return float((figures[row, columns] - figures[home, columns]).mean()) if columns else 0.0

    def _rows(self, rows: Sequence[int]) -> list[OccupationMatch]:
        return [self._match(row) for row in rows]

    def _match(self, row: int) -> OccupationMatch:
        fit = None if self.liked is None else InterestFit.of(float(self.liked[row]))
        takes_training = self._zones_above(row) > 0
        return OccupationMatch(self.catalogue.facts[row], self._closeness(row), fit, self._reasons(row), takes_training)

    def _closeness(self, row: int) -> Closeness:
        share = self._share(row)
        return Closeness(1 + (share >= CLOSE) + (share >= VERY_CLOSE))

    def _share(self, row: int) -> float:
        return float(self.shares_of_ability[row] / self.shares_of_ability.max())

    def _reasons(self, row: int) -> tuple[int, ...]:
        """Return the skills that the user has and the occupation needs more than most, which speak for it."""
        table, items = self.catalogue.table, self.able.items
        weights = contributions(table, self.able, row)
        can = self.able.values >= LEAST_SHARED
        is_shared = (table.figures[row, items] > table.mean[items]) & (self.able.values > table.mean[items]) & can
        order = np.argsort(-weights, kind="stable")
        found = [int(items[place]) for place in order if weights[place] > 0 and is_shared[place]]
        return tuple(self.ids[item] for item in found if item in self.ids)[:REASONS]
