"""Change an assessment. Every save locks the draft, so two tabs save one after the other."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, cast

from django.db import transaction
from django.db.models import F

from accounts.models import User
from careerplan.catalogue.models import Occupation, OccupationTask, Skill
from careerplan.core.history import version_at
from careerplan.matching.questions import PAGE
from careerplan.plans.models import Plan
from careerplan.plans.services import DirectionData, ensure_active_plan, set_direction
from careerplan.skills.interests import score_interests
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer
from careerplan.skills.queries.comparison import load_needs
from careerplan.skills.queries.draft import DIRECTION, EDUCATION, latest_assessment, load_wizard
from careerplan.skills.queries.occupation_table import ranked_occupations
from careerplan.skills.queries.questions import choose_questions, count_pages
from careerplan.skills.queries.skill_gap import is_in_results
from careerplan.skills.queries.standing import current_occupation_id

MOST_OWN_SKILLS = 50  # own skills of a user; the wizard asks about each of them


class DraftNotFound(Exception):
    """The draft was finished or deleted in another tab or on another device."""


class TooManyOwnSkills(Exception):
    """The user would have more own skills than MOST_OWN_SKILLS."""


class AssessmentIncomplete(Exception):
    """A required answer is missing; `page_key` names the first such page."""

    def __init__(self, page_key: str) -> None:
        super().__init__(page_key)
        self.page_key = page_key


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


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """Strength or weakness of a skill, with an example; None does not change it."""

    category: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The answer about a task; blank if it is left open."""

    experience: str = ""
    evidence: str = ""


@contextmanager
def locked_draft(*, user: User) -> Iterator[Assessment]:
    """Lock the user's draft until the block ends, so that what is read stays valid for saving. Raises DraftNotFound."""
    with transaction.atomic():
        drafts = Assessment.objects.for_user(user).drafts().select_for_update(of=("self",), no_key=True)
        draft = drafts.select_related("current_occupation", "target_occupation", "user").first()
        if draft is None:
            raise DraftNotFound
        yield draft


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
        _update_questions(draft)
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
def start_interests(*, user: User, now: datetime) -> Assessment:
    """Return a draft that asks what the user likes: the unfinished one, or a retake that asks for nothing else.

    Where they are and want to be comes from the plan, education from the newest assessment, so that it can be finished.
    """
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=())
    is_new = draft.limited_to == [] and draft.saved_at is None
    plan = Plan.objects.for_user(user).active().first() if is_new else None
    last = latest_assessment(user) if is_new else None
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
    return draft


@transaction.atomic
def save_direction(*, assessment: Assessment, changes: DirectionChanges, now: datetime) -> None:
    """Save answers about where the user is and wants to be. Raises DraftNotFound."""
    draft = _lock(assessment)
    for field, value in changes.items():
        setattr(draft, field, value)
    draft.current_unlisted &= draft.current_occupation_id is None
    draft.target_unlisted &= draft.target_occupation_id is None
    _save(draft, now, *changes, "current_unlisted", "target_unlisted")
    _update_questions(draft)


@transaction.atomic
def save_education(*, assessment: Assessment, changes: EducationChanges, now: datetime) -> None:
    """Save answers about education. Raises DraftNotFound."""
    draft = _lock(assessment)
    Education.objects.update_or_create(assessment=draft, defaults={**changes})
    _save(draft, now)


@transaction.atomic
def save_task_answers(*, assessment: Assessment, changes: Mapping[OccupationTask, TaskChange], now: datetime) -> None:
    """Save what the user has done, by task, with the text as it was asked; each is confirmed at `now`. Raises
    DraftNotFound, and IntegrityError for an unknown experience.
    """
    draft = _lock(assessment)
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
    _save(draft, now)


@transaction.atomic
def save_ratings(
    *, assessment: Assessment, levels: Mapping[int, int | None], now: datetime, taken_back: Collection[int] = ()
) -> None:
    """Save levels (0 to 5, None for "not sure") by skill id; each is confirmed at `now`. Delete those `taken_back`.

    A skill that becomes "not sure" is no longer a strength or weakness. What the last assessment said about a skill
    that is confirmed now is asked again. Raises DraftNotFound, and IntegrityError for a level out of range.
    """
    draft = _lock(assessment)
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
    _save(draft, now)
    _update_questions(draft)


@transaction.atomic
def save_interests(*, assessment: Assessment, likings: Mapping[str, int | None], now: datetime) -> None:
    """Save how much the user would like activities (1 to 5, None for no answer), by key; each is confirmed at `now`.

    Raises DraftNotFound, and IntegrityError for a liking out of range.
    """
    draft = _lock(assessment)
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
    _save(draft, now)
    _update_questions(draft)


@transaction.atomic
def save_categories(*, assessment: Assessment, changes: Mapping[int, CategoryChange], now: datetime) -> None:
    """Save strength, neither or weakness, and the example, by skill id. Raises DraftNotFound."""
    draft = _lock(assessment)
    ratings = list(draft.ratings.filter(skill_id__in=changes, level__isnull=False))
    for rating in ratings:
        wanted = changes[rating.skill_id]
        rating.category = rating.category if wanted.category is None else wanted.category
        rating.evidence = rating.evidence if wanted.evidence is None else wanted.evidence
    Rating.objects.bulk_update(ratings, ["category", "evidence"])
    _save(draft, now)


@transaction.atomic
def choose_skills_to_learn(
    *, assessment: Assessment, wanted: set[int], now: datetime, among: set[int] | None = None
) -> None:
    """Save which rated skills (ids) the user wants to learn; the others are unticked.

    With `among`, skills outside it do not change. Raises DraftNotFound.
    """
    draft = _lock(assessment)
    ratings = draft.ratings.all() if among is None else draft.ratings.filter(skill_id__in=among)
    ratings.filter(skill_id__in=wanted).update(wants_to_learn=True)
    ratings.exclude(skill_id__in=wanted).update(wants_to_learn=False)
    _save(draft, now)


@transaction.atomic
def add_own_skill(*, assessment: Assessment, name: str, level: int | None, now: datetime) -> Skill:
    """Add an own skill to learn, with its level today.

    If the user sees a skill of this name already, that one is used, and restored if it was archived. Idempotent. Raises
    DraftNotFound.
    """
    draft = _lock(assessment)
    confirmed_at = max(now, draft.started_at)
    skill = _skill_named(draft.user, name)
    rating, created = Rating.objects.get_or_create(
        assessment=draft, skill=skill, defaults={"level": level, "wants_to_learn": True, "confirmed_at": confirmed_at}
    )
    if not created and level is not None:
        rating.level, rating.confirmed_at = level, confirmed_at
    if rating.level is not None and not rating.category:
        rating.category = Rating.Category.NEITHER  # it is to be learned; sorting it again would be a step back
    rating.wants_to_learn = True
    rating.save()
    _save(draft, now)
    return skill


@transaction.atomic
def ask_about_skills(*, assessment: Assessment, skills: Iterable[int], names: Iterable[str], now: datetime) -> None:
    """Add skills to the draft: ids of visible skills, names of own ones.

    Nothing is rated. Names work as in `add_own_skill`. Idempotent. Raises DraftNotFound and TooManyOwnSkills without
    any change.
    """
    draft = _lock(assessment)
    wanted = {*Skill.objects.visible_to(draft.user).in_use().filter(pk__in=list(skills)).values_list("pk", flat=True)}
    own = {_skill_named(draft.user, name).pk for name in names}
    if own and Skill.objects.for_user(draft.user).in_use().count() > MOST_OWN_SKILLS:
        raise TooManyOwnSkills
    draft.also_asked = sorted({*(draft.also_asked or ()), *wanted, *own})
    _save(draft, now, "also_asked")


@transaction.atomic
def rename_own_skill(*, skill: Skill, name: str) -> None:
    """Rename an own skill. It stays the same skill in results and goals.

    Raises IntegrityError if the user has one of this name.
    """
    Skill.objects.filter(pk=skill.pk, owner__isnull=False).update(name=name)


@transaction.atomic
def delete_own_skill(*, skill: Skill, now: datetime) -> None:
    """Remove an own skill from the draft, and delete it.

    If a finished assessment rates it, it is archived instead: the results do not change, and it is no longer asked.
    Idempotent.
    """
    draft = Assessment.objects.filter(user=skill.owner_id).drafts().select_for_update(no_key=True).first()
    if draft is not None:
        draft.ratings.filter(skill=skill).delete()
        _save(draft, now)
    if is_in_results(skill):
        Skill.objects.filter(pk=skill.pk).in_use().update(archived_at=now)
    else:
        Skill.objects.filter(pk=skill.pk).delete()


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
def discard_draft(*, user: User) -> None:
    """Delete the user's draft with all its answers, if there is one. Finished assessments stay.

    Waits for a request that is saving or finishing it; once finished it is no draft and stays.
    """
    draft = Assessment.objects.for_user(user).drafts().select_for_update().first()
    if draft is not None:
        draft.delete()


def _skill_named(user: User, name: str) -> Skill:
    """Return the visible skill of this name, restored if it was archived; else a new own skill."""
    skill = Skill.objects.visible_to(user).named(name).first() or Skill.objects.create(name=name, owner=user)
    if skill.archived_at is not None:
        skill.archived_at = None
        skill.save(update_fields=["archived_at"])
    return skill


def exceeds_own_skills(user: User, name: str) -> bool:
    """Return whether a skill of this name would exceed the limit of own skills."""
    own = Skill.objects.for_user(user)
    known = Skill.objects.visible_to(user).named(name)
    return not known.exists() and own.in_use().count() >= MOST_OWN_SKILLS


def _update_questions(draft: Assessment) -> None:
    """Choose the next page of a quick assessment by the answers so far; none without enough rated occupations."""
    catalogue = ranked_occupations() if draft.mode == Assessment.Mode.QUICK and draft.limited_to is None else None
    if catalogue is None:
        return
    answers = draft.ratings.filter(confirmed_at__gte=draft.started_at).values_list("skill_id", "level")
    scores = score_interests(dict(draft.interest_answers.values_list("activity", "liking")))
    current_id = current_occupation_id(draft)
    target_id = draft.target_occupation_id
    needs = load_needs([target_id])[target_id] if target_id else {}
    levels = dict(answers)
    questions = choose_questions(catalogue, draft.questions or [], levels, current_id, needs, interests=scores)
    pages = -(-len(questions) // PAGE)
    if not all(pk in levels for pk in questions):  # else there is nothing left to ask, and no page will follow
        pages = max(count_pages(catalogue, current_id, needs), pages)
    if (questions, pages) != (draft.questions, draft.question_pages):
        draft.questions, draft.question_pages = questions, pages
        Assessment.objects.filter(pk=draft.pk).update(questions=questions, question_pages=pages)


def _lock(assessment: Assessment) -> Assessment:
    """Lock the draft until the transaction ends."""
    draft = Assessment.objects.drafts().select_for_update(no_key=True).filter(pk=assessment.pk).first()
    if draft is None:
        raise DraftNotFound
    return draft


def _save(draft: Assessment, now: datetime, *fields: str) -> None:
    """Save changed fields of the draft and the time of saving."""
    changes: dict[str, Any] = {field: getattr(draft, field) for field in fields}
    Assessment.objects.filter(pk=draft.pk).update(**changes, saved_at=now, version=F("version") + 1)


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
