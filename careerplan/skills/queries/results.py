"""Query of the results page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import occupation_titled, sources_in_use
from careerplan.catalogue.sync import Source
from careerplan.skills.fit import SkillNeed
from careerplan.skills.interests import score_interests
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.assessment_diff import AssessmentDiff, EarlierAssessment, diff_assessments, list_earlier
from careerplan.skills.queries.comparison import Comparison, compare, gap_rows, load_needs
from careerplan.skills.queries.occupation_lists import OccupationLists, occupation_lists
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.occupation_table import ranked_occupations
from careerplan.skills.queries.rated_skills import RatedSkills, load_rated_skills, skills_to_learn, weaknesses
from careerplan.skills.queries.result_texts import MissingEducation
from careerplan.skills.queries.skill_gap import CareerTarget, current_target
from careerplan.skills.queries.skill_groups import GoalLink, GroupRow, LevelRow, group_rows
from careerplan.skills.queries.standing import Standing, standing
from careerplan.skills.queries.task_results import TaskResults, load_task_results


@dataclass(frozen=True, slots=True)
class Results:
    """Content of the results page. `occupation` is the one compared with, rated or not."""

    assessment: Assessment
    target: CareerTarget
    occupation: Occupation | None
    comparison: Comparison | None
    tasks: TaskResults | None
    headline: str
    lead: list[str]
    note: str
    learn: list[LevelRow]
    groups: list[GroupRow]
    strengths: list[LevelRow]
    weaknesses: list[LevelRow]
    education: Education | None
    education_summary: str
    missing_education: MissingEducation | None
    occupations: OccupationLists
    standing: Standing | None
    since_last: AssessmentDiff | None
    earlier: list[EarlierAssessment]
    sources: list[Source]

    @property
    def standing_headline(self) -> str:
        """Return in how many skills the user is above the usual level."""
        return result_texts.standing_headline(self.standing)

    @property
    def standing_lead(self) -> str:
        """Return where the user is furthest above and below the usual level."""
        return result_texts.standing_lead(self.standing)

    @property
    def query(self) -> str:
        """Return the query string that keeps the compared occupation; blank for the target."""
        return f"?occupation={self.occupation.pk}" if self.occupation and not self.is_target else ""

    @property
    def has_evidence(self) -> bool:
        """Return whether the user gave an example for a strength."""
        return any(row.evidence for row in self.strengths)

    @property
    def occupation_query(self) -> str:
        """Return the query string that names the compared occupation for a new goal."""
        return f"&occupation={self.occupation.pk}" if self.occupation else ""

    @property
    def is_target(self) -> bool:
        """Return whether the compared occupation is the user's own target."""
        return self.occupation is not None and self.occupation == self.target.occupation


def build_results(
    assessment: Assessment,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink] | None = None,
    task_goals: Mapping[str, GoalLink] | None = None,
    occupation: Occupation | None = None,
) -> Results:
    """Return the results of a finished assessment, compared with an occupation or its target (`current_target`).

    `goals` by skill id and `task_goals` by text of the task are existing goals. Nine queries; eight for the first
    assessment.
    """
    rated = load_rated_skills(assessment, now, goals or {})
    catalogue, current_id = ranked_occupations(), occupation_titled(assessment.current_role)
    target = current_target(assessment)
    occupation = occupation or target.occupation
    education = Education.objects.filter(assessment=assessment).first()
    matches = match_occupations(
        catalogue,
        rated.levels,
        interests=score_interests(dict(assessment.interest_answers.values_list("activity", "liking"))),
        current_id=current_id,
        education=education.level if education else "",
    )
    needs = load_needs({match.facts.pk for match in matches.shown} | ({occupation.pk} if occupation else set()))
    asked = list(needs[occupation.pk].values()) if occupation else []
    comparison = _comparison(occupation, asked, rated)
    strengths, learn = rated.strengths, skills_to_learn(rated, comparison)
    earlier = _earlier(assessment)
    return Results(
        assessment=assessment,
        target=target,
        occupation=occupation,
        comparison=comparison,
        tasks=load_task_results(assessment, occupation, task_goals or {}),
        headline=result_texts.headline(comparison, list(rated.levels.values())),
        lead=_lead(comparison, learn, strengths),
        note=_note(target, occupation, comparison),
        learn=learn,
        groups=group_rows(rated.ratings, rated.rows),
        strengths=strengths,
        weaknesses=weaknesses(rated, comparison),
        education=education,
        education_summary=result_texts.education_summary(education, occupation),
        missing_education=result_texts.missing_education(education, occupation),
        occupations=occupation_lists(matches, rated.levels, needs, education, target.occupation),
        standing=standing(catalogue, rated.levels, rated.names, current_id),
        since_last=diff_assessments(earlier[0], assessment, rated.ratings) if earlier else None,
        earlier=list_earlier(assessment, earlier),
        sources=sources_in_use(),
    )


def _earlier(assessment: Assessment) -> list[Assessment]:
    """Return the finished assessments before this one, newest first. One query."""
    mine = Assessment.objects.filter(user=assessment.user_id)
    return list(mine.filter(finished_at__lt=assessment.finished_at).finished())


def _lead(comparison: Comparison | None, learn: list[LevelRow], strengths: list[LevelRow]) -> list[str]:
    if comparison and comparison.compared:
        return result_texts.gap_sentences(comparison)
    return result_texts.rating_sentences([row.name for row in learn], [row.name for row in strengths])


def _comparison(occupation: Occupation | None, needs: list[SkillNeed], rated: RatedSkills) -> Comparison | None:
    """Return the comparison; None without an occupation or if it is not rated."""
    if occupation is None or not occupation.is_rated:
        return None
    return compare(occupation, gap_rows(rated.levels, needs, rated.goals, rated.stale), rated.levels, needs)


def _note(target: CareerTarget, occupation: Occupation | None, comparison: Comparison | None) -> str:
    """Return why there is no table of gaps."""
    if occupation is None:
        if not target.role:
            return ""
        return _(
            "We could not find “%(role)s” in our list of occupations, so we cannot show your gaps. "
            "Open a similar occupation below, or choose one when you retake the assessment."
        ) % {"role": target.role}
    if comparison is None:
        return _(
            "Our sources have no levels for %(title)s, so we cannot show your gaps. "
            "You can still see your strengths and the occupations that you are close to."
        ) % {"title": occupation.title}
    if not comparison.compared:
        return _("You have not rated any of the skills needed for %(title)s. Rate some of them to see your gaps.") % {
            "title": occupation.title
        }
    return ""
