"""Queries for weighing up: the scores of opportunities, and the questions about one."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q
from django.utils.http import urlencode

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.opportunities import scoring
from careerplan.opportunities.models import Criterion, CriterionScore, GoalEffect, Opportunity, PriorityScore
from careerplan.opportunities.models.opportunity import Score
from careerplan.opportunities.queries.opportunity_list import SkillMatch, skill_matches
from careerplan.plans.models import Plan
from careerplan.skills.queries.comparison import GapRow

LARGEST_GAPS = 3


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """A priority or a criterion with the user's score. `weight` is None for priorities, which all weigh the same."""

    name: str
    score: int | None
    weight: int | None = None

    @property
    def score_name(self) -> str:
        """Return the score in words; "" without a score."""
        return "" if self.score is None else str(Score(self.score).label)


@dataclass(frozen=True, slots=True)
class WeighedOpportunity:
    """An opportunity with its match, its effects and its scores. Parts of the overall score are 1 to 5 or None."""

    opportunity: Opportunity
    match: SkillMatch
    effects: list[GoalEffect]
    priorities: list[ScoredItem]
    criteria: list[ScoredItem]

    @property
    def helped_goals(self) -> list[Goal]:
        """Goals that it helps."""
        return self._goals(GoalEffect.Effect.HELPS)

    @property
    def slowed_goals(self) -> list[Goal]:
        """Goals that it slows down."""
        return self._goals(GoalEffect.Effect.SLOWS_DOWN)

    def _goals(self, effect: GoalEffect.Effect) -> list[Goal]:
        return [row.goal for row in self.effects if row.effect == effect]

    @property
    def largest_gaps(self) -> list[GapRow]:
        """The largest gaps, LARGEST_GAPS at most."""
        return self.match.gaps[:LARGEST_GAPS]

    @property
    def skills_part(self) -> Decimal | None:
        """The share of the levels needed, as a score; None if too little is rated."""
        fit = self.match.fit
        return scoring.share_score(fit.percent) if fit and fit.skills_met is not None else None

    @property
    def priorities_part(self) -> Decimal | None:
        """The average score of the priorities."""
        return scoring.average_score([row.score for row in self.priorities if row.score is not None])

    @property
    def criteria_part(self) -> Decimal | None:
        """The weighted score of the criteria."""
        return scoring.weighted_score((row.score, row.weight or 0) for row in self.criteria if row.score is not None)

    @property
    def overall(self) -> scoring.OverallScore | None:
        """Return the overall score; None if fewer than two parts are known."""
        vision = self.opportunity.vision_score
        return scoring.overall_score(self.skills_part, vision, self.priorities_part, self.criteria_part)

    @property
    def questions(self) -> list[ScoredItem]:
        """Return the priorities and criteria, with a score or without."""
        return [*self.priorities, *self.criteria]

    @property
    def unanswered(self) -> int:
        """Return how many questions have no answer: skills, vision, priorities and criteria."""
        scores = [self.opportunity.vision_score, *(one.score for one in (*self.priorities, *self.criteria))]
        return scores.count(None) + (self.match.fit is None)

    def with_scores(
        self, vision: int | None, priorities: Mapping[str, int | None], criteria: Mapping[str, int | None]
    ) -> "WeighedOpportunity":
        """Return the same with other scores, by the names of the priorities and criteria. Nothing is saved."""
        opportunity = copy(self.opportunity)
        opportunity.vision_score = vision
        return replace(
            self,
            opportunity=opportunity,
            priorities=[replace(row, score=priorities.get(row.name)) for row in self.priorities],
            criteria=[replace(row, score=criteria.get(row.name)) for row in self.criteria],
        )

    @property
    def overall_name(self) -> str:
        """Return the overall score in words; "" without one."""
        return str(Score(self.overall.score).label) if self.overall else ""


@dataclass(frozen=True, slots=True)
class MatchComparison:
    """Which opportunities match the user's skills best. More than one: the levels cannot tell them apart.

    None are best as long as some match is unknown, or some opportunity has no skills yet: `unrated` are the skills to
    rate, names by id.
    """

    best: list[WeighedOpportunity]
    unrated: dict[int, str]

    @property
    def unrated_query(self) -> str:
        """Query string that starts an assessment of the skills to rate."""
        return urlencode({"skill": list(self.unrated)}, doseq=True)


def compare_matches(rows: Sequence[WeighedOpportunity]) -> MatchComparison:
    """Compare the matches of opportunities that need skills."""
    unknown = [row.match for row in rows if row.match.is_unknown]
    if unknown:
        return MatchComparison([], {pk: name for match in unknown for pk, name in match.unrated.items()})
    fits = [(row, row.match.fit) for row in rows if row.match.fit]
    if len(fits) < max(2, len(rows)):
        return MatchComparison([], {})
    best = [row for row, fit in fits if fit.percent and not any(other.is_ahead_of(fit) for _row, other in fits)]
    return MatchComparison(best, {})


def scores_by_question(
    rows: Sequence[WeighedOpportunity], scores: Sequence[list[ScoredItem]]
) -> list[list[tuple[WeighedOpportunity, ScoredItem]]]:
    """Return for each priority or criterion the opportunities with their scores."""
    return [list(zip(rows, of_question, strict=True)) for of_question in zip(*scores, strict=True)]


def weigh_up(user: User, plan: Plan, opportunities: Sequence[Opportunity]) -> list[WeighedOpportunity]:
    """Load the scores of opportunities of one plan, in the order given. Five queries."""
    ids = [one.pk for one in opportunities]
    matches = skill_matches(user, ids)
    effects = list(GoalEffect.objects.for_user(user).filter(opportunity__in=ids).select_related("goal"))
    priorities = PriorityScore.objects.for_user(user).filter(opportunity__in=ids)
    by_priority = {(row.opportunity_id, row.priority): row.score for row in priorities}
    criteria = plan_criteria(plan)
    scores = CriterionScore.objects.for_user(user).filter(opportunity__in=ids)
    by_criterion = {(row.opportunity_id, row.criterion_id): row.score for row in scores}
    return [
        WeighedOpportunity(
            opportunity=one,
            match=matches[one.pk],
            effects=[row for row in effects if row.opportunity_id == one.pk],
            priorities=[ScoredItem(text, by_priority.get((one.pk, text))) for text in plan.priorities],
            criteria=[ScoredItem(row.name, by_criterion.get((one.pk, row.pk)), row.weight) for row in criteria],
        )
        for one in opportunities
    ]


def plan_criteria(plan: Plan) -> list[Criterion]:
    """List the criteria of a plan. One query."""
    return list(Criterion.objects.filter(plan=plan).order_by("pk"))


@dataclass(frozen=True, slots=True)
class GoalQuestion:
    """A question on how an opportunity affects a goal. `shared`: needed skills that the goal builds."""

    goal: Goal
    effect: str
    shared: list[str]


@dataclass(frozen=True, slots=True)
class WeighingQuestions:
    """All questions about an opportunity, each with the answer so far."""

    goals: list[GoalQuestion]
    priorities: list[tuple[str, int | None]]
    criteria: list[tuple[Criterion, int | None]]


def weighing_questions(opportunity: Opportunity) -> WeighingQuestions:
    """Load the questions about an opportunity of an active plan. Seven queries."""
    plan = opportunity.plan
    effects = dict(opportunity.effects.order_by().values_list("goal_id", "effect"))
    needed = set(opportunity.needed_skills.order_by().values_list("skill_id", flat=True))
    goals = plan.goals.filter(Q(state=Goal.State.ACTIVE) | Q(pk__in=effects)).prefetch_related("skills")
    by_priority = dict(opportunity.priority_scores.values_list("priority", "score"))
    by_criterion = dict(opportunity.criterion_scores.values_list("criterion_id", "score"))
    return WeighingQuestions(
        goals=[
            GoalQuestion(
                goal, effects.get(goal.pk, ""), [skill.name for skill in goal.skills.all() if skill.pk in needed]
            )
            for goal in goals
        ],
        priorities=[(text, by_priority.get(text)) for text in plan.priorities],
        criteria=[(row, by_criterion.get(row.pk)) for row in plan_criteria(plan)],
    )
