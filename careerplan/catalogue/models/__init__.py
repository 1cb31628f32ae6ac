"""Skill, SkillGroup, Occupation and needs: reference data, written by the loaders and by nobody else.

The one exception is a user's own skill: a Skill with an owner, no group and no place in the catalogue.
"""

from careerplan.catalogue.models.occupations import (
    EducationLevel,
    Occupation,
    OccupationNeed,
    OccupationTitle,
)
from careerplan.catalogue.models.skills import Skill, SkillGroup, SkillKind

__all__ = [
    "EducationLevel",
    "Occupation",
    "OccupationNeed",
    "OccupationTitle",
    "Skill",
    "SkillGroup",
    "SkillKind",
]
