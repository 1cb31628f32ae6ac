"""Models of an opportunity and what it is weighed up by. Django looks for models here, so all are imported here."""

from careerplan.opportunities.models.opportunity import Opportunity
from careerplan.opportunities.models.weighing import Criterion, CriterionScore, GoalEffect, NeededSkill, PriorityScore

__all__ = ["Criterion", "CriterionScore", "GoalEffect", "NeededSkill", "Opportunity", "PriorityScore"]
