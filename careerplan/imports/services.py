"""Import the chosen parts of a CV."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from careerplan.imports.content import CvSchool, normalize_name
from careerplan.imports.queries import AssessmentAnswers, ProposedSkill, assessment_answers
from careerplan.skills.models import LONG_TEXT_LENGTH, Assessment
from careerplan.skills.queries.draft import skills_to_retake
from careerplan.skills.services.direction import EducationChanges, save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.locks import DraftNotFound, locked_draft
from careerplan.skills.services.own_skills import ask_about_skills


class AnswersChanged(Exception):
    """The assessment has changed since the page was shown; its answers are not overwritten."""


class TooManyCertificates(Exception):
    """The certificates are too long for the assessment."""


@dataclass(frozen=True, kw_only=True)
class CvSelection:
    """What the user chose."""

    skills: list[ProposedSkill] = field(default_factory=list)
    role: str = ""
    school: CvSchool | None = None
    certificates: list[str] = field(default_factory=list)


@transaction.atomic
def import_selection(*, user: User, picked: CvSelection, seen: AssessmentAnswers, now: datetime) -> None:
    """Write the selection to the user's draft assessment; start one if there is none. Idempotent.

    Skills are added without a rating; certificates are added to existing ones. `seen` is what the page showed. Raises
    DraftNotFound if the assessment was finished or deleted since, AnswersChanged, TooManyOwnSkills and
    TooManyCertificates; then nothing has changed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    current = assessment_answers(user)
    if current.newest != seen.newest or (seen.draft is not None and current.draft != seen.draft):
        raise DraftNotFound
    ids = [one.pk for one in picked.skills if one.pk is not None]
    if current.draft is None:
        _begin(user, ids, now)
    with locked_draft(user=user) as draft:
        current = assessment_answers(user)
        _save_role(draft, picked, seen, current, now)
        _save_education(draft, picked, seen, current, now)
        if picked.skills:
            names = [one.name for one in picked.skills if one.pk is None]
            ask_about_skills(assessment=draft, skills=ids, names=names, now=now)


def _begin(user: User, ids: list[int], now: datetime) -> None:
    """Start a quick assessment; for someone with results, only about new skills and those due again."""
    due = skills_to_retake(user, now, ids)
    start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=due or None)


def _save_role(
    draft: Assessment, picked: CvSelection, seen: AssessmentAnswers, current: AssessmentAnswers, now: datetime
) -> None:
    if not picked.role or picked.role == current.role:
        return
    if current.role != seen.role:
        raise AnswersChanged
    save_direction(assessment=draft, changes={"current_role": picked.role}, now=now)


def _save_education(
    draft: Assessment, picked: CvSelection, seen: AssessmentAnswers, current: AssessmentAnswers, now: datetime
) -> None:
    changes: EducationChanges = {}
    if picked.school is not None:
        level, studied = picked.school.level or current.level, picked.school.field or current.field
        if (level, studied) != current.education:
            if current.education != seen.education:
                raise AnswersChanged
            changes |= {"level": level, "field": studied}
    there = {normalize_name(line) for line in current.certificates.splitlines()}
    new = [line for line in picked.certificates if normalize_name(line) not in there]
    if new:
        changes["credentials"] = "\n".join([*current.certificates.splitlines(), *new])
        if len(changes["credentials"]) > LONG_TEXT_LENGTH:
            raise TooManyCertificates
    if changes:
        save_education(assessment=draft, changes=changes, now=now)
