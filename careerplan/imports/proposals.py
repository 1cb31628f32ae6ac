"""What is proposed, sealed: it travels in the page itself, signed for one person, and is kept nowhere else.

So nothing of the file is left when somebody picks little or nothing, and nobody can slip in what was not proposed.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

from accounts.models import User
from careerplan.imports.content import CvContent, CvPosition, CvSchool
from careerplan.imports.matching import ProposedSkill
from careerplan.imports.queries import AssessmentAnswers

SALT = "careerplan.resume"
HOLDS_FOR = timedelta(days=1)


class ProposalsExpired(Exception):
    """It was not made for this person, was changed, or is too old."""


@dataclass(frozen=True, slots=True)
class CvProposals:
    """All that can be picked, and how the assessment stood when it was shown."""

    skills: list[ProposedSkill]
    positions: list[CvPosition]
    schools: list[CvSchool]
    certificates: list[str]
    excluded: int
    seen: AssessmentAnswers


def make_proposals(resume: CvContent, skills: list[ProposedSkill], seen: AssessmentAnswers) -> CvProposals:
    """What a resume proposes."""
    return CvProposals(skills, resume.positions, resume.schools, resume.certificates, resume.excluded, seen)


def seal(proposals: CvProposals, user: User) -> str:
    """As a text for the page."""
    return signing.dumps(asdict(proposals), salt=_salt(user), compress=True)


def unseal(text: str, user: User) -> CvProposals:
    """What `seal` made for this person less than HOLDS_FOR ago. Raises ProposalsExpired."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=_salt(user), max_age=HOLDS_FOR)
    except signing.BadSignature as error:
        raise ProposalsExpired from error
    return CvProposals(
        skills=[ProposedSkill(**one) for one in found["skills"]],
        positions=[CvPosition(**one) for one in found["positions"]],
        schools=[CvSchool(**one) for one in found["schools"]],
        certificates=found["certificates"],
        excluded=found["excluded"],
        seen=AssessmentAnswers(**found["seen"]),
    )


def _salt(user: User) -> str:
    return f"{SALT}.{user.pk}"
