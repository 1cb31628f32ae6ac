"""Save strengths, weaknesses and skills to learn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from careerplan.skills.models import Assessment, Rating
from careerplan.skills.services.locks import lock_draft, record_save


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """Strength or weakness of a skill, with an example; None does not change it."""

    category: str | None = None
    evidence: str | None = None


@transaction.atomic
def save_categories(*, assessment: Assessment, changes: Mapping[int, CategoryChange], now: datetime) -> None:
    """Save strength, neither or weakness, and the example, by skill id. Raises DraftNotFound."""
    draft = lock_draft(assessment)
    ratings = list(draft.ratings.filter(skill_id__in=changes, level__isnull=False))
    for rating in ratings:
        wanted = changes[rating.skill_id]
        rating.category = rating.category if wanted.category is None else wanted.category
        rating.evidence = rating.evidence if wanted.evidence is None else wanted.evidence
    Rating.objects.bulk_update(ratings, ["category", "evidence"])
    record_save(draft, now)


@transaction.atomic
def choose_skills_to_learn(
    *, assessment: Assessment, wanted: set[int], now: datetime, among: set[int] | None = None
) -> None:
    """Save which rated skills (ids) the user wants to learn; the others are unticked.

    With `among`, skills outside it do not change. Raises DraftNotFound.
    """
    draft = lock_draft(assessment)
    ratings = draft.ratings.all() if among is None else draft.ratings.filter(skill_id__in=among)
    ratings.filter(skill_id__in=wanted).update(wants_to_learn=True)
    ratings.exclude(skill_id__in=wanted).update(wants_to_learn=False)
    record_save(draft, now)
