"""What the results say that the user did not: beside the usual levels, by career stage, and as headlines."""

from dataclasses import dataclass
from functools import cached_property

from careerplan.plans.models import CareerStage
from careerplan.skills.queries.gap_headline import gap_headline
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.rarity import Rarity, find_rarity
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.stages.base import StageFacts, StageSection
from careerplan.skills.queries.stages.build import stage_section
from careerplan.skills.queries.stages.retiring import strengths_to_pass_on
from careerplan.skills.queries.standing import Standing, StandingRow, standing
from careerplan.skills.queries.standing_headline import (
    closest_headline,
    retiring_headline,
    step_headline,
    strengths_headline,
)

MOVING = {CareerStage.PROMOTION, CareerStage.CHANGING}


@dataclass(frozen=True)
class Findings:
    """What is true of the answers beside the catalogue. Each part is found when a page asks for it."""

    inputs: ResultInputs

    @cached_property
    def standing(self) -> Standing | None:
        """Return the levels beside the usual ones; None if none can be compared."""
        rated = self.inputs.rated
        needed = {pk: need.level for pk, need in self.inputs.target_needs.items() if need.is_needed}
        return standing(self.inputs.catalogue, rated.levels, rated.names, self.inputs.current_id, needed)

    @cached_property
    def rarity(self) -> Rarity:
        """Return what is rare among all occupations."""
        rated = self.inputs.rated
        ahead = {row.skill_id for row in self.standing.ahead} if self.standing else set()
        return find_rarity(self.inputs.catalogue, rated.levels, rated.names, rated.groups, ahead)

    @cached_property
    def stage(self) -> StageSection | None:
        """Return the section for the career stage; None if there is nothing to say."""
        return stage_section(self._facts) if self._facts else None

    @cached_property
    def standing_headline(self) -> Headline:
        """Return the headline of the strengths."""
        facts = self._facts
        people = facts.target_people if facts else ""
        found = _standing_headline(facts) or (_exploring_headline(facts) if facts else None)
        reached = _reached(facts) if facts and facts.is_move else []
        found = found or strengths_headline(self.standing, self.rarity.mix, people, reached)
        return found if found.is_new or facts is None else _step_headline(facts) or found

    @cached_property
    def gap_headline(self) -> Headline:
        """Return the sentence about what is missing for the target."""
        facts, rated = self._facts, self.inputs.rated
        return gap_headline(
            self.inputs.comparison,
            list(rated.levels.values()),
            groups=rated.groups,
            people=facts.people if facts else "",
            usual_gaps=_usual_gaps(facts) if facts and facts.is_move else None,
        )

    @cached_property
    def _facts(self) -> StageFacts | None:
        catalogue = self.inputs.catalogue
        if catalogue is None or self.standing is None:
            return None
        return StageFacts(self.inputs, catalogue, self.standing, self.rarity)


def _standing_headline(facts: StageFacts | None) -> Headline | None:
    """Return what to pass on, near retirement."""
    if facts is None or facts.inputs.assessment.career_stage != CareerStage.RETIRING:
        return None
    return retiring_headline(facts.standing, strengths_to_pass_on(facts))


def _exploring_headline(facts: StageFacts) -> Headline | None:
    """Return the occupations closest to the answers, for someone with neither an occupation nor a target."""
    inputs = facts.inputs
    if facts.current is not None or inputs.occupation is not None or inputs.target.role:
        return None
    return closest_headline(facts.standing, inputs.matches, len(facts.catalogue.facts))


def _reached(facts: StageFacts) -> list[StandingRow]:
    """Return in which skills the user is above most people in their occupation and has no gap to what the target needs
    beyond it.
    """
    needs = facts.inputs.target_needs
    ahead = [row for row in facts.standing.needed_ahead if not needs[row.skill_id].gap(row.have)]
    return [row for row in ahead if facts.beyond_current(needs[row.skill_id])]


def _step_headline(facts: StageFacts) -> Headline | None:
    """Return in how many skills the target needs more than most people in the current occupation have, for a step to
    somewhere else.
    """
    if not facts.is_move or facts.inputs.assessment.career_stage not in MOVING:
        return None
    return step_headline(facts.target_people, facts.people, facts.beyond(), facts.inputs.rated.levels)


def _usual_gaps(facts: StageFacts) -> int:
    """Return how many gaps most people in the current occupation have, in the skills that the user rated."""
    rated = facts.inputs.rated.levels
    needs = [need for pk, need in facts.inputs.target_needs.items() if need.is_needed and pk in rated]
    return sum(need.gap(facts.usual_level(need.skill_id)) > 0 for need in needs)
