"""Import suggestions, signed for one user and stored only in the page.

So nothing of the file remains if the user chooses little or nothing, and no one can add what was not suggested.
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


def make_proposals(resume: CvContent, skills: list[ProposedSkill], seen: AssessmentAnswers) -> CvProposals:
    """Return the suggestions from a CV."""
    return CvProposals(skills, resume.positions, resume.schools, resume.certificates, resume.excluded, seen)


def seal(proposals: CvProposals, user: User) -> str:
    """Return the suggestions as signed text."""
    return signing.dumps(asdict(proposals), salt=_salt(user), compress=True)


def unseal(text: str, user: User) -> CvProposals:
    """Return the suggestions signed for this user within HOLDS_FOR. Raises ProposalsExpired."""
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
