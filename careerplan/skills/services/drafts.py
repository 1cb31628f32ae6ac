"""Start a draft, and delete it."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.db import transaction

from accounts.models import User
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer
from careerplan.skills.queries.draft import DIRECTION, EDUCATION, latest_assessment
from careerplan.skills.services.direction import DirectionChanges, EducationChanges, save_direction, save_education
from careerplan.skills.services.own_skills import ask_about_skills
from careerplan.skills.services.questions import update_questions


@transaction.atomic
def start_assessment(
    *, user: User, mode: Assessment.Mode, now: datetime, limited_to: Iterable[int] | None = None
) -> Assessment:
    """Return the user's draft: the unfinished one in any mode, or a new one.

    A new one starts with the ratings of the newest assessment and the answers about tasks and activities, each to be
    confirmed; those that are not asked stay as they are. `limited_to` (ids) asks about some skills only; empty, about
    interests only. Safe against two requests at once: the database allows one draft per user.
    """
    limit = None if limited_to is None else sorted(set(limited_to))
    draft, created = Assessment.objects.get_or_create(
        user=user, finished_at=None, defaults={"mode": mode, "started_at": now, "limited_to": limit}
    )
    last = latest_assessment(user) if created else None
    if last is not None:
        _carry_over(last, draft, now)
    if created:
        update_questions(draft)
    return draft


def _carry_over(last: Assessment, draft: Assessment, now: datetime) -> None:
    ratings = list(last.ratings.filter(confirmed_at__lt=now, skill__archived_at__isnull=True))
    answers = list(last.task_answers.filter(confirmed_at__lt=now).exclude(experience="", evidence=""))
    likings = list(last.interest_answers.filter(confirmed_at__lt=now))
    rows: list[Rating | TaskAnswer | InterestAnswer] = [*ratings, *answers, *likings]
    for row in rows:
        row.pk, row.assessment = None, draft
    Rating.objects.bulk_create(ratings)
    TaskAnswer.objects.bulk_create(answers)
    InterestAnswer.objects.bulk_create(likings)


@transaction.atomic
def start_interests_draft(*, user: User, now: datetime) -> Assessment:
    """Return a draft that asks what the user likes: the unfinished one, or a retake that asks for nothing else.

    Where they are and want to be comes from the plan, education from the newest assessment, so that it can be finished.
    """
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=())
    if draft.limited_to == [] and draft.saved_at is None:
        _take_over_answers(draft, now)
    return draft


@transaction.atomic
def start_questions(*, user: User, skills: Iterable[int], now: datetime) -> Assessment:
    """Return a draft that asks about these skills (ids): a retake that asks for nothing else, or the unfinished one."""
    wanted = sorted(set(skills))
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=wanted)
    if draft.limited_to == wanted and draft.saved_at is None:
        _take_over_answers(draft, now)
    else:
        ask_about_skills(assessment=draft, skills=wanted, names=(), now=now)
    return draft


def _take_over_answers(draft: Assessment, now: datetime) -> None:
    """Fill in the direction of the plan and the education of the newest assessment."""
    user = draft.user
    plan, last = Plan.objects.for_user(user).active().first(), latest_assessment(user)
    if plan is not None:
        changes = cast("DirectionChanges", {field: getattr(plan, field) for field in DIRECTION})
        changes["target_unlisted"] = bool(plan.target_role) and plan.target_occupation_id is None
        changes["target_undecided"] = not (plan.target_role or plan.target_occupation_id)
        if last is not None and last.current_role == plan.current_role:
            changes["current_occupation"] = last.current_occupation
            changes["current_unlisted"] = last.current_unlisted
        save_direction(assessment=draft, changes=changes, now=now)
    if last is not None:
        known = Education.objects.filter(assessment=last).values(*EDUCATION).first()
        if known is not None:
            save_education(assessment=draft, changes=cast("EducationChanges", known), now=now)
    draft.refresh_from_db()


@transaction.atomic
def discard_draft(*, user: User) -> None:
    """Delete the user's draft with all its answers, if there is one. Finished assessments stay.

    Waits for a request that is saving or finishing it; once finished it is not a draft and stays.
    """
    draft = Assessment.objects.for_user(user).drafts().select_for_update().first()
    if draft is not None:
        draft.delete()
