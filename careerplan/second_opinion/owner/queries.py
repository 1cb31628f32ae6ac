"""What an owner sees of second opinions: what to ask about, the differences, and the results with and without them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.second_opinion.differences import OpinionDifference, levels_with, measure_difference, sort_differences
from careerplan.second_opinion.models import OpinionDecision, OpinionRating, SecondOpinion
from careerplan.second_opinion.proposals import AskableSkill, Proposals, propose_skills
from careerplan.second_opinion.services.deciding import own_levels
from careerplan.skills.models import Rating
from careerplan.skills.queries.comparison import Comparison, compare, gap_rows
from careerplan.skills.queries.draft import latest_assessment
from careerplan.skills.queries.result_inputs import ResultInputs, load_inputs
from careerplan.skills.queries.skill_gap import current_target


def load_own_results(user: User, now: datetime) -> ResultInputs | None:
    """Return what the owner's newest results are made from; None before the first assessment. At most six queries."""
    newest = latest_assessment(user)
    if newest is None:
        return None
    return load_inputs(newest, None, now=now, goals={}, target=current_target(newest), occupation=None)


def load_proposals(user: User, own: ResultInputs) -> Proposals:
    """Return the skills that the owner can ask about. One query."""
    rows = {row.skill_id: row for row in (*own.comparison.gaps, *own.comparison.met)} if own.comparison else {}
    goals = set(Goal.objects.for_user(user).active().values_list("skills", flat=True))
    return propose_skills(
        [
            AskableSkill(
                one.skill_id,
                one.name,
                gap=rows[one.skill_id].gap if one.skill_id in rows else 0,
                weighted=rows[one.skill_id].weighted if one.skill_id in rows else 0.0,
                is_needed=one.skill_id in rows,
                is_stale=one.skill_id in own.rated.stale,
                has_goal=one.skill_id in goals,
                is_strength=one.category == Rating.Category.STRENGTH,
                is_weakness=one.category == Rating.Category.WEAKNESS,
            )
            for one in own.rated.ratings
            if one.level is not None
        ]
    )


@dataclass(frozen=True)
class OpinionResults:
    """An opened opinion beside the owner's results. Names are those of skills."""

    opinion: SecondOpinion
    own: ResultInputs | None
    differences: tuple[OpinionDifference, ...]
    agreed: tuple[str, ...]
    not_judged: tuple[str, ...]
    not_rated: tuple[str, ...] = ()  # those in which the owner had no level when the answers were opened

    @property
    def count(self) -> int:
        """How many skills were asked about."""
        return len(self.differences) + len(self.agreed) + len(self.not_judged) + len(self.not_rated)

    @property
    def settled(self) -> list[OpinionDifference]:
        """The differences in which the owner chose a level."""
        return [one for one in self.differences if one.choice]

    @property
    def shown(self) -> list[OpinionDifference]:
        """The differences that the mentor sees."""
        return [one for one in self.differences if one.is_shown]

    @property
    def has_target(self) -> bool:
        """Whether the results are compared with an occupation."""
        return bool(self.own and self.own.comparison)

    @cached_property
    def alone(self) -> Comparison | None:
        """The comparison with the owner's ratings alone."""
        return self.own.comparison if self.own else None

    @cached_property
    def combined(self) -> Comparison | None:
        """The comparison with the levels that the owner chose here in place of their own."""
        if self.own is None or self.own.occupation is None or self.own.comparison is None:
            return None
        levels = levels_with(self.own.rated.levels, self.settled)
        needs = list(self.own.target_needs.values())
        return compare(self.own.occupation, gap_rows(levels, needs), levels, needs)


def load_opinion_results(opinion: SecondOpinion, now: datetime) -> OpinionResults:
    """Load an opened opinion with its differences, the largest effect on the results first. At most nine queries."""
    own = load_own_results(opinion.mentorship.owner, now)
    ratings = OpinionRating.objects.visible().filter(asked__opinion=opinion).order_by("asked__position")
    decisions = {one.rating_id: one for one in OpinionDecision.objects.filter(rating__in=ratings)}
    rated = own_levels(opinion.mentorship.owner_id, at=opinion.opened_at or now)
    differences: list[OpinionDifference] = []
    agreed: list[str] = []
    not_judged: list[str] = []
    not_rated: list[str] = []
    needs = own.target_needs if own else {}
    gaps = own.comparison.gaps if own and own.comparison else []
    largest = gaps[0].skill_id if gaps else None
    for pk, skill_id, name, level, evidence in ratings.values_list(
        "pk", "asked__skill_id", "asked__skill__name", "level", "evidence"
    ):
        decision = decisions.get(pk)
        if level is None:
            not_judged.append(name)
        elif decision is None:
            (agreed if skill_id in rated else not_rated).append(name)
        else:
            base = _difference(decision, skill_id, name, level, evidence)
            differences.append(measure_difference(base, needs.get(skill_id), largest_gap=largest))
    others = (tuple(names) for names in (agreed, not_judged, not_rated))
    return OpinionResults(opinion, own, tuple(sort_differences(differences)), *others)


def _difference(decision: OpinionDecision, skill_id: int, name: str, level: int, evidence: str) -> OpinionDifference:
    return OpinionDifference(
        decision.pk,
        skill_id,
        name,
        decision.own_level,
        level,
        evidence,
        choice=decision.choice,
        level=decision.level,
        is_shown=decision.shown_at is not None,
    )
