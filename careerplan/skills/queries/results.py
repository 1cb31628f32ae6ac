"""Query of the results page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.sync import Source
from careerplan.core.sentences import isolate
from careerplan.plans.models import CareerStage
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.assessment_diff import AssessmentDiff, EarlierAssessment, diff_assessments, list_earlier
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.findings import Findings
from careerplan.skills.queries.gap_headline import untargeted_headline
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.occupation_lists import OccupationLists, occupation_lists
from careerplan.skills.queries.occupation_table import (
    catalogue_version,
    ranked_occupations,
    sources_of,
)
from careerplan.skills.queries.rated_skills import skills_to_learn, weaknesses
from careerplan.skills.queries.result_inputs import ResultInputs, load_inputs
from careerplan.skills.queries.result_texts import MissingEducation, OccupationRow
from careerplan.skills.queries.skill_gap import CareerTarget, current_target
from careerplan.skills.queries.skill_groups import GoalLink, GroupRow, LevelRow, group_rows
from careerplan.skills.queries.standing import Standing
from careerplan.skills.queries.task_results import TaskResults, load_task_results
from careerplan.skills.queries.unrated import UnratedSkills, unrated_skills

MOST_NEAREST = 3
"""Occupations whose gaps are shown to someone without a target."""


@dataclass(frozen=True)
class Results:
    """Content of the results pages. What only one of them shows is read when it is asked for.

    `version` is that of the catalogue; `before`: the earlier finished assessments, newest first, if they are known;
    `rendered`: the HTML of each view that was rendered (templatetags/skills.py).
    """

    inputs: ResultInputs
    version: tuple[object, ...]
    task_goals: Mapping[str, GoalLink]
    before: Sequence[Assessment] | None = None
    rendered: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def findings(self) -> Findings:
        """Return what is true of the user and not typed by them. At most one query."""
        return Findings(self.inputs)

    @cached_property
    def tasks(self) -> TaskResults | None:
        """Return which tasks of the compared occupation the user has done. Two queries."""
        return load_task_results(self.assessment, self.occupation, self.task_goals)

    @cached_property
    def occupations(self) -> OccupationLists:
        """Return the lists of occupations that the answers are close to. Three queries."""
        return occupation_lists(self.inputs)

    @cached_property
    def _before(self) -> list[Assessment]:
        """Return the finished assessments before this one, newest first. At most one query."""
        if self.before is not None:
            return list(self.before)
        mine = Assessment.objects.filter(user=self.assessment.user_id)
        return list(mine.filter(finished_at__lt=self.assessment.finished_at).finished().only("finished_at"))

    @cached_property
    def since_last(self) -> AssessmentDiff | None:
        """Return what changed since the last assessment; None if this is the first. Three queries."""
        before = self._before
        return diff_assessments(before[0], self.assessment, self.inputs.rated) if before else None

    @cached_property
    def earlier(self) -> list[EarlierAssessment]:
        """Return the earlier results."""
        return list_earlier(self.assessment, self._before)

    @cached_property
    def sources(self) -> list[Source]:
        """Return the sources of the levels. At most one query."""
        return sources_of(self.version)

    @property
    def assessment(self) -> Assessment:
        """Return the finished assessment that the page is about."""
        return self.inputs.assessment

    @property
    def target(self) -> CareerTarget:
        """Return the target role."""
        return self.inputs.target

    @property
    def occupation(self) -> Occupation | None:
        """Return the occupation compared with, rated or not."""
        return self.inputs.occupation

    @property
    def comparison(self) -> Comparison | None:
        """Return the comparison with the occupation; None without one or if it is not rated."""
        return self.inputs.comparison

    @property
    def education(self) -> Education | None:
        """Return the person's education; None if they left it out."""
        return self.inputs.education

    @property
    def standing(self) -> Standing | None:
        """Return the levels beside the usual ones; None if none can be compared."""
        return self.findings.standing

    @cached_property
    def unrated(self) -> UnratedSkills | None:
        """Return the needed skills that are not rated, which are neither gaps nor met; None if all are."""
        return unrated_skills(self.comparison, self.inputs.target_needs, self.inputs.catalogue, self.inputs.current_id)

    @property
    def nearest(self) -> list[OccupationRow]:
        """Return the occupations whose gaps are shown to someone without one to compare with."""
        return [] if self.occupation else self.occupations.nearest[:MOST_NEAREST]

    @cached_property
    def _untargeted(self) -> Headline:
        """Return the headline of the gaps without an occupation to compare with; blank with one, or without answers."""
        if self.occupation:
            return Headline("")
        is_retiring = self.assessment.career_stage == CareerStage.RETIRING
        return untargeted_headline(next(iter(self.nearest), None), self.standing, is_retiring=is_retiring)

    @property
    def headline(self) -> str:
        """Return the headline of the gaps: what is not to be expected, else how many tasks or skills are met."""
        found = self.findings.gap_headline
        if self._untargeted.title:
            return self._untargeted.title
        return self.tasks.headline if self.tasks and not found.lead else found.title

    @property
    def lead(self) -> list[str]:
        """Return the sentences below the headline of the gaps."""
        if self._untargeted.title:
            return [self._untargeted.lead] if self._untargeted.lead else []
        if self.comparison and self.comparison.compared:
            more = self.findings.gap_headline.lead
            says_rated = self.headline == self.findings.gap_headline.title
            unrated = 0 if says_rated else len(self.comparison.unrated)
            return [*([more] if more else []), *result_texts.gap_sentences(self.comparison, unrated)]
        return result_texts.rating_sentences([row.name for row in self.learn], [row.name for row in self.strengths])

    @property
    def note(self) -> str:
        """Return why there is no table of gaps."""
        return _note(self.target, self.occupation, self.comparison)

    @property
    def learn(self) -> list[LevelRow]:
        """Return skills to learn that are not gaps."""
        return skills_to_learn(self.inputs.rated, self.comparison)

    @property
    def groups(self) -> list[GroupRow]:
        """Return all ratings by group."""
        return group_rows(self.inputs.rated.rows.values(), self.inputs.rated.groups)

    @property
    def strengths(self) -> list[LevelRow]:
        """Return what the user marked as strengths."""
        return self.inputs.rated.strengths

    @property
    def weaknesses(self) -> list[LevelRow]:
        """Return what the user marked as weaknesses."""
        return weaknesses(self.inputs.rated, self.comparison)

    @property
    def education_summary(self) -> str:
        """Return how the education compares with the usual one."""
        return result_texts.education_summary(self.education, self.occupation)

    @property
    def missing_education(self) -> MissingEducation | None:
        """Return what is missing in the education."""
        return self.inputs.missing_education

    @cached_property
    def gaps_path(self) -> str:
        """Return the address of the view of gaps."""
        return reverse("skills:result", args=[self.assessment.pk, "gaps"])

    @property
    def query(self) -> str:
        """Return the query string that keeps the compared occupation; blank for the target."""
        return f"?occupation={self.occupation.pk}" if self.occupation and not self.is_target else ""

    @property
    def all_query(self) -> str:
        """Return the query string that shows every row of a view."""
        return f"{self.query}&all=1" if self.query else "?all=1"

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
    target: CareerTarget | None = None,
    version: tuple[object, ...] | None = None,
    before: Sequence[Assessment] | None = None,
) -> Results:
    """Return the results of a finished assessment, compared with an occupation or its target (`current_target`).

    `goals` by skill id and `task_goals` by text of the task are existing goals. A `version` of the catalogue that was
    just read, or the finished assessments `before` this one, save a query each. At most six queries; each view makes up
    to five more.
    """
    version = version or catalogue_version()
    catalogue, target = ranked_occupations(version), target or current_target(assessment)
    inputs = load_inputs(
        assessment, catalogue, now=now, goals=goals or {}, target=target, occupation=occupation, version=version
    )
    return Results(inputs=inputs, version=version, task_goals=task_goals or {}, before=before)


def _note(target: CareerTarget, occupation: Occupation | None, comparison: Comparison | None) -> str:
    """Return why there is no table of gaps."""
    if occupation is None:
        if not target.role:
            return ""
        return _(
            "We could not find “%(role)s” in our list of occupations, so we cannot show your gaps. "
            "Look for a similar occupation, or choose one when you retake the assessment."
        ) % {"role": isolate(target.role)}
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
