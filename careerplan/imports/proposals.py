"""What is proposed, sealed: it travels in the page itself, signed for one person, and is kept nowhere else.

So nothing of the file is left when somebody picks little or nothing, and nobody can slip in what was not proposed.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

from accounts.models import User
from careerplan.imports.content import Position, Resume, School
from careerplan.imports.matching import SkillFound
from careerplan.imports.queries import Standing

SALT = "careerplan.resume"
HOLDS_FOR = timedelta(days=1)


class NotTheirs(Exception):
    """It was not made for this person, was changed, or is too old."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that can be picked, and how the assessment stood when it was shown."""

    skills: list[SkillFound]
    positions: list[Position]
    schools: list[School]
    certificates: list[str]
    left_out: int
    seen: Standing


def proposals_of(resume: Resume, skills: list[SkillFound], seen: Standing) -> Proposals:
    """What a resume proposes."""
    return Proposals(skills, resume.positions, resume.schools, resume.certificates, resume.left_out, seen)


def seal(proposals: Proposals, user: User) -> str:
    """As a text for the page."""
    return signing.dumps(asdict(proposals), salt=_salt(user), compress=True)


def unseal(text: str, user: User) -> Proposals:
    """What `seal` made for this person less than HOLDS_FOR ago. Raises NotTheirs."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=_salt(user), max_age=HOLDS_FOR)
    except signing.BadSignature as error:
        raise NotTheirs from error
    return Proposals(
        skills=[SkillFound(**one) for one in found["skills"]],
        positions=[Position(**one) for one in found["positions"]],
        schools=[School(**one) for one in found["schools"]],
        certificates=found["certificates"],
        left_out=found["left_out"],
        seen=Standing(**found["seen"]),
    )


def _salt(user: User) -> str:
    return f"{SALT}.{user.pk}"
