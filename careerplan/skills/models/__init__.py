"""Models of an assessment and what was answered. Django looks for models here, so all are imported here."""

from careerplan.skills.models.assessment import CONFIRMED_FOR, MOST_QUESTION_PAGES, Assessment, AssessmentQuerySet
from careerplan.skills.models.education import LONG_TEXT_LENGTH, Education
from careerplan.skills.models.interests import ACTIVITY_LENGTH, InterestAnswer, Liking
from careerplan.skills.models.ratings import EVIDENCE_LENGTH, LEVEL_MAX, Level, Rating
from careerplan.skills.models.tasks import TaskAnswer

__all__ = [
    "ACTIVITY_LENGTH",
    "CONFIRMED_FOR",
    "EVIDENCE_LENGTH",
    "LEVEL_MAX",
    "LONG_TEXT_LENGTH",
    "MOST_QUESTION_PAGES",
    "Assessment",
    "AssessmentQuerySet",
    "Education",
    "InterestAnswer",
    "Level",
    "Liking",
    "Rating",
    "TaskAnswer",
]
