"""Query of the page of a goal, active or archived."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.goals.facts import ListedFact, Place, list_facts
from careerplan.goals.models import ActionStep, Change, Goal, ProgressEntry
from careerplan.goals.queries.goal_history import HistoryLine, goal_history
from careerplan.goals.queries.progress import GoalProgress, goal_progress
from careerplan.goals.queries.steps import load_steps
from careerplan.goals.wording import Outcome, Wording, check_wording
from careerplan.skills.models import Assessment, Level, Rating
from careerplan.skills.queries.comparison import load_needs


@dataclass(frozen=True, slots=True)
class BuiltSkill:
    """A skill of a goal. Levels 0 to 5; `have` is None if it is not rated, `need` if the target role does not need
    it.
    """

    pk: int
    name: str
    have: int | None
    need: int | None
    is_origin: bool

    @property
    def have_name(self) -> str:
        """Return the name of the level, such as "basic"."""
        return "" if self.have is None else str(Level(self.have).label).lower()

    @property
    def need_name(self) -> str:
        """Return the name of the level needed, such as "advanced"."""
        return "" if self.need is None else str(Level(self.need).label).lower()


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its steps: open ones in order, done ones newest first, then dropped ones."""

    goal: Goal
    open_steps: list[ActionStep]
    done_steps: list[ActionStep]
    dropped_steps: list[ActionStep]
    progress: GoalProgress
    skills: list[BuiltSkill]
    history: list[HistoryLine]
    today: date

    @property
    def wording(self) -> Wording:
        """Return advice on the title of an active goal."""
        goal = self.goal
        known = {name: getattr(goal, name) for name in ("title", "unit", "start_value", "target_value", "done_when")}
        return check_wording(Outcome(**known, due_on=goal.due_on), language=get_language() or "en")

    @property
    def facts(self) -> list[ListedFact]:
        """Return the facts of the goal besides title, measure and dates."""
        return list_facts(self.goal, Place.PAGE)

    @property
    def stop_rule_asks(self) -> bool:
        """Return whether the stop rule is due and not answered."""
        goal = self.goal
        return goal.is_active and goal.stop_on is not None and goal.stop_on <= self.today and not goal.stop_answered_at

    @property
    def steps_all(self) -> int:
        """Return how many steps count."""
        return len(self.open_steps) + len(self.done_steps)


def goal_page(goal: Goal, user: User, today: date) -> GoalPage:
    """Load the page of a goal."""
    steps = load_steps(goal)
    skills = built_skills(goal, user)
    return GoalPage(
        goal=goal,
        open_steps=steps.open,
        done_steps=steps.done,
        dropped_steps=steps.dropped,
        progress=goal_progress(goal, [*steps.open, *steps.done], today),
        skills=skills,
        history=goal_history(goal, next((skill.name for skill in skills if skill.is_origin), "")),
        today=today,
    )


def built_skills(goal: Goal, user: User) -> list[BuiltSkill]:
    """Load the skills of a goal with the latest ratings and the levels that the target role needs. One or two
    queries.
    """
    newest = Assessment.objects.for_user(user).finished()
    ratings = Rating.objects.filter(skill=OuterRef("pk"), assessment=Subquery(newest.values("pk")[:1]))
    annotated = goal.skills.annotate(
        have=Subquery(ratings.values("level")[:1]), target=Subquery(newest.values("target_occupation")[:1])
    )
    rows = list(annotated.values_list("pk", "name", "have", "target"))
    target = rows[0][3] if rows else None
    needs = load_needs([target], [pk for pk, *_rest in rows])[target] if target else {}
    levels = {pk: need.whole_level for pk, need in needs.items() if need.is_needed}
    return [BuiltSkill(pk, name, have, levels.get(pk), goal.origin_skill_id == pk) for pk, name, have, _target in rows]


def skill_choices(user: User, chosen: Collection[int] = ()) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the skills that a goal can build, by group: the catalogue and the user's own; archived ones only if in
    `chosen`. One query.
    """
    visible = Skill.objects.visible_to(user)
    rows = visible.filter(Q(archived_at__isnull=True) | Q(pk__in=chosen)).in_order()
    groups: dict[str, list[tuple[int, str]]] = {}
    for skill in rows:
        groups.setdefault(skill.group.name if skill.group else str(_("Your own skills")), []).append(
            (skill.pk, skill.name)
        )
    return list(groups.items())


@dataclass(frozen=True)
class ArchivedGoal:
    """A goal of an archived plan, read-only: its steps with ratings and resources, entries and changes."""

    goal: Goal
    steps: list[ActionStep]
    entries: list[ProgressEntry]
    changes: list[Change]
    went_on_as: int | None

    @property
    def facts(self) -> list[ListedFact]:
        """Return the facts of the goal besides title, measure and dates."""
        return list_facts(self.goal, Place.ARCHIVED_PAGE)


def archived_goal(goal: Goal) -> ArchivedGoal:
    """Load a goal of an archived plan. Five queries."""
    steps = goal.steps.exclude(state=ActionStep.State.DROPPED).select_related("evaluation")
    return ArchivedGoal(
        goal=goal,
        steps=list(steps.prefetch_related("resources")),
        entries=list(ProgressEntry.objects.filter(goal=goal, removed_at__isnull=True)),
        changes=list(goal.changes.all()),
        went_on_as=Goal.objects.filter(carried_from=goal).values_list("pk", flat=True).first(),
    )
