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
from careerplan.skills.queries.standing import Standing, standing
from careerplan.skills.queries.standing_headline import retiring_headline, strengths_headline


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
        people = self._facts.target_people if self._facts else ""
        return _standing_headline(self._facts) or strengths_headline(self.standing, self.rarity.mix, people)

    @cached_property
    def gap_headline(self) -> Headline:
        """Return the headline of the gaps."""
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


def _usual_gaps(facts: StageFacts) -> int:
    """Return how many gaps most people in the current occupation have, in the skills that the user rated."""
    rated = facts.inputs.rated.levels
    needs = [need for pk, need in facts.inputs.target_needs.items() if need.is_needed and pk in rated]
    return sum(need.gap(facts.usual_level(need.skill_id)) > 0 for need in needs)
