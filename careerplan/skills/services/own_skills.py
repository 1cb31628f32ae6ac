"""Skills that a user adds."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.skill_gap import is_in_results
from careerplan.skills.services.locks import lock_draft, record_save

MOST_OWN_SKILLS = 50  # own skills of a user; the wizard asks about each of them


class TooManyOwnSkills(Exception):
    """The user would have more own skills than MOST_OWN_SKILLS."""


@transaction.atomic
def add_own_skill(*, assessment: Assessment, name: str, level: int | None, now: datetime) -> Skill:
    """Add an own skill to learn, with its level today.

    If the user sees a skill of this name already, that one is used, and restored if it was archived. Idempotent. Raises
    DraftNotFound.
    """
    draft = lock_draft(assessment)
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
    record_save(draft, now)
    return skill


@transaction.atomic
def ask_about_skills(*, assessment: Assessment, skills: Iterable[int], names: Iterable[str], now: datetime) -> None:
    """Add skills to the draft: ids of visible skills, names of own ones.

    Nothing is rated. Names work as in `add_own_skill`. Idempotent. Raises DraftNotFound and TooManyOwnSkills without
    any change.
    """
    draft = lock_draft(assessment)
    wanted = {*Skill.objects.visible_to(draft.user).in_use().filter(pk__in=list(skills)).values_list("pk", flat=True)}
    own = {_skill_named(draft.user, name).pk for name in names}
    if own and Skill.objects.for_user(draft.user).in_use().count() > MOST_OWN_SKILLS:
        raise TooManyOwnSkills
    draft.also_asked = sorted({*(draft.also_asked or ()), *wanted, *own})
    record_save(draft, now, "also_asked")


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
        record_save(draft, now)
    if is_in_results(skill):
        Skill.objects.filter(pk=skill.pk).in_use().update(archived_at=now)
    else:
        Skill.objects.filter(pk=skill.pk).delete()


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
