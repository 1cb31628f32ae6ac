"""Conversion of the scales of the sources to figures.

A figure is a level on O*NET's scale LV (Scales Reference.txt of the release), 0 to 7, and an importance on its scale
IM, 1 to 5; both are stored with two decimals. "Not Relevant" = Y means a level of 0, whatever the value says;
"Recommend Suppress" = Y means low precision. matching/levels.py puts figures into words.

OaSIS (Employment and Social Development Canada): whole levels of 0 to 5, no importance. They spread about twice as
widely over its occupations as O*NET's do (standard deviation 1.1 of 5 against 0.7 of 7 in reading people), so the
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


def figure_from_onet(value: Decimal, *, not_relevant: bool = False) -> Decimal:
    """Return the figure of an O*NET level. Raises ValueError outside 0 to 7."""
    if not 0 <= value <= ONET_LEVEL_MAX:
        raise ValueError(f"an O*NET level is 0 to 7, not {value}")
    return Decimal("0.00") if not_relevant else hundredths(value)


def importance_from_onet(value: Decimal) -> Decimal:
    """Return an O*NET importance with two decimals. Raises ValueError outside 1 to 5."""
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
    """Linear linking of OaSIS levels of one skill to O*NET's scale: the same rank among all occupations.

    level = mean_ours + (x - mean_oasis) * sd_ours / sd_oasis, kept within 0 to 7. Source: Kolen and Brennan, Test
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

    def figure(self, value: float) -> Decimal:
        """Convert an OaSIS level to O*NET's scale."""
        linked = self.mean_to + (value - self.mean_from) * self.sd_to / self.sd_from
        return hundredths(min(max(linked, 0.0), float(ONET_LEVEL_MAX)))


@dataclass(frozen=True, slots=True)
class ImportanceLine:
    """Importance predicted from level, where a source gives none: the least-squares line through O*NET's own pairs.

    Level and importance correlate at 0.97 there (shared/data/README.md), so a line is accurate enough.
    """

    slope: float
    intercept: float

    @classmethod
    def through(cls, figures: Sequence[float], importances: Sequence[float]) -> ImportanceLine:
        """Fit the line through all pairs of figure and importance in a release."""
        line = linear_regression(figures, importances)
        return cls(line.slope, line.intercept)

    def importance(self, figure: Decimal) -> Decimal:
        """Return the importance on the line at a figure, no less than 1 and no more than 5."""
        value = self.intercept + self.slope * float(figure)
        return hundredths(min(max(value, 1.0), 5.0))
