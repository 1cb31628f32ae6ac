"""A finished assessment as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import sources_in_use
from careerplan.catalogue.sources import Source
from careerplan.skills.fit import LEAST_COMMON, tells_apart
from careerplan.skills.models import CONFIRMED_FOR, Assessment, Education, Level, Rating
from careerplan.skills.queries import reasons
from careerplan.skills.queries.compare import Comparison, NamedNeed, compare, gap_rows, needs_of
from careerplan.skills.queries.groups import GoalLink, GroupRow, LevelRow, group_rows, radar_of
from careerplan.skills.queries.matches import Match, rank_occupations
from careerplan.skills.queries.reasons import MatchRow
from careerplan.skills.queries.since import Earlier, SinceLast, earlier_ones, since
from careerplan.skills.queries.target import Target, target_of
from careerplan.skills.radar import Radar


@dataclass(frozen=True, slots=True)
class Fits:
    """The occupations that fit best, and the target wherever it stands; `note` where there are none to show.

    Then `needs_more` tells whether more ratings would help. `left_out`: how many are not ranked, because too little
    of what they need is rated. `about_target` says so of the target. `unrated`: skills (ids) that the ones shown need
    and that are not rated.
    """

    rows: list[MatchRow]
    note: str
    needs_more: bool
    left_out: int
    about_target: str
    unrated: list[int]

    @property
    def unrated_query(self) -> str:
        """What leads to rating those that are not: the query of the page that starts an assessment."""
        return urlencode({"skill": self.unrated}, doseq=True)


@dataclass(frozen=True, slots=True)
class Results:
    """Everything on the results page. `occupation` is what is compared with, rated or not."""

    assessment: Assessment
    target: Target
    occupation: Occupation | None
    comparison: Comparison | None
    headline: str
    lead: str
    note: str
    learn: list[LevelRow]
    groups: list[GroupRow]
    radar: Radar | None
    strengths: list[LevelRow]
    weaknesses: list[LevelRow]
    education: Education | None
    verdict: str
    lacking: str
    fits: Fits
    since_last: SinceLast | None
    earlier: list[Earlier]
    sources: list[Source]

    @property
    def has_evidence(self) -> bool:
        """Whether the person wrote a line of proof for a strength."""
        return any(row.evidence for row in self.strengths)

    @property
    def is_target(self) -> bool:
        """Whether it is compared with the person's own target."""
        return self.occupation is not None and self.occupation == self.target.occupation


@dataclass(frozen=True, slots=True)
class _Rated:
    """The ratings of one assessment: in the catalogue's order, as rows by rating id, levels by skill id.

    `stale` are the skills not confirmed lately, `goals` those that exist already, by skill id.
    """

    ratings: list[Rating]
    rows: Mapping[int, LevelRow]
    levels: Mapping[int, int]
    stale: frozenset[int]
    goals: Mapping[int, GoalLink]

    def rows_where(self, *, verdict: str) -> list[LevelRow]:
        return [self.rows[rating.pk] for rating in self.ratings if rating.verdict == verdict]


def results_of(
    assessment: Assessment,
    *,
    now: datetime,
    goals: Mapping[int, GoalLink] | None = None,
    occupation: Occupation | None = None,
) -> Results:
    """The results of one finished assessment, compared with an occupation, or else with its target (`target_of`).

    `goals` by skill id are those that exist already. Seven queries; one less where it is the first assessment.
    """
    rated = _rated(assessment, now, goals or {})
    target = target_of(assessment)
    occupation = occupation or target.occupation
    education = Education.objects.filter(assessment=assessment).first()
    matches = rank_occupations(rated.levels, target_id=target.occupation.pk if target.occupation else None)
    needs = needs_of({match.occupation_id for match in matches} | ({occupation.pk} if occupation else set()))
    asked = needs[occupation.pk] if occupation else []
    comparison = _comparison(occupation, asked, rated)
    groups = group_rows(rated.ratings, rated.rows, {one.need.skill_id: one.need.level for one in asked})
    strengths, learn = _strengths(rated), _to_learn(rated, comparison)
    earlier = _earlier(assessment)
    return Results(
        assessment=assessment,
        target=target,
        occupation=occupation,
        comparison=comparison,
        headline=reasons.headline(comparison, list(rated.levels.values())),
        lead=_lead(comparison, learn, strengths),
        note=_note(target, occupation, comparison),
        learn=learn,
        groups=groups,
        radar=radar_of(groups),
        strengths=strengths,
        weaknesses=_weaknesses(rated, comparison),
        education=education,
        verdict=reasons.education_verdict(education, occupation),
        lacking=reasons.lacking(education, occupation),
        fits=_fits(target.occupation, rated, matches, needs, education, comparison=comparison),
        since_last=since(earlier[0], assessment, rated.ratings) if earlier else None,
        earlier=earlier_ones(assessment, earlier),
        sources=sources_in_use(),
    )


def _earlier(assessment: Assessment) -> list[Assessment]:
    """The finished ones before it, newest first. One query."""
    mine = Assessment.objects.filter(user=assessment.user_id)
    return list(mine.filter(finished_at__lt=assessment.finished_at).finished())


def _strengths(rated: _Rated) -> list[LevelRow]:
    """Those with a line of proof first."""
    rows = rated.rows_where(verdict=Rating.Verdict.STRENGTH)
    return sorted(rows, key=lambda row: (not row.evidence, -(row.level or 0)))


def _weaknesses(rated: _Rated, comparison: Comparison | None) -> list[LevelRow]:
    """The largest gap first, as in the table of gaps where they are equal; then the lowest level."""
    gaps = {row.skill_id: row for row in comparison.gaps} if comparison else {}
    place = {skill_id: place for place, skill_id in enumerate(gaps)}
    rows = [
        replace(row, gap=gaps[row.skill_id].gap if row.skill_id in gaps else 0)
        for row in rated.rows_where(verdict=Rating.Verdict.WEAKNESS)
    ]
    return sorted(rows, key=lambda row: (-row.gap, place.get(row.skill_id, 0), row.level or 0))


def _lead(comparison: Comparison | None, learn: list[LevelRow], strengths: list[LevelRow]) -> str:
    if comparison and comparison.compared:
        return reasons.gaps_lead(comparison)
    own = {row.name for row in (*learn, *strengths) if row.is_own}
    return reasons.ratings_lead([row.name for row in learn], [row.name for row in strengths], own)


def _fits(
    target: Occupation | None,
    rated: _Rated,
    matches: list[Match],
    needs: Mapping[int, list[NamedNeed]],
    education: Education | None,
    *,
    comparison: Comparison | None,
) -> Fits:
    """The occupations with their reasons."""
    level = education.level if education else ""
    rows = [
        MatchRow(
            match,
            reasons.why_it_fits(match, gap_rows(rated.levels, needs[match.occupation_id]), level),
            target is not None and match.occupation_id == target.pk,
        )
        for match in matches
    ]
    is_left_out = comparison is not None and comparison.occupation == target and not any(r.is_target for r in rows)
    asked = [one.need for match in matches for one in needs[match.occupation_id] if one.need.is_needed]
    return Fits(
        rows=rows,
        note="" if rows else _no_fits(rated),
        needs_more=not rated.levels or tells_apart(rated.levels),
        left_out=matches[0].left_out if matches else 0,
        about_target=reasons.too_little_rated(comparison) if rows and comparison and is_left_out else "",
        unrated=sorted({need.skill_id for need in asked} - rated.levels.keys()),
    )


def _rated(assessment: Assessment, now: datetime, goals: Mapping[int, GoalLink]) -> _Rated:
    """All ratings with skill and group, in the catalogue's order; the person's own skills last. One query."""
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
    """As `Skill.objects.in_order`: each group in one piece, also where two have the same position."""
    skill = rating.skill
    return (skill.group.position if skill.group else 10_000, skill.group_id or 0, skill.position, skill.name)


def _row(rating: Rating, *, is_stale: bool, goal: GoalLink | None) -> LevelRow:
    level_name = _("Not sure") if rating.level is None else str(Level(rating.level).label)
    skill = rating.skill
    return LevelRow(skill.pk, skill.name, rating.level, level_name, rating.evidence, is_stale, goal, skill.is_own)


def _comparison(occupation: Occupation | None, needs: list[NamedNeed], rated: _Rated) -> Comparison | None:
    """None where there is nothing to compare with: no occupation, or one that is not rated."""
    if occupation is None or not occupation.is_rated:
        return None
    return compare(occupation, gap_rows(rated.levels, needs, rated.goals, rated.stale), rated.levels, needs)


def _to_learn(rated: _Rated, comparison: Comparison | None) -> list[LevelRow]:
    """What the person wants to learn, the lowest level first; what the table of gaps has is not said twice."""
    gaps = {row.skill_id for row in comparison.gaps} if comparison else set()
    rows = [rated.rows[r.pk] for r in rated.ratings if r.wants_to_learn and r.skill_id not in gaps]
    return sorted(rows, key=lambda row: -1 if row.level is None else row.level)


def _note(target: Target, occupation: Occupation | None, comparison: Comparison | None) -> str:
    """Why there is no table of gaps, where the person may expect one."""
    if occupation is None:
        if not target.role:
            return ""
        return _(
            "“%(role)s” is not tied to an occupation of our catalogue, so there are no needed levels to compare "
            "yours with. Look at an occupation below that comes close, or name one when you assess again."
        ) % {"role": target.role}
    if comparison is None:
        return _(
            "%(title)s is not rated in our sources: they do not say how much of each skill it asks for. "
            "So there are no gaps to show. Your strengths and the occupations that fit are below."
        ) % {"title": occupation.title}
    if not comparison.compared:
        return _("You rated none of the skills that %(who)s needs, so there is nothing to compare yet.") % {
            "who": reasons.occupation_words(occupation)
        }
    return ""


def _no_fits(rated: _Rated) -> str:
    """Why no occupations are shown."""
    if rated.levels and not tells_apart(rated.levels):
        return _(
            "All your ratings are the same, so no occupation fits you better than another. "
            "When you assess again, ask yourself which of the skills are easier for you than others."
        )
    return _(
        "There is too little to go by: an occupation is compared when you have rated at least %(n)s of the skills "
        "it needs, and half of the whole need."
    ) % {"n": LEAST_COMMON}
