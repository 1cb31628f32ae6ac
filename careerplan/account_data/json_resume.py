"""The part of an account that belongs in a CV, as JSON Resume (https://jsonresume.org/schema, 1.0.0)."""

from typing import Any

from accounts.models import User
from careerplan.plans.models import Plan
from careerplan.skills.models import Level
from careerplan.skills.queries.draft import latest_assessment

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
LEAST_LEVEL = Level.BASIC  # a skill that someone has hardly started does not belong in a CV


def json_resume_for(user: User) -> dict[str, Any]:
    """Return the CV of a user, from the plan and the newest finished assessment.

    Names, roles and skills; never the vision, goals, weaknesses or what is missing: a CV is for others to read.
    """
    plan = Plan.objects.active().filter(user=user).first()
    inventory = latest_assessment(user)
    source = plan if plan and plan.current_role else inventory
    role = source.current_role if source else ""
    return {
        "$schema": SCHEMA,
        "basics": {"name": user.name, "email": user.email, **({"label": role} if role else {})},
        "work": [{"position": role}] if role else [],
        "education": _education(inventory),
        "certificates": _certificates(inventory),
        "skills": _skills(inventory),
    }


def _education(inventory: Any) -> list[dict[str, str]]:
    education = getattr(inventory, "education", None)
    if education is None or not (education.level or education.field):
        return []
    said = {"studyType": str(education.get_level_display()) if education.level else "", "area": education.field}
    return [{name: value for name, value in said.items() if value}]


def _certificates(inventory: Any) -> list[dict[str, str]]:
    education = getattr(inventory, "education", None)
    lines = education.credentials.splitlines() if education else []
    return [{"name": line.strip()} for line in lines if line.strip()]


def _skills(inventory: Any) -> list[dict[str, Any]]:
    if inventory is None:
        return []
    ratings = inventory.ratings.filter(level__gte=LEAST_LEVEL).select_related("skill").order_by("-level", "skill__name")
    return [
        {
            "name": rating.skill.name,
            "level": str(Level(rating.level).label),
            **({"keywords": [rating.evidence]} if rating.evidence else {}),
        }
        for rating in ratings
    ]
