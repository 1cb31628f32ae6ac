"""Finish an assessment and write its direction into the plan."""

from datetime import date, datetime

from django.db import transaction

from careerplan.core.history import version_at
from careerplan.plans.models import Plan
from careerplan.plans.services import DirectionData, lock_active_plan, set_direction
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.draft import latest_assessment, load_wizard
from careerplan.skills.services.locks import DraftNotFound, lock_draft


class AssessmentIncomplete(Exception):
    """A required answer is missing; `page_key` names the first such page."""

    def __init__(self, page_key: str) -> None:
        super().__init__(page_key)
        self.page_key = page_key


@transaction.atomic
def finish_assessment(*, assessment: Assessment, now: datetime, today: date) -> Assessment:
    """Finish the assessment and write its direction into the plan. Idempotent.

    Raises AssessmentIncomplete if a page is not answered, DraftNotFound if it was deleted.
    """
    locked = Assessment.objects.select_for_update(no_key=True).filter(pk=assessment.pk).first()
    if locked is None:
        raise DraftNotFound
    if locked.is_finished:
        return locked
    wizard = load_wizard(locked)
    if not wizard.is_complete:
        raise AssessmentIncomplete(wizard.first_unanswered.key)
    locked.finished_at = locked.saved_at = max(now, locked.started_at)  # a clock may have been set back
    locked.save(update_fields=["finished_at", "saved_at"])
    plan = lock_active_plan(user=locked.user, today=today)  # what the wizard did not touch stays as it is now
    set_direction(plan=plan, direction=_merged_direction(locked, plan))
    return locked


@transaction.atomic
def finish_without_sorting(*, assessment: Assessment, now: datetime, today: date) -> Assessment:
    """Finish an assessment without its optional pages: what is marked neither here nor last time is neither, and not to
    be learned.

    Raises what `finish_assessment` raises, then without any change.
    """
    draft = lock_draft(assessment)
    _keep_last_marks(draft)
    draft.ratings.filter(level__isnull=False, category="").update(category=Rating.Category.NEITHER)
    draft.ratings.filter(wants_to_learn__isnull=True).update(wants_to_learn=False)
    return finish_assessment(assessment=draft, now=now, today=today)


def _keep_last_marks(draft: Assessment) -> None:
    """Mark what was rated again and not sorted as in the last assessment. A strength that is now rated
    lower loses its mark, and so does a weakness that is now rated higher.
    """
    last = latest_assessment(draft.user)
    before = {rating.skill_id: rating for rating in last.ratings.all()} if last else {}
    again = [rating for rating in draft.ratings.all() if rating.skill_id in before]
    for rating in again:
        mark = before[rating.skill_id]
        if not rating.category and _still_holds(mark, rating.level):
            rating.category = mark.category
        if rating.wants_to_learn is None:
            rating.wants_to_learn = mark.wants_to_learn
    Rating.objects.bulk_update(again, ["category", "wants_to_learn"])


def _still_holds(mark: Rating, level: int | None) -> bool:
    """Return whether a skill at this level is still the strength or weakness that it was."""
    if level is None or mark.level is None:
        return False
    return level >= mark.level if mark.category == Rating.Category.STRENGTH else level <= mark.level


# Fields of a direction that form one answer.
ANSWERS = (
    ("career_stage",),
    ("current_role",),
    ("target_role", "target_occupation"),
    ("vision",),
    ("horizon", "horizon_on"),
)


def _merged_direction(assessment: Assessment, plan: Plan) -> DirectionData:
    """Return the direction for the plan: answers of the wizard replace it, except for fields changed in the plan
    since the wizard started and untouched in the wizard.
    """
    direction = _direction_of(assessment)
    before = version_at(plan, assessment.started_at)
    if before is None:
        return direction
    for answer in ANSWERS:
        if all(direction[field] == getattr(before, field) for field in answer):  # type: ignore[literal-required]
            for field in answer:
                direction[field] = getattr(plan, field)  # type: ignore[literal-required]
    return direction


def _direction_of(assessment: Assessment) -> DirectionData:
    return {
        "career_stage": assessment.career_stage,
        "current_role": assessment.current_role,
        "target_role": assessment.target_role,
        "target_occupation": assessment.target_occupation,
        "vision": assessment.vision,
        "horizon": assessment.horizon,
        "horizon_on": assessment.horizon_on,
    }
