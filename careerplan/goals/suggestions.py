"""What the goal form starts with when a goal grows out of a skill."""

from typing import Any

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal


def suggest_from_skill(skill: Skill) -> dict[str, Any]:
    """Initial values for the goal form, from one skill: everything can be changed before it is saved."""
    return {
        "title": _("Get better at: %(skill)s") % {"skill": skill.name},
        "measure_kind": Goal.MeasureKind.YES_NO,
        "done_when": skill.example(3)[:300],
        "skill": skill.pk,
    }
