"""What can be done with an assessment. Every saving locks the draft, so two tabs come one after the other."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F

from accounts.models import User
from careerplan.catalogue.models import Occupation, Skill
from careerplan.core.history import version_at
from careerplan.plans.models import Plan
from careerplan.plans.services import DirectionData, ensure_active_plan, set_direction
from careerplan.skills.models import Assessment, Education, Rating
from careerplan.skills.queries.draft import latest_assessment, load_wizard
from careerplan.skills.queries.skill_gap import is_in_results

MOST_OWN_SKILLS = 50  # of one person; the wizard asks about each of them


class DraftNotFound(Exception):
    """The draft was finished or discarded meanwhile, in another tab or on another device."""


class TooManyOwnSkills(Exception):
    """With these the person would have more skills of their own than MOST_OWN_SKILLS."""


class AssessmentIncomplete(Exception):
    """Something that must be answered is not; `page_key` names the first such page."""

    def __init__(self, page_key: str) -> None:
        super().__init__(page_key)
        self.page_key = page_key


class DirectionChanges(TypedDict, total=False):
    """Answers to "where you are" and "where you want to be"; what is left out stays as it is."""

    career_stage: str
    current_role: str
    target_role: str
    target_occupation: Occupation | None
    target_undecided: bool
    vision: str
    horizon: str
    horizon_on: date | None


class EducationChanges(TypedDict, total=False):
    """Answers to "education and training"; what is left out stays as it is."""

    level: str
    field: str
    credentials: str
    enough: str
    missing: str


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """What the person says a skill is, and the line that shows it; None leaves it as it is."""

    verdict: str | None = None
    evidence: str | None = None


@contextmanager
def locked_draft(*, user: User) -> Iterator[Assessment]:
    """The person's draft, held until the block ends: what is read in it is as it will be when it is saved.

    Raises DraftNotFound.
    """
    with transaction.atomic():
        drafts = Assessment.objects.for_user(user).drafts().select_for_update(of=("self",), no_key=True)
        draft = drafts.select_related("target_occupation", "user").first()
        if draft is None:
            raise DraftNotFound
        yield draft


@transaction.atomic
def start_assessment(
    *, user: User, mode: Assessment.Mode, now: datetime, limited_to: Iterable[int] | None = None
) -> Assessment:
    """The person's draft: the one that is under way, whatever its mode, or a new one.

    A new one begins with the ratings of the newest inventory, as old as they are: each waits to be confirmed,
    and what is not asked stays in the inventory as it was. `limited_to` (ids) asks about some skills only.
    Safe against two requests at once: the database allows one draft a person.
    """
    limit = None if limited_to is None else sorted(set(limited_to))
    draft, created = Assessment.objects.get_or_create(
        user=user, finished_at=None, defaults={"mode": mode, "started_at": now, "limited_to": limit}
    )
    last = latest_assessment(user) if created else None
    if last is not None:
        ratings = list(last.ratings.filter(confirmed_at__lt=now, skill__archived_at__isnull=True))
        for rating in ratings:
            rating.pk, rating.assessment = None, draft
        Rating.objects.bulk_create(ratings)
    return draft


@transaction.atomic
def save_direction(*, assessment: Assessment, changes: DirectionChanges, now: datetime) -> None:
    """Write answers about where the person is and wants to be. Raises DraftNotFound."""
    draft = _lock(assessment)
    for field, value in changes.items():
        setattr(draft, field, value)
    _save(draft, now, *changes)


@transaction.atomic
def save_education(*, assessment: Assessment, changes: EducationChanges, now: datetime) -> None:
    """Write answers about education. Raises DraftNotFound."""
    draft = _lock(assessment)
    Education.objects.update_or_create(assessment=draft, defaults={**changes})
    _save(draft, now)


@transaction.atomic
def save_ratings(*, assessment: Assessment, levels: Mapping[int, int | None], now: datetime) -> None:
    """Write levels (0 to 5, None for "not sure") by skill id; each is confirmed at `now`.

    The verdict of a skill that becomes "not sure" is taken back: there is nothing to judge. What the last
    assessment made of a skill that is confirmed now is asked again. Raises DraftNotFound, and IntegrityError for a
    level out of range.
    """
    draft = _lock(assessment)
    confirmed_at = max(now, draft.started_at)  # another server's clock may be behind; the answer is this draft's
    known = {rating.skill_id: rating for rating in draft.ratings.all()}
    new = [
        Rating(assessment=draft, skill_id=skill_id, level=level, confirmed_at=confirmed_at)
        for skill_id, level in levels.items()
        if skill_id not in known
    ]
    old = [known[skill_id] for skill_id in levels if skill_id in known]
    for rating in old:
        if rating.confirmed_at < draft.started_at:
            rating.verdict, rating.wants_to_learn = "", None
        rating.level, rating.confirmed_at = levels[rating.skill_id], confirmed_at
        rating.verdict = "" if rating.level is None else rating.verdict
    Rating.objects.bulk_create(new)
    Rating.objects.bulk_update(old, ["level", "confirmed_at", "verdict", "wants_to_learn"])
    _save(draft, now)


@transaction.atomic
def save_verdicts(*, assessment: Assessment, sorting: Mapping[int, VerdictChange], now: datetime) -> None:
    """Write strength, neither or weakness, and the line of proof, by skill id. Raises DraftNotFound."""
    draft = _lock(assessment)
    ratings = list(draft.ratings.filter(skill_id__in=sorting, level__isnull=False))
    for rating in ratings:
        wanted = sorting[rating.skill_id]
        rating.verdict = rating.verdict if wanted.verdict is None else wanted.verdict
        rating.evidence = rating.evidence if wanted.evidence is None else wanted.evidence
    Rating.objects.bulk_update(ratings, ["verdict", "evidence"])
    _save(draft, now)


@transaction.atomic
def choose_skills_to_learn(
    *, assessment: Assessment, wanted: set[int], now: datetime, among: set[int] | None = None
) -> None:
    """Write which of the rated skills (ids) the person wants to learn; the others they do not.

    With `among` nothing is said about skills that are not in it. Raises DraftNotFound.
    """
    draft = _lock(assessment)
    ratings = draft.ratings.all() if among is None else draft.ratings.filter(skill_id__in=among)
    ratings.filter(skill_id__in=wanted).update(wants_to_learn=True)
    ratings.exclude(skill_id__in=wanted).update(wants_to_learn=False)
    _save(draft, now)


@transaction.atomic
def add_own_skill(*, assessment: Assessment, name: str, level: int | None, now: datetime) -> Skill:
    """A skill of the person's own that they want to learn, with their level today.

    A skill of this name that they see already, their own or the catalogue's, is taken instead: adding twice
    makes one, and what was put away comes back. Raises DraftNotFound.
    """
    draft = _lock(assessment)
    confirmed_at = max(now, draft.started_at)
    skill = _skill_named(draft.user, name)
    rating, created = Rating.objects.get_or_create(
        assessment=draft, skill=skill, defaults={"level": level, "wants_to_learn": True, "confirmed_at": confirmed_at}
    )
    if not created and level is not None:
        rating.level, rating.confirmed_at = level, confirmed_at
    if rating.level is not None and not rating.verdict:
        rating.verdict = Rating.Verdict.NEITHER  # it is to be learned; sorting it again would be a step back
    rating.wants_to_learn = True
    rating.save()
    _save(draft, now)
    return skill


@transaction.atomic
def ask_about_skills(*, assessment: Assessment, skills: Iterable[int], names: Iterable[str], now: datetime) -> None:
    """Have the draft ask about these skills too: ids of what the person sees, names of what is to be their own.

    Nothing is rated. Names are taken as in `add_own_skill`; twice is once. Raises DraftNotFound, and TooManyOwnSkills,
    and then nothing is changed.
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
    """Give a skill of the person's own another name. It stays the same skill, also in finished results and goals.

    Raises IntegrityError where they have one of this name.
    """
    Skill.objects.filter(pk=skill.pk, owner__isnull=False).update(name=name)


@transaction.atomic
def delete_own_skill(*, skill: Skill, now: datetime) -> None:
    """Take a skill of the person's own out of their draft, and delete it.

    One that a finished assessment rates is put away instead: the results do not change, and it is asked about no
    more. Twice is once.
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
    """Freeze the assessment and write where the person wants to be into their plan. Twice is once.

    Raises AssessmentIncomplete where a page is not answered, DraftNotFound where it was discarded.
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
    """Delete the person's draft with all its answers, if there is one. Finished assessments stay.

    Waits for whoever is just saving or finishing it: what is finished meanwhile is no draft any more.
    """
    draft = Assessment.objects.for_user(user).drafts().select_for_update().first()
    if draft is not None:
        draft.delete()


def _skill_named(user: User, name: str) -> Skill:
    """The skill of this name that the person sees, back again if it was put away; else a new one of their own."""
    skill = Skill.objects.visible_to(user).named(name).first() or Skill.objects.create(name=name, owner=user)
    if skill.archived_at is not None:
        skill.archived_at = None
        skill.save(update_fields=["archived_at"])
    return skill


def exceeds_own_skills(user: User, name: str) -> bool:
    """Whether a skill of this name would be new and the person has as many as one may have."""
    own = Skill.objects.for_user(user)
    known = Skill.objects.visible_to(user).named(name)
    return not known.exists() and own.in_use().count() >= MOST_OWN_SKILLS


def _lock(assessment: Assessment) -> Assessment:
    """The draft, held until the transaction ends."""
    draft = Assessment.objects.drafts().select_for_update(no_key=True).filter(pk=assessment.pk).first()
    if draft is None:
        raise DraftNotFound
    return draft


def _save(draft: Assessment, now: datetime, *fields: str) -> None:
    """Note the saving on the draft, together with its own changed fields."""
    changes: dict[str, Any] = {field: getattr(draft, field) for field in fields}
    Assessment.objects.filter(pk=draft.pk).update(**changes, saved_at=now, version=F("version") + 1)


# What of a direction is one answer.
ANSWERS = (
    ("career_stage",),
    ("current_role",),
    ("target_role", "target_occupation"),
    ("vision",),
    ("horizon", "horizon_on"),
)


def _merged_direction(assessment: Assessment, plan: Plan) -> DirectionData:
    """The direction for the plan: what the wizard was told goes over what stood there; what was changed in the plan
    since the wizard began, and left alone in the wizard, stays.
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
