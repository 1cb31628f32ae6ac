"""What the results are made from: the answers of an assessment, and the occupations that they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from careerplan.catalogue.models import Occupation
from careerplan.skills.fit import SkillNeed
from careerplan.skills.interests import score_interests
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.comparison import Comparison, compare, gap_rows, load_needs
from careerplan.skills.queries.match_rows import OccupationMatches
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.rated_skills import RatedSkills, load_rated_skills
from careerplan.skills.queries.result_texts import MissingEducation, missing_education
from careerplan.skills.queries.skill_gap import CareerTarget
from careerplan.skills.queries.skill_groups import GoalLink
from careerplan.skills.queries.standing import current_occupation_id


@dataclass(frozen=True, slots=True)
class ResultInputs:
    """What a user answered, and what it is compared with.

    `occupation` is the one compared with, rated or not. `needs` are those of this and the current occupation, by
    occupation, then by skill; `likings` (1 to 5) by activity.
    """

    assessment: Assessment
    target: CareerTarget
    rated: RatedSkills
    education: Education | None
    occupation: Occupation | None
    current_id: int | None
    needs: Mapping[int, Mapping[int, SkillNeed]]
    comparison: Comparison | None
    matches: OccupationMatches
    likings: Mapping[str, int | None]
    today: date

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
        """Return what is missing in the education."""
        return missing_education(self.education, self.occupation)


def load_inputs(
    assessment: Assessment,
    catalogue: RankedOccupations | None,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink],
    target: CareerTarget,
    occupation: Occupation | None,
) -> ResultInputs:
    """Return what the results of a finished assessment are made from. Five queries."""
    rated = load_rated_skills(assessment, now, goals)
    current_id, occupation = current_occupation_id(assessment), occupation or target.occupation
    education = Education.objects.filter(assessment=assessment).first()
    level = education.level if education else ""
    likings = dict(assessment.interest_answers.values_list("activity", "liking"))
    matches = match_occupations(
        catalogue,
        rated.levels,
        interests=score_interests(likings),
        current_id=current_id,
        education=level,
        target_id=target.occupation.pk if target.occupation else None,
    )
    needs = load_needs({pk for pk in (occupation.pk if occupation else None, current_id) if pk})
    return ResultInputs(
        assessment=assessment,
        target=target,
        rated=rated,
        education=education,
        occupation=occupation,
        current_id=current_id,
        needs=needs,
        comparison=_comparison(occupation, needs, rated),
        matches=matches,
        likings=likings,
        today=localdate(now),
    )


def _comparison(
    occupation: Occupation | None, needs: Mapping[int, Mapping[int, SkillNeed]], rated: RatedSkills
) -> Comparison | None:
    """Return the comparison; None without an occupation or if it is not rated."""
    if occupation is None or not occupation.is_rated:
        return None
    asked = list(needs[occupation.pk].values())
    return compare(occupation, gap_rows(rated.levels, asked, rated.goals, rated.stale), rated.levels, asked)
