"""Proposals from a CV: the skills it names, and the answers of the assessment that they could replace."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import connection

from accounts.models import User
from careerplan.catalogue.folding import fold
from careerplan.catalogue.models import Skill
from careerplan.imports.content import CvContent, CvPosition, CvSchool, LeftOut
from careerplan.plans.models import Plan
from careerplan.reading.skill_names import SkillNames
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.draft import get_draft, latest_assessment

LEAST_SIMILARITY = 0.6  # of two spellings, 0 to 1 (shared trigrams): a slip of the pen; a search may be laxer
SIMILAR_SKILLS = """
SELECT DISTINCT ON (given.name) given.name, skill.id
FROM unnest(%(names)s::text[], %(folded)s::text[]) AS given(name, folded)
JOIN unnest(%(ids)s::bigint[], %(skills)s::text[]) AS skill(id, folded)
    ON similarity(given.folded, skill.folded) >= %(alike)s
ORDER BY given.name, similarity(given.folded, skill.folded) DESC, skill.id
"""
# How a name in a CV led to a skill, the surest first: it is its name or a listed other name, such words are in it, it
# is spelled much like it, it means much the same, or it led to none. Only the first is sure.
ORDER = NAME, PART, ALIKE, MEANING, OWN = "name", "part", "alike", "meaning", "own"


@dataclass(slots=True)
class ProposedSkill:
    """A skill to choose: `pk` of an existing one, None for a new one.

    `how` is the surest kind of match among its `names` in the CV.
    """

    pk: int | None
    name: str
    how: str
    names: list[str] = field(default_factory=list)


def match_skills(names: Iterable[str], skills: Iterable[Skill], alike: Mapping[str, int]) -> list[ProposedSkill]:
    """Return the skills that names match, surest first. `alike`: names with spelling similar to a skill (its id)."""
    known = list(skills)
    by_id = {skill.pk: skill for skill in known}
    listed = SkillNames((skill.pk, skill.name, "" if skill.is_own else skill.key) for skill in known)
    found: dict[object, ProposedSkill] = {}
    for name in names:
        pk, how = listed.named(name), NAME
        if pk is None:
            pk, how = listed.hinted(name), PART
        if pk is None:
            pk, how = alike.get(name), ALIKE
        if pk is None:
            pk, how = listed.meant(name), MEANING
        skill = by_id.get(pk) if pk is not None else None
        if skill is None or how in {PART, MEANING}:  # a guess: it may be a skill of its own
            found[name.casefold()] = ProposedSkill(None, name, OWN, [name])
        if skill is None:
            continue
        one = found.setdefault(skill.pk, ProposedSkill(skill.pk, skill.name, how))
        one.names.append(name)
        one.how = min(one.how, how, key=ORDER.index)
    return sorted(found.values(), key=lambda one: ORDER.index(one.how))


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
    own_skills: int = 0

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


def propose_skills(user: User, resume: CvContent) -> tuple[list[ProposedSkill], int]:
    """Return the skills of a CV, as far as possible those that are there, and how many own ones the user has.

    Two queries.
    """
    skills = list(Skill.objects.visible_to(user).in_use().in_order())
    found = match_skills(resume.skills, skills, find_similar_names(resume.skills, skills))
    return found, sum(skill.is_own for skill in skills)


def find_similar_names(names: Iterable[str], skills: Iterable[Skill]) -> dict[str, int]:
    """The names that are spelled much like that of a skill, with its id. One query."""
    given = [(name, folded) for name in names if (folded := fold(name))]
    known = [(skill.pk, fold(skill.name)) for skill in skills]
    values: dict[str, Any] = {
        "names": [name for name, _folded in given],
        "folded": [folded for _name, folded in given],
        "ids": [pk for pk, _folded in known],
        "skills": [folded for _pk, folded in known],
        "alike": LEAST_SIMILARITY,
    }
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR_SKILLS, values)
        return dict(cursor.fetchall())


SALT = "careerplan.cv"
PROPOSALS_LIFETIME = timedelta(days=1)


class ProposalsExpired(Exception):
    """The suggestions were made for someone else, were changed, or are too old."""


@dataclass(frozen=True, slots=True)
class CvProposals:
    """Everything that can be chosen, and the state of the assessment when it was shown."""

    skills: list[ProposedSkill]
    positions: list[CvPosition]
    schools: list[CvSchool]
    certificates: list[str]
    excluded: int
    seen: AssessmentAnswers
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def unlisted(self) -> int:
        """Return how many places are left out beyond those that are listed."""
        return self.excluded - len(self.left_out)


def make_proposals(resume: CvContent, skills: list[ProposedSkill], seen: AssessmentAnswers) -> CvProposals:
    """What a resume proposes."""
    return CvProposals(
        skills, resume.positions, resume.schools, resume.certificates, resume.excluded, seen, resume.left_out
    )


def sign_proposals(proposals: CvProposals, user: User) -> str:
    """As a text for the page."""
    return signing.dumps(asdict(proposals), salt=_salt(user), compress=True)


def load_proposals(text: str, user: User) -> CvProposals:
    """What `seal` made for this person less than PROPOSALS_LIFETIME ago. Raises ProposalsExpired."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=_salt(user), max_age=PROPOSALS_LIFETIME)
    except signing.BadSignature as error:
        raise ProposalsExpired from error
    return CvProposals(
        skills=[ProposedSkill(**one) for one in found["skills"]],
        positions=[CvPosition(**one) for one in found["positions"]],
        schools=[CvSchool(**one) for one in found["schools"]],
        certificates=found["certificates"],
        excluded=found["excluded"],
        seen=AssessmentAnswers(**found["seen"]),
        left_out=[LeftOut(**one) for one in found["left_out"]],
    )


def _salt(user: User) -> str:
    return f"{SALT}.{user.pk}"
