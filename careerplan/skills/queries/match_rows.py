"""The occupations that answers are closest to, as plain values."""

from dataclasses import dataclass, field

from careerplan.skills.queries.match_words import Closeness, InterestFit
from careerplan.skills.queries.occupation_table import OccupationFacts


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
    `has_interests`: whether what the user would like is known. `fields`: for someone without a target all major groups,
    those first that are high in both.
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
    has_interests: bool = False
    fields: list[FieldMatch] = field(default_factory=list)
    target: TargetMatch | None = None

    @property
    def shown(self) -> list[OccupationMatch]:
        """Return the occupations of the four lists in the order of the page, without the target."""
        return [*self.like_yours, *self.step_up, *self.other_field, *self.longer_training]
