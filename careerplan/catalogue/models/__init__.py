"""Models of the catalogue: skills, occupations. Django looks for models here, so all are imported here."""

from careerplan.catalogue.models.occupation_facts import OccupationNeed, OccupationRelation, OccupationTask
from careerplan.catalogue.models.occupations import EducationLevel, Occupation, OccupationQuerySet, OccupationTitle
from careerplan.catalogue.models.skills import LEVEL_MAX, LEVEL_MIN, Skill, SkillGroup, SkillKind, SkillQuerySet

__all__ = [
    "LEVEL_MAX",
    "LEVEL_MIN",
    "EducationLevel",
    "Occupation",
    "OccupationNeed",
    "OccupationQuerySet",
    "OccupationRelation",
    "OccupationTask",
    "OccupationTitle",
    "Skill",
    "SkillGroup",
    "SkillKind",
    "SkillQuerySet",
]
