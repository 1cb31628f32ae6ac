"""Finish an assessment and write its direction into the plan."""

from datetime import date, datetime

from django.db import transaction

from careerplan.core.history import version_at
from careerplan.plans.models import Plan
from careerplan.plans.services import DirectionData, ensure_active_plan, set_direction
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.draft import load_wizard
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
    plan = ensure_active_plan(user=locked.user, today=today)
    set_direction(plan=plan, direction=_merged_direction(locked, plan))
    return locked


@transaction.atomic
def finish_without_sorting(*, assessment: Assessment, now: datetime, today: date) -> Assessment:
    """Finish an assessment without its optional pages: what is not marked is neither, and not to be learned.

    Raises what `finish_assessment` raises, then without any change.
    """
    draft = lock_draft(assessment)
    draft.ratings.filter(level__isnull=False, category="").update(category=Rating.Category.NEITHER)
    draft.ratings.filter(wants_to_learn__isnull=True).update(wants_to_learn=False)
    return finish_assessment(assessment=draft, now=now, today=today)


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
