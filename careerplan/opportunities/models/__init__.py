"""Opportunities: a chance to advance, what it asks for, and how it is weighed against one's own plan."""

from careerplan.opportunities.models.needed import NeededSkill
from careerplan.opportunities.models.opportunity import (
    JUDGED_AFTER,
    LINK_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Opportunity,
    Score,
)
from careerplan.opportunities.models.weighing import (
    CRITERIA_MAX,
    Criterion,
    CriterionScore,
    GoalEffect,
    PriorityScore,
)

__all__ = [
    "CRITERIA_MAX",
    "JUDGED_AFTER",
    "LINK_LENGTH",
    "TITLE_LENGTH",
    "WORDS_LENGTH",
    "Criterion",
    "CriterionScore",
    "GoalEffect",
    "NeededSkill",
    "Opportunity",
    "PriorityScore",
    "Score",
]
