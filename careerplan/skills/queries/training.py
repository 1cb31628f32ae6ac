"""How much preparation and responsibility an occupation takes beyond what someone has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from careerplan.catalogue.models import EducationLevel
from careerplan.skills.queries.occupation_table import RankedOccupations

MOST_ZONES_ABOVE = 1
"""Job zones (O*NET, 1 to 5) say how much preparation an occupation takes; two more are years of study."""
MORE_RESPONSIBILITY = 0.7
"""Points of 0 to 7: what supervisors have more than the people they lead (0.75 for electricians)."""
ZONE_OF_EDUCATION: Mapping[str, int] = {
    EducationLevel.NONE: 1,
    EducationLevel.SECONDARY: 2,
    EducationLevel.VOCATIONAL: 3,
    EducationLevel.SOME_COLLEGE: 3,
    EducationLevel.ASSOCIATE: 3,
    EducationLevel.BACHELOR: 4,
    EducationLevel.MASTER: 5,
    EducationLevel.DOCTORATE: 5,
}


@dataclass(frozen=True)
class Training:
    """What preparation someone has: of the current occupation (a row of the catalogue) and their education."""

    catalogue: RankedOccupations
    current: int | None
    education: str

    @cached_property
    def zone(self) -> int | None:
        """Return the job zone of the user: that of the current occupation or what their education prepares for, the
        higher of both; None if neither is known.
        """
        current = self.catalogue.facts[self.current].job_zone if self.current is not None else None
        return max(current or 0, ZONE_OF_EDUCATION.get(self.education, 0)) or None

    def zones_above(self, row: int) -> int:
        """Return how many job zones an occupation is above the user's; at most one if they have its usual education."""
        facts = self.catalogue.facts[row]
        above = 0 if facts.job_zone is None or self.zone is None else facts.job_zone - self.zone
        is_educated = 0 < ZONE_OF_EDUCATION.get(facts.education, 0) <= ZONE_OF_EDUCATION.get(self.education, 0)
        return min(above, MOST_ZONES_ABOVE) if is_educated else above

    def is_in_reach(self, row: int) -> bool:
        """Return whether an occupation takes no years of study first."""
        return self.zones_above(row) <= MOST_ZONES_ABOVE


def responsibility(catalogue: RankedOccupations, row: int, home: int) -> float:
    """Return by how many points (0 to 7) an occupation leads people and an organisation more than another."""
    columns = list(catalogue.leadership)
    figures = catalogue.table.figures
    return float((figures[row, columns] - figures[home, columns]).mean()) if columns else 0.0
