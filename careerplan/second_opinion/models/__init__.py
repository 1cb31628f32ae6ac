"""Models of the blind second opinion: what was asked, what the mentor answered, and what the owner decided."""

from careerplan.second_opinion.models.answers import EVIDENCE_LENGTH, OpinionDecision, OpinionRating
from careerplan.second_opinion.models.opinion import MOST_SKILLS, OpinionSkill, SecondOpinion

__all__ = [
    "EVIDENCE_LENGTH",
    "MOST_SKILLS",
    "OpinionDecision",
    "OpinionRating",
    "OpinionSkill",
    "SecondOpinion",
]
