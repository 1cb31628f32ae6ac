"""One skill of one person: where they are, and what their target (or another occupation) needs. And their education."""

from dataclasses import dataclass

from accounts.models import User
from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.skills.fit import Need
from careerplan.skills.models import LEVEL_MAX, Education, Level, Rating
from careerplan.skills.queries import reasons
from careerplan.skills.queries.draft import newest_inventory
from careerplan.skills.queries.target import target_of

PER_LEVEL = 20  # per cent of the scale
USUAL_AIM = Level.SKILLED  # where neither a level nor a need is known


@dataclass(frozen=True, slots=True)
class Standing:
    """Levels are whole, 0 to 5. `have` is None where it is not rated, `need` where the occupation needs it not.

    `is_target`: whether the occupation is the person's own target, and not one they only looked at.
    """

    skill: Skill
    have: int | None = None
    need: int | None = None
    occupation: Occupation | None = None
    is_target: bool = True

    @property
    def need_name(self) -> str:
        """ "Advanced"; blank where it is not needed."""
        return "" if self.need is None else str(Level(self.need).label)

    @property
    def aim(self) -> int:
        """The level to aim at: what is needed; where that is met or not known, one more than there is."""
        if self.need is not None and self.need > (self.have or 0):
            return self.need
        return int(USUAL_AIM) if self.have is None else min(self.have + 1, LEVEL_MAX)

    @property
    def steps_up(self) -> int:
        """How many levels lie between, at least one; an unrated skill is taken to start at beginner."""
        return max(1, self.aim - (Level.BEGINNER if self.have is None else self.have))

    @property
    def have_name(self) -> str:
        """ "Basic"; blank where it is not rated."""
        return "" if self.have is None else str(Level(self.have).label)

    @property
    def aim_name(self) -> str:
        """ "Advanced"."""
        return str(Level(self.aim).label)

    @property
    def have_example(self) -> str:
        """What somebody at the level of today would say; blank where it is not rated."""
        return "" if self.have is None else self.skill.example(self.have)

    @property
    def aim_example(self) -> str:
        """What somebody at the level to aim at would say."""
        return self.skill.example(self.aim)

    @property
    def have_at(self) -> int:
        """Where the bar ends, in per cent of the scale."""
        return PER_LEVEL * (self.have or 0)

    @property
    def aim_at(self) -> int:
        """Where the mark of the aim stands, in per cent of the scale."""
        return PER_LEVEL * self.aim


def standing_of(user: User, skill: Skill, other: Occupation | None = None) -> Standing:
    """From the newest inventory and its target, or an `other` occupation in its place. At most four queries."""
    inventory = newest_inventory(user)
    ratings = inventory.ratings.filter(skill=skill) if inventory else Rating.objects.none()
    have = ratings.values_list("level", flat=True).first()
    target = target_of(inventory).occupation if inventory else None
    occupation = other or target
    return Standing(skill, have, _need(occupation, skill), occupation, is_target=occupation == target)


def _need(occupation: Occupation | None, skill: Skill) -> int | None:
    """The level an occupation needs; None where it does not need the skill."""
    if occupation is None:
        return None
    rows = OccupationNeed.objects.filter(occupation=occupation, skill=skill)
    figures = rows.values_list("skill_id", "level", "importance").first()
    need = Need(*figures) if figures else None
    return need.whole_level if need and need.is_needed else None


def is_in_results(skill: Skill) -> bool:
    """Whether a finished assessment rates it. One query."""
    return skill.ratings.filter(assessment__finished_at__isnull=False).exists()


def lacking_of(user: User, assessment_id: int, other: Occupation | None = None) -> str:
    """What one of the person's finished assessments says is missing in their education, beside its target or an
    `other` occupation. Blank where nothing is, or where there is no such assessment. Two queries, or one.
    """
    finished = Education.objects.filter(assessment__user=user, assessment__finished_at__isnull=False)
    education = finished.filter(assessment=assessment_id).select_related("assessment__target_occupation").first()
    return reasons.lacking(education, other or target_of(education.assessment).occupation) if education else ""
