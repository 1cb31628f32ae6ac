"""How much preparation and responsibility an occupation takes beyond what someone has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
    def zone(self) -> int:
        """Return the job zone of the user: that of the current occupation or what their education prepares for, the
        higher of both; 0 if neither is known.
        """
        current = self.catalogue.job_zones[self.current] if self.current is not None else 0
        return max(int(current), ZONE_OF_EDUCATION.get(self.education, 0))

    @cached_property
    def zones_above(self) -> NDArray[np.int_]:
        """Return how many job zones each row is above the user's; at most one if they have its usual education."""
        zones = self.catalogue.job_zones
        above = np.where((zones > 0) & (self.zone > 0), zones - self.zone, 0)
        usual = np.array([ZONE_OF_EDUCATION.get(facts.education, 0) for facts in self.catalogue.facts])
        is_educated = (usual > 0) & (usual <= ZONE_OF_EDUCATION.get(self.education, 0))
        return np.where(is_educated, np.minimum(above, MOST_ZONES_ABOVE), above)

    @cached_property
    def is_in_reach(self) -> NDArray[np.bool_]:
        """Return for each row whether it takes no years of study first."""
        return self.zones_above <= MOST_ZONES_ABOVE
