"""Query of the results page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Occupation, Skill
from careerplan.catalogue.queries import occupation_titled, sources_in_use
from careerplan.catalogue.sync import Source
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import CONFIRMED_FOR, Assessment, Education, Rating
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.assessment_diff import AssessmentDiff, EarlierAssessment, diff_assessments, list_earlier
from careerplan.skills.queries.comparison import Comparison, compare, gap_rows, load_needs
from careerplan.skills.queries.occupation_matches import OccupationMatch, OccupationMatches, match_occupations
from careerplan.skills.queries.occupation_table import ranked_occupations
from careerplan.skills.queries.result_texts import OccupationRow
from careerplan.skills.queries.skill_gap import CareerTarget, current_target
from careerplan.skills.queries.skill_groups import GoalLink, GroupRow, LevelRow, group_rows
from careerplan.skills.queries.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class OccupationLists:
    """The occupations that the answers are closest to, in three lists; `note` if there are none to show.

    `longer_training` are close too, but need years of study first. `questions_query` is the query string of an
    assessment of the questions that would tell most next.
    """

    like_yours: list[OccupationRow]
    step_up: list[OccupationRow]
    other_field: list[OccupationRow]
    longer_training: list[OccupationRow]
    headline: str
    lead: str
    tie: str
    note: str
    questions: list[str]
    questions_query: str

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to show."""
        return bool(self.note)


@dataclass(frozen=True, slots=True)
class Results:
    """Content of the results page. `occupation` is the one compared with, rated or not."""

    assessment: Assessment
    target: CareerTarget
    occupation: Occupation | None
    comparison: Comparison | None
    headline: str
    lead: list[str]
    note: str
    learn: list[LevelRow]
    groups: list[GroupRow]
    strengths: list[LevelRow]
    weaknesses: list[LevelRow]
    education: Education | None
    education_summary: str
    missing_education: str
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


@dataclass(frozen=True, slots=True)
class _Rated:
    """Ratings of an assessment: in catalogue order, as rows by rating id, levels by skill id.

    `stale` are skills not confirmed for a year, `goals` existing goals by skill id.
    """

    ratings: list[Rating]
    rows: Mapping[int, LevelRow]
    levels: Mapping[int, int]
    stale: frozenset[int]
    goals: Mapping[int, GoalLink]

    def rows_where(self, *, category: str) -> list[LevelRow]:
        return [self.rows[rating.pk] for rating in self.ratings if rating.category == category]


def build_results(
    assessment: Assessment,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink] | None = None,
    occupation: Occupation | None = None,
) -> Results:
    """Return the results of a finished assessment, compared with an occupation or its target (`current_target`).

    `goals` by skill id are existing goals. Seven queries; six for the first assessment.
    """
    rated = _rated(assessment, now, goals or {})
    catalogue, current_id = ranked_occupations(), occupation_titled(assessment.current_role)
    target = current_target(assessment)
    occupation = occupation or target.occupation
    education = Education.objects.filter(assessment=assessment).first()
    matches = match_occupations(
        catalogue,
        rated.levels,
        current_id=current_id,
        education=education.level if education else "",
    )
    needs = load_needs({match.facts.pk for match in matches.shown} | ({occupation.pk} if occupation else set()))
    asked = list(needs[occupation.pk].values()) if occupation else []
    comparison = _comparison(occupation, asked, rated)
    strengths, learn = _strengths(rated), _to_learn(rated, comparison)
    earlier = _earlier(assessment)
    return Results(
        assessment=assessment,
        target=target,
        occupation=occupation,
        comparison=comparison,
        headline=result_texts.headline(comparison, list(rated.levels.values())),
        lead=_lead(comparison, learn, strengths),
        note=_note(target, occupation, comparison),
        learn=learn,
        groups=group_rows(rated.ratings, rated.rows),
        strengths=strengths,
        weaknesses=_weaknesses(rated, comparison),
        education=education,
        education_summary=result_texts.education_summary(education, occupation),
        missing_education=result_texts.missing_education(education, occupation),
        occupations=_occupations(matches, rated, needs, education, target.occupation),
        standing=standing(catalogue, rated.levels, {r.skill_id: r.skill.name for r in rated.ratings}, current_id),
        since_last=diff_assessments(earlier[0], assessment, rated.ratings) if earlier else None,
        earlier=list_earlier(assessment, earlier),
        sources=sources_in_use(),
    )


def _earlier(assessment: Assessment) -> list[Assessment]:
    """Return the finished assessments before this one, newest first. One query."""
    mine = Assessment.objects.filter(user=assessment.user_id)
    return list(mine.filter(finished_at__lt=assessment.finished_at).finished())


def _strengths(rated: _Rated) -> list[LevelRow]:
    """Return strengths, those with an example first."""
    rows = rated.rows_where(category=Rating.Category.STRENGTH)
    return sorted(rows, key=lambda row: (not row.evidence, -(row.level or 0)))


def _weaknesses(rated: _Rated, comparison: Comparison | None) -> list[LevelRow]:
    """Return weaknesses by largest gap, ties as in the table of gaps; then the lowest level."""
    gaps = {row.skill_id: row for row in comparison.gaps} if comparison else {}
    place = {skill_id: place for place, skill_id in enumerate(gaps)}
    rows = [
        replace(row, gap=gaps[row.skill_id].gap if row.skill_id in gaps else 0)
        for row in rated.rows_where(category=Rating.Category.WEAKNESS)
    ]
    return sorted(rows, key=lambda row: (-row.gap, place.get(row.skill_id, 0), row.level or 0))


def _lead(comparison: Comparison | None, learn: list[LevelRow], strengths: list[LevelRow]) -> list[str]:
    if comparison and comparison.compared:
        return result_texts.gap_sentences(comparison)
    return result_texts.rating_sentences([row.name for row in learn], [row.name for row in strengths])


def _occupations(
    matches: OccupationMatches,
    rated: _Rated,
    needs: Mapping[int, Mapping[int, SkillNeed]],
    education: Education | None,
    target: Occupation | None,
) -> OccupationLists:
    """Return the lists with their texts."""
    names = {pk: need.name for of_one in needs.values() for pk, need in of_one.items()}
    level = education.level if education else ""

    def rows(found: list[OccupationMatch]) -> list[OccupationRow]:
        return [
            result_texts.occupation_row(
                match,
                [names[pk] for pk in match.reasons if pk in names],
                gap_rows(rated.levels, needs[match.facts.pk].values()),
                level,
                is_target=target is not None and match.facts.pk == target.pk,
            )
            for match in found
        ]

    questions = dict(Skill.objects.filter(pk__in=matches.questions).values_list("pk", "name"))
    return OccupationLists(
        like_yours=rows(matches.like_yours),
        step_up=rows(matches.step_up),
        other_field=rows(matches.other_field),
        longer_training=rows(matches.longer_training),
        headline=result_texts.occupations_headline(matches),
        lead=result_texts.occupations_lead(matches),
        tie=result_texts.tie_sentence(matches.undecided),
        note="" if matches.is_enough else result_texts.too_little(list(rated.levels.values())),
        questions=[questions[pk] for pk in matches.questions if pk in questions],
        questions_query=urlencode({"skill": matches.questions}, doseq=True),
    )


def _rated(assessment: Assessment, now: datetime, goals: Mapping[int, GoalLink]) -> _Rated:
    """Return all ratings with skill and group, in catalogue order; own skills last. One query."""
    ratings = sorted(assessment.ratings.select_related("skill__group"), key=_order)
    old = frozenset(r.skill_id for r in ratings if r.confirmed_at < now - CONFIRMED_FOR)
    return _Rated(
        ratings=ratings,
        rows={r.pk: _row(r, is_stale=r.skill_id in old, goal=goals.get(r.skill_id)) for r in ratings},
        levels={rating.skill_id: rating.level for rating in ratings if rating.level is not None},
        stale=old,
        goals=goals,
    )


def _order(rating: Rating) -> tuple[int, int, int, str]:
    """Return the sort key of `Skill.objects.in_order`: by group, even if two have the same position."""
    skill = rating.skill
    return (skill.group.position if skill.group else 10_000, skill.group_id or 0, skill.position, skill.name)


def _row(rating: Rating, *, is_stale: bool, goal: GoalLink | None) -> LevelRow:
    skill = rating.skill
    return LevelRow(skill.pk, skill.name, rating.level, rating.evidence, is_stale, goal, skill.is_own)


def _comparison(occupation: Occupation | None, needs: list[SkillNeed], rated: _Rated) -> Comparison | None:
    """Return the comparison; None without an occupation or if it is not rated."""
    if occupation is None or not occupation.is_rated:
        return None
    return compare(occupation, gap_rows(rated.levels, needs, rated.goals, rated.stale), rated.levels, needs)


def _to_learn(rated: _Rated, comparison: Comparison | None) -> list[LevelRow]:
    """Return skills to learn, lowest level first, without those in the table of gaps."""
    gaps = {row.skill_id for row in comparison.gaps} if comparison else set()
    rows = [rated.rows[r.pk] for r in rated.ratings if r.wants_to_learn and r.skill_id not in gaps]
    return sorted(rows, key=lambda row: -1 if row.level is None else row.level)


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
