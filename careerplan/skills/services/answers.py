"""Save ratings, and answers about tasks and activities."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from careerplan.catalogue.models import OccupationTask
from careerplan.skills.models import Assessment, InterestAnswer, Rating, TaskAnswer
from careerplan.skills.services.locks import lock_draft, record_save
from careerplan.skills.services.questions import update_questions


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The answer about a task; blank if it is left open."""

    experience: str = ""
    evidence: str = ""


@transaction.atomic
def save_task_answers(*, assessment: Assessment, changes: Mapping[OccupationTask, TaskChange], now: datetime) -> None:
    """Save what the user has done, by task, with the text as it was asked; each is confirmed at `now`. Raises
    DraftNotFound, and IntegrityError for an unknown experience.
    """
    draft = lock_draft(assessment)
    rows = [
        TaskAnswer(
            assessment=draft,
            occupation_id=task.occupation_id,
            text=task.text,
            position=task.position,
            experience=change.experience,
            evidence=change.evidence,
            confirmed_at=max(now, draft.started_at),
        )
        for task, change in changes.items()
    ]
    TaskAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "occupation", "text"],
        update_fields=["position", "experience", "evidence", "confirmed_at"],
    )
    record_save(draft, now)


@transaction.atomic
def save_ratings(
    *, assessment: Assessment, levels: Mapping[int, int | None], now: datetime, taken_back: Collection[int] = ()
) -> None:
    """Save levels (0 to 5, None for "not sure") by skill id; each is confirmed at `now`. Delete those `taken_back`.

    A skill that becomes "not sure" is no longer a strength or weakness. What the last assessment said about a skill
    that is confirmed now is asked again. Raises DraftNotFound, and IntegrityError for a level out of range.
    """
    draft = lock_draft(assessment)
    confirmed_at = max(now, draft.started_at)  # another server's clock may be behind; the answer belongs to this draft
    known = {rating.skill_id: rating for rating in draft.ratings.all()}
    new = [
        Rating(assessment=draft, skill_id=skill_id, level=level, confirmed_at=confirmed_at)
        for skill_id, level in levels.items()
        if skill_id not in known
    ]
    old = [known[skill_id] for skill_id in levels if skill_id in known]
    for rating in old:
        if rating.confirmed_at < draft.started_at:
            rating.category, rating.wants_to_learn = "", None
        rating.level, rating.confirmed_at = levels[rating.skill_id], confirmed_at
        rating.category = "" if rating.level is None else rating.category
    Rating.objects.bulk_create(new)
    Rating.objects.bulk_update(old, ["level", "confirmed_at", "category", "wants_to_learn"])
    if taken_back:
        draft.ratings.filter(skill_id__in=taken_back).delete()
    record_save(draft, now)
    update_questions(draft)


@transaction.atomic
def save_interests(*, assessment: Assessment, likings: Mapping[str, int | None], now: datetime) -> None:
    """Save how much the user would like activities (1 to 5, None for no answer), by key; each is confirmed at `now`.

    Raises DraftNotFound, and IntegrityError for a liking out of range.
    """
    draft = lock_draft(assessment)
    confirmed_at = max(now, draft.started_at)  # another server's clock may be behind; the answer belongs to this draft
    InterestAnswer.objects.bulk_create(
        [
            InterestAnswer(assessment=draft, activity=activity, liking=liking, confirmed_at=confirmed_at)
            for activity, liking in likings.items()
        ],
        update_conflicts=True,
        unique_fields=["assessment", "activity"],
        update_fields=["liking", "confirmed_at"],
    )
    record_save(draft, now)
    update_questions(draft)
