"""Queries of the import page: the skills to match, and the answers in the assessment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import User
from careerplan.catalogue.folding import fold
from careerplan.catalogue.models import Skill
from careerplan.imports.content import CvContent
from careerplan.imports.matching import ProposedSkill, match
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.draft import get_draft, latest_assessment

ALIKE = 0.6
"""Least similarity of two spellings (0 to 1, shared trigrams), for typing errors. A search may use less."""
_ALIKE = """
SELECT DISTINCT ON (given.name) given.name, skill.id
FROM unnest(%(names)s::text[], %(folded)s::text[]) AS given(name, folded)
JOIN unnest(%(ids)s::bigint[], %(skills)s::text[]) AS skill(id, folded)
    ON similarity(given.folded, skill.folded) >= %(alike)s
ORDER BY given.name, similarity(given.folded, skill.folded) DESC, skill.id
"""


@dataclass(frozen=True, slots=True)
class AssessmentAnswers:
    """Answers in the user's assessment, and the ids of it and of the newest finished one (None if missing).

    As the wizard shows them: an unanswered page starts with values from the plan and the newest assessment.
    """

    draft: int | None
    newest: int | None
    role: str
    level: str
    field: str
    certificates: str

    @property
    def education(self) -> tuple[str, str]:
        """Return level and subject."""
        return self.level, self.field


def assessment_answers(user: User) -> AssessmentAnswers:
    """Return the answers in a user's assessment. At most five queries."""
    draft, newest = get_draft(user), latest_assessment(user)
    role = draft.current_role if draft else ""
    if not role and not (draft and draft.career_stage):
        plan = Plan.objects.for_user(user).active().first()
        role = plan.current_role if plan else ""
    said, before = _education(draft), _education(newest)
    if said.level and said.enough:
        before = said
    return AssessmentAnswers(
        draft=draft.pk if draft else None,
        newest=newest.pk if newest else None,
        role=role,
        level=said.level or before.level,
        field=said.field or before.field,
        certificates=said.credentials or before.credentials,
    )


def _education(assessment: Assessment | None) -> Education:
    found = Education.objects.filter(assessment=assessment).first() if assessment else None
    return found or Education()


def skills_in(user: User, resume: CvContent) -> list[ProposedSkill]:
    """Return the skills of a CV, matched with existing ones if possible. Two queries."""
    skills = list(Skill.objects.visible_to(user).in_use().in_order())
    return match(resume.skills, skills, spelled_alike(resume.skills, skills))


def spelled_alike(names: Iterable[str], skills: Iterable[Skill]) -> dict[str, int]:
    """Return names whose spelling is close to that of a skill, with its id. One query."""
    given = [(name, folded) for name in names if (folded := fold(name))]
    known = [(skill.pk, fold(skill.name)) for skill in skills]
    values: dict[str, Any] = {
        "names": [name for name, _folded in given],
        "folded": [folded for _name, folded in given],
        "ids": [pk for pk, _folded in known],
        "skills": [folded for _pk, folded in known],
        "alike": ALIKE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, values)
        return dict(cursor.fetchall())
