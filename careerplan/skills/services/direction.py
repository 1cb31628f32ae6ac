"""Save where the user is and wants to be, and their education."""

from datetime import date, datetime
from typing import TypedDict

from django.db import transaction

from careerplan.catalogue.models import Occupation
from careerplan.skills.models import Assessment, Education
from careerplan.skills.services.locks import lock_draft, record_save
from careerplan.skills.services.questions import update_questions


class DirectionChanges(TypedDict, total=False):
    """Answers to "where you are" and "where you want to be"; missing ones do not change."""

    career_stage: str
    current_role: str
    current_occupation: Occupation | None
    current_unlisted: bool
    target_role: str
    target_occupation: Occupation | None
    target_unlisted: bool
    target_undecided: bool
    vision: str
    horizon: str
    horizon_on: date | None


class EducationChanges(TypedDict, total=False):
    """Answers to "education and training"; missing ones do not change."""

    level: str
    field: str
    credentials: str
    enough: str
    missing: str


@transaction.atomic
def save_direction(*, assessment: Assessment, changes: DirectionChanges, now: datetime) -> None:
    """Save answers about where the user is and wants to be. Raises DraftNotFound."""
    draft = lock_draft(assessment)
    for field, value in changes.items():
        setattr(draft, field, value)
    draft.current_unlisted &= draft.current_occupation_id is None
    draft.target_unlisted &= draft.target_occupation_id is None
    record_save(draft, now, *changes, "current_unlisted", "target_unlisted")
    update_questions(draft)


@transaction.atomic
def save_education(*, assessment: Assessment, changes: EducationChanges, now: datetime) -> None:
    """Save answers about education. Raises DraftNotFound."""
    draft = lock_draft(assessment)
    Education.objects.update_or_create(assessment=draft, defaults={**changes})
    record_save(draft, now)
