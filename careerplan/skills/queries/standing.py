"""One skill of one person: where they are, and what their target needs."""

from dataclasses import dataclass

from accounts.models import User
from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.skills.fit import Need
from careerplan.skills.models import LEVEL_MAX, Level
from careerplan.skills.queries.draft import newest_inventory

PER_LEVEL = 20  # per cent of the scale
USUAL_AIM = Level.SKILLED  # where neither a level nor a need is known


@dataclass(frozen=True, slots=True)
class Standing:
    """Levels are whole, 0 to 5. `have` is None where it is not rated, `need` where the target does not need it."""

    skill: Skill
    have: int | None = None
    need: int | None = None
    occupation: Occupation | None = None

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


def standing_of(user: User, skill: Skill) -> Standing:
    """From the newest inventory and its target. At most three queries."""
    inventory = newest_inventory(user)
    if inventory is None:
        return Standing(skill)
    have = inventory.ratings.filter(skill=skill).values_list("level", flat=True).first()
    occupation = inventory.target_occupation
    rows = OccupationNeed.objects.filter(occupation=occupation, skill=skill) if occupation else None
    figures = rows.values_list("skill_id", "level", "importance").first() if rows is not None else None
    need = Need(*figures) if figures else None
    if need is None or not need.is_needed:
        return Standing(skill, have, None, occupation)
    return Standing(skill, have, need.whole_level, occupation)
