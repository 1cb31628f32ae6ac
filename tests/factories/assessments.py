"""Whole assessments, with the rows that the services write, without the services: those lock and load seven times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.interests import activities
from careerplan.catalogue.models import OccupationTask, Skill
from careerplan.plans.models import Plan
from careerplan.plans.services import ensure_active_plan
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer
from careerplan.skills.queries.draft import DIRECTION
from careerplan.skills.services.finish import finish_assessment

EXAMPLE = "Asked for by others."


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says in a full assessment, on its pages in so many `saves`.

    `levels` by skill id; `likings` by activity, those left out have no answer; `tasks`: whether they are asked.
    """

    saves: int
    direction: Mapping[str, Any]
    education: Mapping[str, str]
    levels: Mapping[int, int | None]
    likings: Mapping[str, int] = field(default_factory=dict)
    tasks: bool = False


def is_first(user: User) -> bool:
    """Whether nothing of an earlier assessment comes along, and there is no draft."""
    return not Assessment.objects.for_user(user).exists()


def skills_of(user: User) -> list[int]:
    """The skills (ids) that a full assessment asks about, in its order."""
    return list(Skill.objects.visible_to(user).in_use().in_order().values_list("pk", flat=True))


@transaction.atomic
def write_draft(user: User, said: Said, *, now: datetime) -> Assessment:
    """Write the first assessment of somebody, with everything answered but not finished."""
    draft = Assessment(user=user, mode=Assessment.Mode.FULL, started_at=now, saved_at=now, version=said.saves)
    for name, value in said.direction.items():
        setattr(draft, name, value)
    draft.target_unlisted &= draft.target_occupation_id is None
    draft.current_unlisted &= draft.current_occupation_id is None
    draft.save(force_insert=True)
    Education.objects.create(assessment=draft, **said.education)
    InterestAnswer.objects.bulk_create(
        InterestAnswer(assessment=draft, activity=key, liking=said.likings.get(key), confirmed_at=now)
        for key in activities()
    )
    Rating.objects.bulk_create(_ratings(draft, said.levels, now))
    if said.tasks and draft.target_occupation_id:
        TaskAnswer.objects.bulk_create(_task_answers(draft, now))
    return draft


def _ratings(draft: Assessment, levels: Mapping[int, int | None], now: datetime) -> Iterable[Rating]:
    """Strengths from 4 up with a line of proof, weaknesses to 1; weaknesses are to be learned."""
    for skill, level in levels.items():
        known = level is not None
        is_strength, is_weakness = known and level >= 4, known and level <= 1
        yield Rating(
            assessment=draft,
            skill_id=skill,
            level=level,
            category="strength" if is_strength else "weakness" if is_weakness else "neither" if known else "",
            evidence=EXAMPLE if is_strength else "",
            wants_to_learn=is_weakness,
            confirmed_at=now,
        )


def _task_answers(draft: Assessment, now: datetime) -> Iterable[TaskAnswer]:
    """Every task of the target: never, with help, alone, taught others, in turn."""
    said = TaskAnswer.Experience.values
    for place, task in enumerate(OccupationTask.objects.filter(occupation=draft.target_occupation_id)):
        yield TaskAnswer(
            assessment=draft,
            occupation_id=task.occupation_id,
            text=task.text,
            position=task.position,
            experience=said[place % 4],
            confirmed_at=now,
        )


@transaction.atomic
def finish(draft: Assessment, *, now: datetime, today: date) -> Assessment:
    """Finish a draft of which all is answered; where there is a plan, the service finds out what it takes over."""
    if Plan.objects.for_user(draft.user).active().exists():
        return finish_assessment(assessment=draft, now=now, today=today)
    draft.finished_at = draft.saved_at = now
    draft.save(update_fields=["finished_at", "saved_at"])
    plan = ensure_active_plan(user=draft.user, today=today)
    for name in DIRECTION:
        setattr(plan, name, getattr(draft, name))
    plan.save(update_fields=DIRECTION)
    return draft
