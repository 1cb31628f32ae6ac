"""Chooses the section of the results for a career stage."""

from careerplan.plans.models import CareerStage
from careerplan.skills.queries.stages.base import StageFacts, StageSection
from careerplan.skills.queries.stages.changing import changing_section
from careerplan.skills.queries.stages.exploring import exploring_section
from careerplan.skills.queries.stages.promotion import promotion_section
from careerplan.skills.queries.stages.retiring import retiring_section
from careerplan.skills.queries.stages.returning import returning_section
from careerplan.skills.queries.stages.starting import starting_section

SECTIONS = {
    CareerStage.STARTING: starting_section,
    CareerStage.PROMOTION: promotion_section,
    CareerStage.CHANGING: changing_section,
    CareerStage.RETURNING: returning_section,
    CareerStage.RETIRING: retiring_section,
}


def stage_section(facts: StageFacts) -> StageSection | None:
    """Return the section for the career stage; None if there is nothing to say.

    Someone established in a field, or of no stage, sees what a different target asks beyond the current occupation,
    and without a target where the answers point.
    """
    section = (
        SECTIONS.get(CareerStage(facts.inputs.assessment.career_stage))
        if facts.inputs.assessment.career_stage
        else None
    )
    found = section(facts) if section else None
    if found is None or not found.rows:
        found = promotion_section(facts) if facts.is_move else None
    if found is None and facts.inputs.occupation is None:
        found = exploring_section(facts)
    return found if found and found.rows else None
