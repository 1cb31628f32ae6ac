"""What a finished assessment is compared with: its own target, or the one chosen since."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from careerplan.catalogue.models import Occupation
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment


@dataclass(frozen=True, slots=True)
class Target:
    """Where somebody wants to be: in their words, as an occupation of the catalogue, both, or not known yet."""

    role: str
    occupation: Occupation | None
    is_undecided: bool = False

    @property
    def words(self) -> str:
        """In the person's words, with the occupation it is compared with; "I do not know yet"."""
        if self.is_undecided:
            return _("I do not know yet")
        if self.occupation is None:
            return self.role
        if self.role and self.role != self.occupation.title:
            names = {"role": self.role, "occupation": self.occupation.title}
            return _("%(role)s (occupation: %(occupation)s)") % names
        return self.occupation.title


def own_target(assessment: Assessment) -> Target:
    """The target as it was answered in an assessment. No query."""
    return Target(assessment.target_role, assessment.target_occupation, assessment.target_undecided)


def target_of(assessment: Assessment) -> Target:
    """The target of a finished assessment. One query.

    The newest inventory goes by the person's active plan, where they may have chosen a target since; an earlier
    one, and one whose plan names none, keeps its own.
    """
    later = Q(finished_at__gt=assessment.finished_at) | Q(finished_at=assessment.finished_at, pk__gt=assessment.pk)
    newer = Assessment.objects.filter(later, user=OuterRef("user"))
    plans = Plan.objects.filter(~Exists(newer), user=assessment.user_id).active()
    plan = plans.select_related("target_occupation").first()
    if plan is None or not (plan.target_role or plan.target_occupation_id):
        return own_target(assessment)
    return Target(plan.target_role, plan.target_occupation)
