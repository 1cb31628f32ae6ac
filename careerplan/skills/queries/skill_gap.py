"""Query of one skill against the target role."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Occupation, Skill
from careerplan.plans.models import Plan
from careerplan.skills.models import LEVEL_MAX, Assessment, Education, Level, Rating
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.comparison import load_needs
from careerplan.skills.queries.draft import latest_assessment


@dataclass(frozen=True, slots=True)
class CareerTarget:
    """The target role: in the user's words, as an occupation of the catalogue, both, or not known yet."""

    role: str
    occupation: Occupation | None
    is_undecided: bool = False

    @property
    def words(self) -> str:
        """Return the role in the user's words, with the compared occupation; or "I do not know yet"."""
        if self.is_undecided:
            return _("I do not know yet")
        if self.occupation is None:
            return self.role
        if self.role and self.role != self.occupation.title:
            names = {"role": self.role, "occupation": self.occupation.title}
            return _("%(role)s (occupation: %(occupation)s)") % names
        return self.occupation.title


def answered_target(assessment: Assessment) -> CareerTarget:
    """Return the target as answered in an assessment. No query."""
    return CareerTarget(assessment.target_role, assessment.target_occupation, assessment.target_undecided)


def current_target(assessment: Assessment) -> CareerTarget:
    """Return the target of a finished assessment. One query; two if the plan's occupation is another one.

    The newest assessment uses that of the active plan, which may have changed since; an earlier one, or one whose plan
    names none, keeps its own.
    """
    later = Q(finished_at__gt=assessment.finished_at) | Q(finished_at=assessment.finished_at, pk__gt=assessment.pk)
    newer = Assessment.objects.filter(later, user=OuterRef("user"))
    plans = Plan.objects.filter(~Exists(newer), user=assessment.user_id).active()
    role, occupation_id = plans.values_list("target_role", "target_occupation").first() or ("", None)
    if not role and occupation_id is None:
        return answered_target(assessment)
    occupation = assessment.target_occupation
    if occupation is None or occupation.pk != occupation_id:
        occupation = Occupation.objects.filter(pk=occupation_id).first() if occupation_id else None
    return CareerTarget(role, occupation)


PER_LEVEL = 20  # per cent of the scale
USUAL_AIM = Level.SKILLED  # if neither a level nor a need is known


@dataclass(frozen=True, slots=True)
class SkillGap:
    """Levels of one skill, whole, 0 to 5. `have` is None if it is not rated, `need` if the occupation does not need it.

    `is_target`: whether the occupation is the user's own target.
    """

    skill: Skill
    have: int | None = None
    need: int | None = None
    occupation: Occupation | None = None
    is_target: bool = True

    @property
    def have_phrase(self) -> str:
        """Return the level with its number: "2 basic"; blank if not rated."""
        return "" if self.have is None else Level(self.have).phrase

    @property
    def need_phrase(self) -> str:
        """Return the level needed with its number: "4 advanced"; blank if not needed."""
        return "" if self.need is None else Level(self.need).phrase

    @property
    def aim(self) -> int:
        """Return the level to aim at: the level needed, or one more than `have` if that is met or unknown."""
        if self.need is not None and self.need > (self.have or 0):
            return self.need
        return int(USUAL_AIM) if self.have is None else min(self.have + 1, LEVEL_MAX)

    @property
    def steps_up(self) -> int:
        """Return the number of levels to climb, at least one; an unrated skill counts as beginner."""
        return max(1, self.aim - (Level.BEGINNER if self.have is None else self.have))

    @property
    def have_name(self) -> str:
        """Return the name of the level: "Basic"; blank if not rated."""
        return "" if self.have is None else str(Level(self.have).label)

    @property
    def aim_name(self) -> str:
        """Return the name of the level to aim at: "Advanced"."""
        return str(Level(self.aim).label)

    @property
    def have_example(self) -> str:
        """Return the example of the present level; blank if not rated."""
        return "" if self.have is None else self.skill.example(self.have)

    @property
    def aim_example(self) -> str:
        """Return the example of the level to aim at."""
        return self.skill.example(self.aim)

    @property
    def have_percent(self) -> int:
        """Return the end of the bar as a percentage of the scale."""
        return PER_LEVEL * (self.have or 0)

    @property
    def aim_at(self) -> int:
        """Return the position of the aim as a percentage of the scale."""
        return PER_LEVEL * self.aim


def get_skill_gap(user: User, skill: Skill, other: Occupation | None = None) -> SkillGap:
    """Return the gap from the newest assessment to its target, or to an `other` occupation. At most four queries."""
    inventory = latest_assessment(user)
    ratings = inventory.ratings.filter(skill=skill) if inventory else Rating.objects.none()
    have = ratings.values_list("level", flat=True).first()
    target = current_target(inventory).occupation if inventory else None
    occupation = other or target
    return SkillGap(skill, have, needed_level(occupation, skill), occupation, is_target=occupation == target)


def needed_level(occupation: Occupation | None, skill: Skill) -> int | None:
    """Return the level (0 to 5) that an occupation needs of a skill; None if it does not need it."""
    need = load_needs([occupation.pk], [skill.pk])[occupation.pk].get(skill.pk) if occupation else None
    return need.level if need and need.is_needed else None


def is_in_results(skill: Skill) -> bool:
    """Return whether a finished assessment rates the skill. One query."""
    return skill.ratings.filter(assessment__finished_at__isnull=False).exists()


def missing_education_at(
    user: User, assessment_id: int, other: Occupation | None = None
) -> result_texts.MissingEducation | None:
    """Return what a finished assessment says is missing in the education for its target or an `other` occupation.
    None if nothing is missing or there is no such assessment. One or two queries.
    """
    finished = Education.objects.filter(assessment__user=user, assessment__finished_at__isnull=False)
    education = finished.filter(assessment=assessment_id).select_related("assessment__target_occupation").first()
    if education is None:
        return None
    return result_texts.missing_education(education, other or current_target(education.assessment).occupation)
