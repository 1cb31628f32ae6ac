"""What the results say that the user did not: beside the usual levels, by career stage, and as headlines."""

from dataclasses import dataclass

from careerplan.plans.models import CareerStage
from careerplan.skills.queries.gap_headline import gap_headline
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.rarity import Rarity, find_rarity
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.stages.base import StageFacts, StageSection
from careerplan.skills.queries.stages.build import stage_section
from careerplan.skills.queries.stages.retiring import strengths_to_pass_on
from careerplan.skills.queries.standing import Standing, standing
from careerplan.skills.queries.standing_headline import retiring_headline, strengths_headline


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found. `standing` is None if no level can be compared, `stage` if there is nothing to say."""

    standing: Standing | None
    rarity: Rarity
    stage: StageSection | None
    standing_headline: Headline
    gap_headline: Headline


def find(inputs: ResultInputs, catalogue: RankedOccupations | None) -> Findings:
    """Return what is true of the answers beside the catalogue. Pure."""
    rated, current_id = inputs.rated, inputs.current_id
    needed = {pk: need.level for pk, need in inputs.target_needs.items() if need.is_needed}
    found = standing(catalogue, rated.levels, rated.names, current_id, needed)
    ahead = {row.skill_id for row in found.ahead} if found else set()
    rarity = find_rarity(catalogue, rated.levels, rated.names, rated.groups, ahead)
    facts = StageFacts(inputs, catalogue, found, rarity) if catalogue and found else None
    target_people = facts.target_people if facts else ""
    gaps = gap_headline(
        inputs.comparison,
        list(rated.levels.values()),
        groups=rated.groups,
        people=facts.people if facts else "",
        usual_gaps=_usual_gaps(facts) if facts and facts.is_move else None,
    )
    return Findings(
        standing=found,
        rarity=rarity,
        stage=stage_section(facts) if facts else None,
        standing_headline=_standing_headline(facts) or strengths_headline(found, rarity.mix, target_people),
        gap_headline=gaps,
    )


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
