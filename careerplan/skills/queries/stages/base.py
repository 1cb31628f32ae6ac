"""What the results say by career stage: rows, and what they are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from careerplan.matching.levels import level_of
from careerplan.skills.fit import LEAST_DIFFERENCE, SkillNeed
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.queries.occupation_table import OccupationFacts, RankedOccupations
from careerplan.skills.queries.rarity import Rarity
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.skill_groups import GoalLink
from careerplan.skills.queries.standing import Standing, StandingRow


@dataclass(frozen=True, slots=True)
class StageLink:
    """A link of a row; without a `path` only its words."""

    words: str
    path: str


@dataclass(frozen=True, slots=True)
class StageFinding:
    """A finding for the career stage. `kind`: what to do with it in a word or two, such as "Pass on".

    Its heading is `title`, or if that is blank the `links`.

    `goal_query` is the query string of a new goal from it, blank without one; `goal` an existing goal instead.
    `is_own`: whether the title is in the user's words.
    """

    kind: str
    title: str
    text: str
    goal_query: str = ""
    goal: GoalLink | None = None
    links: Sequence[StageLink] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class StageSection:
    """The section of the results for a career stage."""

    heading: str
    lead: str
    rows: list[StageFinding]


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What the sections are made from: the inputs, and what was found beside the usual levels."""

    inputs: ResultInputs
    catalogue: RankedOccupations
    standing: Standing
    rarity: Rarity

    @property
    def current(self) -> int | None:
        """Return the row of the current occupation in the catalogue; None if it is unknown or unrated."""
        return self.catalogue.rows.get(self.inputs.current_id) if self.inputs.current_id else None

    @property
    def people(self) -> str:
        """Return the people in the current occupation, such as "electricians"; blank if it is unknown."""
        return self.standing.people

    @property
    def target_people(self) -> str:
        """Return the people in the occupation compared with; blank if it is not rated."""
        row = self.catalogue.rows.get(self.inputs.occupation.pk) if self.inputs.occupation else None
        return "" if row is None else self.catalogue.facts[row].people

    @property
    def is_move(self) -> bool:
        """Return whether the current occupation and a different target are both known and rated."""
        return self.current is not None and bool(self.target_people) and self.target_people != self.people

    def level_in(self, row: int, skill_id: int) -> int:
        """Return the usual level (0 to 5) of a skill in an occupation (row)."""
        table, column = self.catalogue.table, self.catalogue.columns[skill_id]
        return level_of(float(table.figures[row, column]), table.kinds[column])

    def usual_level(self, skill_id: int) -> int:
        """Return the usual level (0 to 5) in the current occupation, or the average of all."""
        column = self.catalogue.columns[skill_id]
        return level_of(self._usual_figure(skill_id), self.catalogue.table.kinds[column])

    def lead_over_current(self, row: int, skill_id: int) -> float:
        """Return by how many standard deviations an occupation (row) needs more of a skill than the current one."""
        table, column = self.catalogue.table, self.catalogue.columns[skill_id]
        return (float(table.figures[row, column]) - self._usual_figure(skill_id)) / float(table.sd[column])

    def beyond_current(self, need: SkillNeed) -> float:
        """Return by how many standard deviations a need is above the current occupation; 0 if it is not clearly."""
        if need.skill_id not in self.catalogue.columns or need.figure is None:
            return 0.0
        more = need.figure - self._usual_figure(need.skill_id)
        is_more = more >= LEAST_DIFFERENCE and need.level > self.usual_level(need.skill_id)
        return more / need.spread if is_more else 0.0

    def _usual_figure(self, skill_id: int) -> float:
        table, column = self.catalogue.table, self.catalogue.columns[skill_id]
        return float(table.mean[column] if self.current is None else table.figures[self.current, column])

    def row(self, kind: str, skill_id: int, text: str, purpose: GoalPurpose | None = None) -> StageFinding:
        """Return a row about a skill, with its goal or a link to a new one; without a `purpose` it closes a gap."""
        query = {"skill": str(skill_id)}
        if purpose:
            query["purpose"] = purpose.value
        elif self.inputs.occupation:
            query["occupation"] = str(self.inputs.occupation.pk)
        return StageFinding(kind, self.name(skill_id), text, urlencode(query), self.inputs.rated.goals.get(skill_id))

    def name(self, skill_id: int) -> str:
        """Return the name of a skill that is rated, or needed by one of the two occupations."""
        if skill_id in self.inputs.rated.names:
            return self.inputs.rated.names[skill_id]
        return (self.inputs.target_needs.get(skill_id) or self.inputs.current_needs[skill_id]).name

    def beyond(self) -> list[SkillNeed]:
        """Return what the target needs clearly more of than the current occupation, the largest difference first."""
        found = [(self.beyond_current(need), need) for need in self.inputs.target_needs.values() if need.is_needed]
        return [need for more, need in sorted(found, key=lambda pair: (-pair[0], pair[1].name)) if more]

    def level_of_key(self, key: str) -> int | None:
        """Return the level of a skill of the catalogue by its key; None if it is not rated."""
        return next((one.level for one in self.inputs.rated.ratings if one.key == key and not one.is_own), None)

    def evidence_of(self, skill_id: int) -> str:
        """Return the example that the user gave for a skill."""
        return next((one.evidence for one in self.inputs.rated.ratings if one.skill_id == skill_id), "")


def links_to(occupations: Sequence[OccupationFacts]) -> list[StageLink]:
    """Return links to the public pages of occupations."""
    return [StageLink(one.title, one.path) for one in occupations]


def names_of(rows: Sequence[StandingRow]) -> list[str]:
    """Return the names of skills."""
    return [row.name for row in rows]
