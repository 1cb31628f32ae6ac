"""What the results are made from: the answers of an assessment, and the occupations that they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.timezone import localdate

from careerplan.catalogue.models import Occupation
from careerplan.skills.fit import SkillNeed
from careerplan.skills.interests import score_interests
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.comparison import Comparison, compare, gap_rows
from careerplan.skills.queries.kept_needs import kept_needs
from careerplan.skills.queries.match_rows import OccupationMatches
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.rated_skills import RatedSkills, load_rated_skills
from careerplan.skills.queries.result_texts import MissingEducation, missing_education
from careerplan.skills.queries.skill_gap import CareerTarget
from careerplan.skills.queries.skill_groups import GoalLink
from careerplan.skills.queries.standing import current_occupation_id


@dataclass(frozen=True)
class ResultInputs:
    """What a user answered, and what it is compared with.

    `occupation` is the one compared with, rated or not. `needs` are those of this and the current occupation, by
    occupation, then by skill. `version` is that of the catalogue.
    """

    assessment: Assessment
    catalogue: RankedOccupations | None
    target: CareerTarget
    rated: RatedSkills
    education: Education | None
    occupation: Occupation | None
    current_id: int | None
    needs: Mapping[int, Mapping[int, SkillNeed]]
    comparison: Comparison | None
    today: date
    version: tuple[object, ...] = ()

    @cached_property
    def likings(self) -> Mapping[str, int | None]:
        """Return how much the user likes each activity, 1 to 5. One query."""
        return dict(self.assessment.interest_answers.values_list("activity", "liking"))

    @cached_property
    def matches(self) -> OccupationMatches:
        """Return the occupations that the answers are closest to."""
        return match_occupations(
            self.catalogue,
            self.rated.levels,
            interests=score_interests(self.likings),
            current_id=self.current_id,
            education=self.education.level if self.education else "",
            target_id=self.target.occupation.pk if self.target.occupation else None,
        )

    @property
    def target_needs(self) -> Mapping[int, SkillNeed]:
        """Return the needs of the occupation compared with, by skill id."""
        return self.needs.get(self.occupation.pk, {}) if self.occupation else {}

    @property
    def current_needs(self) -> Mapping[int, SkillNeed]:
        """Return the needs of the current occupation, by skill id; empty if it is unknown."""
        return self.needs.get(self.current_id, {}) if self.current_id else {}

    @property
    def missing_education(self) -> MissingEducation | None:
        """Return the education that the target needs and the person does not have."""
        return missing_education(self.education, self.occupation)


def load_inputs(
    assessment: Assessment,
    catalogue: RankedOccupations | None,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink],
    target: CareerTarget,
    occupation: Occupation | None,
    version: tuple[object, ...] = (),
) -> ResultInputs:
    """Return what the results of a finished assessment are made from. At most four queries."""
    rated = load_rated_skills(assessment, now, goals)
    current_id, occupation = current_occupation_id(assessment), occupation or target.occupation
    needs = kept_needs(version, {pk for pk in (occupation.pk if occupation else None, current_id) if pk})
    return ResultInputs(
        assessment=assessment,
        catalogue=catalogue,
        target=target,
        rated=rated,
        education=getattr(assessment, "education", None),
        occupation=occupation,
        current_id=current_id,
        needs=needs,
        comparison=_comparison(occupation, needs, rated),
        today=localdate(now),
        version=version,
    )


def _comparison(
    occupation: Occupation | None, needs: Mapping[int, Mapping[int, SkillNeed]], rated: RatedSkills
) -> Comparison | None:
    """Return the comparison; None without an occupation or if it is not rated."""
    if occupation is None or not occupation.is_rated:
        return None
    asked = list(needs[occupation.pk].values())
    return compare(occupation, gap_rows(rated.levels, asked, rated.goals, rated.stale), rated.levels, asked)
