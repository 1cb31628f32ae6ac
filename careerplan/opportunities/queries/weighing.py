"""Opportunities weighed: skills, goals, vision, priorities, own criteria, and reasons in the person's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.opportunities import weighing
from careerplan.opportunities.models import Criterion, CriterionScore, GoalEffect, Opportunity, PriorityScore, Score
from careerplan.opportunities.queries.match import Match, matches_of
from careerplan.plans.models import Plan
from careerplan.skills.queries.compare import GapRow

LARGEST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Scored:
    """A priority or a criterion with the person's score; `weight` is None for priorities, which all count alike."""

    name: str
    score: int | None
    weight: int | None = None

    @property
    def score_name(self) -> str:
        """ "Close"; blank where nothing was said."""
        return "" if self.score is None else str(Score(self.score).label)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One opportunity with all there is to weigh. Parts of the overall figure are per cent, None where not answered."""

    opportunity: Opportunity
    match: Match
    effects: list[GoalEffect]
    priorities: list[Scored]
    criteria: list[Scored]

    @property
    def served(self) -> list[Goal]:
        """The goals it serves."""
        return self._goals(GoalEffect.Effect.SERVES)

    @property
    def delayed(self) -> list[Goal]:
        """The goals it delays."""
        return self._goals(GoalEffect.Effect.DELAYS)

    def _goals(self, effect: GoalEffect.Effect) -> list[Goal]:
        return [row.goal for row in self.effects if row.effect == effect]

    @property
    def largest_gaps(self) -> list[GapRow]:
        """The first few gaps, the largest first."""
        return self.match.gaps[:LARGEST_GAPS]

    @property
    def vision_part(self) -> Decimal | None:
        """The fit with the vision, in per cent."""
        score = self.opportunity.vision_score
        return None if score is None else weighing.per_cent(score)

    @property
    def priorities_part(self) -> Decimal | None:
        """The priorities, in per cent."""
        return weighing.average([row.score for row in self.priorities if row.score is not None])

    @property
    def criteria_part(self) -> Decimal | None:
        """The criteria by weight, in per cent."""
        return weighing.weighted((row.score, row.weight or 0) for row in self.criteria if row.score is not None)

    @property
    def overall(self) -> weighing.Overall | None:
        """The one rough figure."""
        skills = self.match.fit.percent if self.match.fit else None
        return weighing.overall(skills, self.vision_part, self.priorities_part, self.criteria_part)


def weighed(user: User, plan: Plan, opportunities: Sequence[Opportunity]) -> list[Weighed]:
    """Opportunities of one plan of the person, weighed, in the order given. Five queries."""
    ids = [one.pk for one in opportunities]
    matches = matches_of(user, ids)
    effects = list(GoalEffect.objects.for_user(user).filter(opportunity__in=ids).select_related("goal"))
    priorities = PriorityScore.objects.for_user(user).filter(opportunity__in=ids)
    by_priority = {(row.opportunity_id, row.priority): row.score for row in priorities}
    criteria = criteria_of(plan)
    scores = CriterionScore.objects.for_user(user).filter(opportunity__in=ids)
    by_criterion = {(row.opportunity_id, row.criterion_id): row.score for row in scores}
    return [
        Weighed(
            opportunity=one,
            match=matches[one.pk],
            effects=[row for row in effects if row.opportunity_id == one.pk],
            priorities=[Scored(text, by_priority.get((one.pk, text))) for text in plan.priorities],
            criteria=[Scored(row.name, by_criterion.get((one.pk, row.pk)), row.weight) for row in criteria],
        )
        for one in opportunities
    ]


def criteria_of(plan: Plan) -> list[Criterion]:
    """What the person weighs every opportunity of a plan by. One query."""
    return list(Criterion.objects.filter(plan=plan).order_by("pk"))


@dataclass(frozen=True, slots=True)
class GoalAsked:
    """A goal, and what the opportunity is said to do to it. `shared`: skills that it builds and that are asked for."""

    goal: Goal
    effect: str
    shared: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that is asked when an opportunity is weighed, with what was said so far (scores by id or words)."""

    goals: list[GoalAsked]
    priorities: list[tuple[str, int | None]]
    criteria: list[tuple[Criterion, int | None]]


def asked_of(opportunity: Opportunity) -> Asked:
    """What is asked about one opportunity of an active plan. Seven queries."""
    plan = opportunity.plan
    effects = dict(opportunity.effects.order_by().values_list("goal_id", "effect"))
    needed = set(opportunity.needed_skills.order_by().values_list("skill_id", flat=True))
    goals = plan.goals.filter(Q(state=Goal.State.ACTIVE) | Q(pk__in=effects)).prefetch_related("skills")
    by_priority = dict(opportunity.priority_scores.values_list("priority", "score"))
    by_criterion = dict(opportunity.criterion_scores.values_list("criterion_id", "score"))
    return Asked(
        goals=[
            GoalAsked(goal, effects.get(goal.pk, ""), [skill.name for skill in goal.skills.all() if skill.pk in needed])
            for goal in goals
        ],
        priorities=[(text, by_priority.get(text)) for text in plan.priorities],
        criteria=[(row, by_criterion.get(row.pk)) for row in criteria_of(plan)],
    )
