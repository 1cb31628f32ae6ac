"""Query of the first goals: what to suggest from the newest results, and which gaps already have a goal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.goals.models import DeclinedFirstGoals, Goal
from careerplan.goals.schedule import DEFAULT_HOURS_A_WEEK, GOALS_AT_A_TIME
from careerplan.goals.suggestions import (
    GoalIdea,
    idea_from_education,
    idea_from_licence,
    idea_from_occupation,
    idea_from_skill,
    idea_from_strength,
    idea_from_task,
)
from careerplan.plans.models import CareerStage
from careerplan.plans.queries import active_plan
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Assessment, Education, Level, Rating, TaskAnswer
from careerplan.skills.queries.comparison import gap_rows, load_needs
from careerplan.skills.queries.draft import latest_assessment
from careerplan.skills.queries.occupation_table import OccupationFacts, ranked_occupations
from careerplan.skills.queries.occupations_to_explore import occupations_to_explore
from careerplan.skills.queries.result_texts import education_summary, missing_education
from careerplan.skills.queries.skill_gap import SkillGap, current_target
from careerplan.skills.queries.standing import current_occupation_id, standing
from careerplan.skills.queries.task_results import asked_tasks

MOST_OFFERED = GOALS_AT_A_TIME
LOOK_AHEAD = 8
"""So many of the largest gaps are searched for one of another kind; smaller gaps matter less than variety."""
MOST_EXPLORED = 2
"""Without a target, finding out about two occupations comes first, and leaves room for what the user chose to learn."""
STRENGTHS_NEAR_RETIREMENT = 2
"""Passing on what one knows comes first near retirement, and leaves room for one gap."""


@dataclass(frozen=True)
class GoalsOfGaps:
    """Goals of the active plan for gaps of an assessment, by form key, by skill and by text of the task.

    A goal for a skill or a task counts while it is active, and later if it is newer than the results.
    `is_made_from_results`: whether any of them was made for a gap.
    """

    assessment: Assessment
    by_key: Mapping[UUID, Goal]
    by_skill: Mapping[int, Goal]
    by_task: Mapping[str, Goal]
    has_any: bool
    is_made_from_results: bool

    def find(self, idea: GoalIdea) -> Goal | None:
        """Return the goal that a gap already has."""
        made = self.by_key.get(gap_form_key(self.assessment, idea.key))
        of_skill = self.by_skill.get(idea.skill.pk) if idea.skill else None
        return made or of_skill or (self.by_task.get(idea.task.text) if idea.task else None)


@dataclass(frozen=True)
class FirstGoals:
    """What can be suggested from the newest results: all ideas by key, and the few `offered` first.

    `plan_hours`: the hours a week of the plan, if it names any.
    """

    assessment: Assessment
    ideas: Mapping[str, GoalIdea]
    offered: list[GoalIdea]
    goals: GoalsOfGaps
    plan_hours: Decimal | None

    @property
    def hours_a_week(self) -> Decimal:
        """Return the hours a week to start with."""
        return self.plan_hours or DEFAULT_HOURS_A_WEEK


def load_first_goals(user: User) -> FirstGoals | None:
    """Load what to suggest from the newest results; None without any. At most ten queries."""
    assessment = latest_assessment(user)
    if assessment is None:
        return None
    plan, goals = active_plan(user), goals_of_gaps(assessment)
    tiers = _load_gaps(assessment).tiers()
    offered: list[GoalIdea] = []
    for ideas, most in tiers:
        free = [idea for idea in ideas if goals.find(idea) is None]
        offered += choose_varied(free, min(most, MOST_OFFERED - len(offered)), {idea.key for idea in offered})
    return FirstGoals(
        assessment=assessment,
        ideas={idea.key: idea for idea in [*(idea for ideas, _most in reversed(tiers) for idea in ideas), *offered]},
        offered=offered,
        goals=goals,
        plan_hours=plan.hours_a_week if plan else None,
    )


@dataclass(frozen=True, slots=True)
class FirstGoalsOffer:
    """What other pages offer: `count` goals, none after "Not now" (`is_declined`)."""

    count: int = 0
    is_declined: bool = False


def load_first_goals_offer(user: User) -> FirstGoalsOffer:
    """Return how many first goals to offer on other pages: none once a goal was made for a gap, or after "Not now".

    One to three queries, and those of `load_first_goals` while there is something to offer.
    """
    assessment = latest_assessment(user)
    if assessment is None:
        return FirstGoalsOffer()
    if DeclinedFirstGoals.objects.filter(assessment=assessment).exists():
        return FirstGoalsOffer(is_declined=True)
    if goals_of_gaps(assessment).is_made_from_results:
        return FirstGoalsOffer()
    found = load_first_goals(user)
    if found is None:
        return FirstGoalsOffer()
    is_taken = any(gap_form_key(assessment, key) in found.goals.by_key for key in found.ideas)
    return FirstGoalsOffer(0 if is_taken else len(found.offered))


def goals_of_gaps(assessment: Assessment) -> GoalsOfGaps:
    """Load the goals for gaps of a finished assessment. One query."""
    columns = ("pk", "title", "state", "created_at", "form_key", "origin_skill_id", "origin_task", "skills")
    goals = Goal.objects.filter(plan__user=assessment.user_id, plan__state="active").order_by("due_on", "id")
    by_key: dict[UUID, Goal] = {}
    by_skill: dict[int, Goal] = {}
    by_task: dict[str, Goal] = {}
    is_made = False
    for pk, title, state, created_at, form_key, origin, task, skill_id in goals.values_list(*columns):
        by_key[form_key] = Goal(pk=pk, title=title)
        counts = created_at >= assessment.finished_at or state == Goal.State.ACTIVE
        is_made |= counts and (origin is not None or task != "")
        if task and counts:
            by_task.setdefault(task, by_key[form_key])
        if skill_id is not None and counts:
            by_skill.setdefault(skill_id, by_key[form_key])
    formal = {gap_form_key(assessment, key) for key in ("education", "licence")}
    is_made |= not formal.isdisjoint(by_key)
    return GoalsOfGaps(assessment, by_key, by_skill, by_task, has_any=bool(by_key), is_made_from_results=is_made)


def gap_form_key(assessment: Assessment, key: str) -> UUID:
    """Return the form key of the goal for a gap: the same gap of the same results makes one goal."""
    finished = assessment.finished_at.isoformat() if assessment.finished_at else ""
    return uuid5(NAMESPACE_URL, f"{finished}/{key}")


def planned_hours(user: User) -> Decimal:
    """Return the hours a week of the plan, or else the usual ones. One query."""
    plan = active_plan(user)
    return (plan.hours_a_week if plan else None) or DEFAULT_HOURS_A_WEEK


def free_form_key(user: User, assessment_id: int, key: str) -> UUID:
    """Return the form key of a new goal for a gap: that of the gap, or a random one if it has a goal. Two queries."""
    assessment = Assessment.objects.for_user(user).finished().get(pk=assessment_id)
    form_key = gap_form_key(assessment, key)
    return uuid4() if Goal.objects.for_user(user).filter(form_key=form_key).exists() else form_key


def choose_varied(ideas: Sequence[GoalIdea], most: int, known: Iterable[str] = ()) -> list[GoalIdea]:
    """Return the first `most` ideas, of different kinds where the first LOOK_AHEAD have them; in the order given.

    Keys in `known` are left out.
    """
    free = [idea for idea in ideas if idea.key not in set(known)]
    first_of_kind = {idea.kind: idea for idea in reversed(free[:LOOK_AHEAD])}
    varied = [idea for idea in free if first_of_kind.get(idea.kind) is idea]
    chosen = [*varied, *(idea for idea in free if idea not in varied)][:most]
    return [idea for idea in free if idea in chosen]


Tiers = list[tuple[list[GoalIdea], int]]


@dataclass(frozen=True)
class _Gaps:
    """The newest results as far as goals are suggested from them.

    `needs` are those of the target. Without them, `below_usual` has the skills that are below what is usual, furthest
    first. `above_usual` has those above it, if the current occupation is known. `to_explore`: the closest occupations,
    for someone without a target.
    """

    assessment: Assessment
    occupation: Occupation | None
    ratings: list[Rating]
    education: Education | None
    tasks: list[TaskAnswer]
    needs: Iterable[SkillNeed]
    below_usual: Sequence[int]
    above_usual: Sequence[int]
    to_explore: Sequence[OccupationFacts]

    def tiers(self) -> Tiers:
        """Return ideas, each list with how many of it are offered at most; a list only fills what is left."""
        tasks, skills = self.task_gaps(), self.skill_gaps()
        # The most telling gaps first, then what a job refuses people for, then the other gaps.
        gaps = [*tasks[:1], *skills[:1], *self.formal_gaps(), *tasks[1:], *skills[1:]]
        tiers = [(gaps, MOST_OFFERED), (self.wishes(), MOST_OFFERED), (self.strengths(), MOST_OFFERED)]
        if self.assessment.career_stage == CareerStage.RETIRING:
            tiers.insert(0, (self.strengths(), STRENGTHS_NEAR_RETIREMENT))
        return [(self.exploring(), MOST_EXPLORED), *tiers] if self.to_explore else tiers

    def exploring(self) -> list[GoalIdea]:
        """Return ideas for finding out about occupations."""
        text = _("Of all occupations, your answers are among the closest to %(people)s.")
        return [idea_from_occupation(one, text % {"people": one.people}) for one in self.to_explore]

    def task_gaps(self) -> list[GoalIdea]:
        """Return ideas for tasks of the target: what the user has not done yet, then what they have done with help."""
        experience = TaskAnswer.Experience
        never = [task for task in self.tasks if task.experience == experience.NEVER]
        helped = [task for task in self.tasks if task.experience == experience.WITH_HELP]
        not_yet = _("You have not done this task of your target role yet.")
        with_help = _("You have only done this task of your target role with help.")
        return [
            *(idea_from_task(task, not_yet) for task in never),
            *(idea_from_task(task, with_help) for task in helped),
        ]

    def skill_gaps(self) -> list[GoalIdea]:
        """Return ideas for the gaps, the most telling first; none without a rated target."""
        rated = {rating.skill_id: rating for rating in self.ratings if rating.level is not None}
        levels = {pk: rating.level for pk, rating in rated.items() if rating.level is not None}
        found = []
        for row in gap_rows(levels, self.needs):
            if row.gap:
                gap = SkillGap(rated[row.skill_id].skill, row.have, row.need, self.occupation)
                words = {"skill": row.name, "have": gap.have_phrase, "need": gap.need_phrase}
                reason = _("%(skill)s: your level is %(have)s, the level needed is %(need)s.") % words
                found.append(idea_from_skill(gap, reason))
        return found

    def formal_gaps(self) -> list[GoalIdea]:
        """Return an idea for missing education, or else for a licence that the target needs."""
        missing = missing_education(self.education, self.occupation)
        if missing is not None:
            return [idea_from_education(missing, education_summary(self.education, self.occupation))]
        target = self.occupation
        if target is None or not target.needs_licence or (self.education and self.education.credentials.strip()):
            return []
        if current_occupation_id(self.assessment) == target.pk:
            return []
        reason = _("%(role)s: many countries ask for a licence, and you have named none.") % {"role": target.title}
        return [idea_from_licence(reason)]

    def wishes(self) -> list[GoalIdea]:
        """Return ideas for skills to learn, which the user chose, then for weaknesses, which were suggested: furthest
        below the usual level, or lowest, first.
        """
        learn = [rating for rating in self.ratings if rating.wants_to_learn]
        is_weak = Rating.Category.WEAKNESS
        weak = [rating for rating in self.ratings if rating.category == is_weak and rating not in learn]
        found = []
        for rating in [*self._by_need(learn), *self._by_need(weak)]:
            text = (
                _("%(skill)s: you marked this as a weakness.") if rating in weak else _("You want to learn: %(skill)s.")
            )
            gap = SkillGap(rating.skill, rating.level)
            found.append(idea_from_skill(gap, text % {"skill": rating.skill.name}))
        return found or self.behind_others()

    def behind_others(self) -> list[GoalIdea]:
        """Return ideas for what most people in the current occupation do better: for someone who marked nothing."""
        is_retiring = self.assessment.career_stage == CareerStage.RETIRING
        if self.needs or is_retiring or current_occupation_id(self.assessment) is None:
            return []
        text = _("%(skill)s: most people in your occupation are above your level.")
        behind = self._by_need(rating for rating in self.ratings if rating.skill_id in set(self.below_usual))
        return [idea_from_skill(SkillGap(one.skill, one.level), text % {"skill": one.skill.name}) for one in behind]

    def _by_need(self, ratings: Iterable[Rating]) -> list[Rating]:
        places = {pk: place for place, pk in enumerate(self.below_usual)}
        return sorted(ratings, key=lambda one: (places.get(one.skill_id, len(places)), _level(one)))

    def strengths(self) -> list[GoalIdea]:
        """Return ideas that use strengths, those with an example first, then the highest level. For someone who marked
        none, what they are expert at.
        """
        strong = [rating for rating in self.ratings if rating.category == Rating.Category.STRENGTH]
        strong.sort(key=lambda rating: (not rating.evidence, -_level(rating)))
        text = _("%(skill)s: one of your strengths.")
        if not strong:
            strong = [rating for rating in self.ratings if _level(rating) == Level.EXPERT]
            text = _("%(skill)s: you are an expert.")
        lead = _("%(skill)s: you are above most people in your occupation.")
        said = [(one, text) for one in strong] + [(one, lead) for one in self.leads() if one not in strong]
        return [idea_from_strength(one.skill, reason % {"skill": one.skill.name}) for one, reason in said]

    def leads(self) -> list[Rating]:
        """Return in what someone near retirement is above most people in their occupation, furthest first."""
        is_retiring = self.assessment.career_stage == CareerStage.RETIRING
        able = {one.skill_id: one for one in self.ratings if _level(one) >= Level.SKILLED} if is_retiring else {}
        return [able[pk] for pk in self.above_usual if pk in able]


def _level(rating: Rating) -> int:
    return Level.NONE if rating.level is None else rating.level


def _load_gaps(assessment: Assessment) -> _Gaps:
    """Load the gaps of a finished assessment. Up to six queries, without a target nine."""
    target = current_target(assessment)
    occupation = target.occupation
    explores = not target.role and occupation is None and assessment.career_stage != CareerStage.RETIRING
    order = ("skill__group__position", "skill__group_id", "skill__position", "skill__name")
    ratings = list(assessment.ratings.select_related("skill").order_by(*order))
    needs = load_needs([occupation.pk])[occupation.pk] if occupation else {}
    is_compared = not needs or assessment.career_stage == CareerStage.RETIRING
    below, above = _beside_usual(assessment, ratings) if is_compared else ([], [])
    return _Gaps(
        assessment=assessment,
        occupation=occupation,
        ratings=ratings,
        education=Education.objects.filter(assessment=assessment).first(),
        tasks=asked_tasks(assessment, occupation),
        needs=needs.values(),
        below_usual=() if needs else below,
        above_usual=above,
        to_explore=occupations_to_explore(assessment, now=timezone.now())[:LOOK_AHEAD] if explores else (),
    )


def _beside_usual(assessment: Assessment, ratings: Iterable[Rating]) -> tuple[list[int], list[int]]:
    """Return the skills below and above what is usual in the current occupation, or in all, furthest first. Two
    queries.
    """
    levels = {rating.skill_id: rating.level for rating in ratings if rating.level is not None}
    names = {rating.skill_id: rating.skill.name for rating in ratings}
    found = standing(ranked_occupations(), levels, names, current_occupation_id(assessment))
    if found is None:
        return [], []
    return [row.skill_id for row in found.behind], [row.skill_id for row in found.ahead if found.people]
