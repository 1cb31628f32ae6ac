"""What changed since the assessment before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from careerplan.skills.models import Assessment, Rating


@dataclass(frozen=True, slots=True)
class Change:
    """One skill whose level differs from the last time."""

    name: str
    before: int
    after: int

    @property
    def is_up(self) -> bool:
        """Whether it rose."""
        return self.after > self.before

    @property
    def words(self) -> str:
        """Up 1, Down 2."""
        text = _("Up %(n)s") if self.is_up else _("Down %(n)s")
        return text % {"n": abs(self.after - self.before)}


@dataclass(frozen=True, slots=True)
class SinceLast:
    """What changed since the assessment before; `same` skills stayed as they were, `new` have a level only now."""

    previous: Assessment
    changes: list[Change]
    same: int
    new: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier assessment, to go to."""

    pk: int
    finished_at: datetime


def since(previous: Assessment, ratings: Iterable[Rating]) -> SinceLast:
    """The difference from the assessment before, over the skills that both rate. One query."""
    rated = [rating for rating in ratings if rating.level is not None]
    earlier = previous.ratings.values_list("skill_id", "level")
    then = {skill_id: level for skill_id, level in earlier if level is not None}
    both = [
        Change(rating.skill.name, then[rating.skill_id], rating.level)
        for rating in rated
        if rating.skill_id in then and rating.level is not None
    ]
    changes = [change for change in both if change.before != change.after]
    return SinceLast(previous, changes, len(both) - len(changes), len(rated) - len(both))
