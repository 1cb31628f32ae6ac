"""Bringing in what was picked of a resume."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from careerplan.imports.content import School, normal
from careerplan.imports.matching import SkillFound
from careerplan.imports.queries import Standing, standing_of
from careerplan.skills import services as skills
from careerplan.skills.models import LONG_TEXT_LENGTH, Assessment
from careerplan.skills.queries.draft import skills_to_retake


class AnsweredMeanwhile(Exception):
    """The assessment says something else by now than the page showed; it is not written over unseen."""


class TooManyCertificates(Exception):
    """They are longer than the assessment can hold."""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What the person picked."""

    skills: list[SkillFound] = field(default_factory=list)
    role: str = ""
    school: School | None = None
    certificates: list[str] = field(default_factory=list)


@transaction.atomic
def bring_in(*, user: User, picked: Picked, seen: Standing, now: datetime) -> None:
    """Write what was picked into the draft of the person; one is begun where there is none. Twice is once.

    Skills are asked about and not rated; certificates are added to those that are there. `seen` is what the page
    showed. Raises DraftNotFound where the assessment was finished or discarded since, AnsweredMeanwhile,
    TooManyOwnSkills and TooManyCertificates; then nothing is changed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    standing = standing_of(user)
    if standing.newest != seen.newest or (seen.draft is not None and standing.draft != seen.draft):
        raise skills.DraftNotFound
    ids = [one.pk for one in picked.skills if one.pk is not None]
    if standing.draft is None:
        _begin(user, ids, now)
    with skills.locked_draft(user=user) as draft:
        standing = standing_of(user)
        _save_role(draft, picked, seen, standing, now)
        _save_education(draft, picked, seen, standing, now)
        if picked.skills:
            names = [one.name for one in picked.skills if one.pk is None]
            skills.ask_about_skills(assessment=draft, skills=ids, names=names, now=now)


def _begin(user: User, ids: list[int], now: datetime) -> None:
    """A quick assessment; who has an inventory is asked about what is new or due again only."""
    due = skills_to_retake(user, now, ids)
    skills.start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=due or None)


def _save_role(draft: Assessment, picked: Picked, seen: Standing, standing: Standing, now: datetime) -> None:
    if not picked.role or picked.role == standing.role:
        return
    if standing.role != seen.role:
        raise AnsweredMeanwhile
    skills.save_direction(assessment=draft, changes={"current_role": picked.role}, now=now)


def _save_education(draft: Assessment, picked: Picked, seen: Standing, standing: Standing, now: datetime) -> None:
    changes: skills.EducationChanges = {}
    if picked.school is not None:
        level, studied = picked.school.level or standing.level, picked.school.field or standing.field
        if (level, studied) != standing.education:
            if standing.education != seen.education:
                raise AnsweredMeanwhile
            changes |= {"level": level, "field": studied}
    there = {normal(line) for line in standing.certificates.splitlines()}
    new = [line for line in picked.certificates if normal(line) not in there]
    if new:
        changes["credentials"] = "\n".join([*standing.certificates.splitlines(), *new])
        if len(changes["credentials"]) > LONG_TEXT_LENGTH:
            raise TooManyCertificates
    if changes:
        skills.save_education(assessment=draft, changes=changes, now=now)
