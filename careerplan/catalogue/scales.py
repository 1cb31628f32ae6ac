"""Conversion of the scales of the sources to ours.

Ours: a level of 0 none, 1 beginner, 2 basic, 3 skilled, 4 advanced, 5 expert, and an importance of 1 to 5; both stored
with two decimals. Whole numbers are rounded half up (`OccupationNeed.whole_level`).

O*NET (Scales Reference.txt of the release): LV is a level of 0 to 7, IM an importance of 1 to 5. The level is scaled
linearly from 7 to 5; the importance is unchanged. "Not Relevant" = Y means level 0, whatever the value says; "Recommend
Suppress" = Y means low precision.

OaSIS (Employment and Social Development Canada): whole levels of 0 to 5, no importance. They spread about twice as
widely over its occupations as O*NET's do on our scale (standard deviation 1.1 against 0.5 in reading people), so the
same number does not mean the same: see `Linking`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, linear_regression, pstdev

from careerplan.catalogue.models import EducationLevel

HUNDREDTH = Decimal("0.01")
ONET_LEVEL_MAX = Decimal(7)
LEVEL_MAX = Decimal(5)
IMPORTANCE_MIN, IMPORTANCE_MAX = Decimal(1), Decimal(5)

EDUCATION_OF_ONET_CATEGORY: Mapping[int, EducationLevel] = {
    1: EducationLevel.NONE,  # less than a high school diploma
    2: EducationLevel.SECONDARY,  # high school diploma
    3: EducationLevel.VOCATIONAL,  # post-secondary certificate
    4: EducationLevel.SOME_COLLEGE,  # some college courses
    5: EducationLevel.ASSOCIATE,
    6: EducationLevel.BACHELOR,
    7: EducationLevel.BACHELOR,  # post-baccalaureate certificate
    8: EducationLevel.MASTER,
    9: EducationLevel.MASTER,  # post-master's certificate
    10: EducationLevel.DOCTORATE,  # first professional degree
    11: EducationLevel.DOCTORATE,
    12: EducationLevel.DOCTORATE,  # post-doctoral training
}
"""Scale RL of "Education, Training, and Experience Categories.txt", element 2.D.1."""

EDUCATION_OF_JOB_ZONE: Mapping[int, EducationLevel] = {
    1: EducationLevel.NONE,
    2: EducationLevel.SECONDARY,
    3: EducationLevel.VOCATIONAL,
    4: EducationLevel.BACHELOR,
    5: EducationLevel.MASTER,
}
"""Usual education of each zone in "Job Zone Reference.txt", for occupations without survey answers."""


def hundredths(value: Decimal | float) -> Decimal:
    """Round to two decimals, half up."""
    return Decimal(value).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def level_from_onet(value: Decimal, *, not_relevant: bool = False) -> Decimal:
    """Convert an O*NET level (0 to 7) to ours (0 to 5). Raises ValueError outside that range."""
    if not 0 <= value <= ONET_LEVEL_MAX:
        raise ValueError(f"an O*NET level is 0 to 7, not {value}")
    return Decimal("0.00") if not_relevant else hundredths(value * LEVEL_MAX / ONET_LEVEL_MAX)


def importance_from_onet(value: Decimal) -> Decimal:
    """Convert an O*NET importance (1 to 5), which is the same as ours. Raises ValueError outside that range."""
    if not IMPORTANCE_MIN <= value <= IMPORTANCE_MAX:
        raise ValueError(f"an O*NET importance is 1 to 5, not {value}")
    return hundredths(value)


def education_from_onet(shares: Mapping[int, Decimal], job_zone: int | None) -> EducationLevel | str:
    """Return the usual education: the median category of the answers, else that of the job zone, else blank.

    `shares` is the percentage of answers in each category of scale RL.
    """
    half = sum(shares.values(), Decimal(0)) / 2
    reached = Decimal(0)
    for category in sorted(shares):
        reached += shares[category]
        if half and reached >= half:
            return EDUCATION_OF_ONET_CATEGORY[category]
    return EDUCATION_OF_JOB_ZONE[job_zone] if job_zone else ""


@dataclass(frozen=True, slots=True)
class Linking:
    """Linear linking of OaSIS levels of one skill to our scale: the same rank among all occupations.

    level = mean_ours + (x - mean_oasis) * sd_ours / sd_oasis, kept within 0 to 5. Source: Kolen and Brennan, Test
    Equating, Scaling, and Linking (Springer), linear linking.
    """

    mean_from: float
    sd_from: float
    mean_to: float
    sd_to: float

    @classmethod
    def between(cls, theirs: Sequence[float], ours: Sequence[float]) -> Linking:
        """Create the linking from all occupations' levels of one skill in both sources."""
        return cls(fmean(theirs), pstdev(theirs), fmean(ours), pstdev(ours))

    def level(self, value: float) -> Decimal:
        """Convert an OaSIS level to ours."""
        linked = self.mean_to + (value - self.mean_from) * self.sd_to / self.sd_from
        return hundredths(min(max(linked, 0.0), float(LEVEL_MAX)))


@dataclass(frozen=True, slots=True)
class ImportanceLine:
    """Importance predicted from level, where a source gives none: the least-squares line through O*NET's own pairs.

    Level and importance correlate at 0.97 there (shared/data/README.md), so a line is accurate enough.
    """

    slope: float
    intercept: float

    @classmethod
    def through(cls, levels: Sequence[float], importances: Sequence[float]) -> ImportanceLine:
        """Fit the line through all pairs of our level and importance in a release."""
        line = linear_regression(levels, importances)
        return cls(line.slope, line.intercept)

    def importance(self, level: Decimal) -> Decimal:
        """Return an importance of 1 to 5 for our level."""
        value = self.intercept + self.slope * float(level)
        return hundredths(min(max(value, 1.0), 5.0))
