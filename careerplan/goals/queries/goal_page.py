"""Query of the page of a goal, active or archived, with its history in words,
and the sections that apps above this one add to it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.numbers import format_number
from careerplan.core.sentences import join_list
from careerplan.goals.facts import ListedFact, Place, list_facts
from careerplan.goals.models import ActionStep, Change, Goal, ProgressEntry
from careerplan.goals.pace import Pace
from careerplan.goals.queries.progress import GoalProgress, goal_progress
from careerplan.goals.queries.steps import load_steps
from careerplan.goals.title_advice import GoalDraft, TitleAdvice, check_title
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
    def have_phrase(self) -> str:
        """Return the level with its number: "2 basic"; blank if not rated."""
        return "" if self.have is None else Level(self.have).phrase

    @property
    def need_phrase(self) -> str:
        """Return the level needed with its number: "4 advanced"; blank if not needed."""
        return "" if self.need is None else Level(self.need).phrase


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history: the date in the user's time zone, what changed, the reason, and the user's own note."""

    at: datetime
    text: str
    reason: str = ""
    note: str = ""
    grew_from: str = ""  # the skill whose gap the goal closes, on the line of its start
    carried_from: int | None = None  # id of the goal in an earlier plan that this one continues, on the same line

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


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
    def title_advice(self) -> TitleAdvice:
        """Return advice on the title of an active goal."""
        goal = self.goal
        known = {name: getattr(goal, name) for name in ("title", "unit", "start_value", "target_value", "done_when")}
        return check_title(GoalDraft(**known, due_on=goal.due_on), language=get_language() or "en")

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
    def is_behind(self) -> bool:
        """Return whether an active goal is behind its pace or past its date."""
        return self.goal.is_active and self.progress.state in (Pace.SLIPPING, Pace.BEHIND)

    @property
    def steps_all(self) -> int:
        """Return how many steps count."""
        return len(self.open_steps) + len(self.done_steps)

    @property
    def unrated_steps(self) -> list[ActionStep]:
        """Return the done steps that wait for a rating, newest first."""
        return [step for step in self.done_steps if not hasattr(step, "evaluation")]

    @property
    def rated_steps(self) -> list[ActionStep]:
        """Return the done steps with a rating, newest first."""
        return [step for step in self.done_steps if hasattr(step, "evaluation")]

    @property
    def skill_names(self) -> str:
        """Return the names of the skills as a list in words."""
        return join_list(skill.name for skill in self.skills)

    @property
    def goal_since(self) -> date:
        """Return the date of the oldest line of the history."""
        return self.history[-1].day

    @property
    def dated_steps(self) -> list[ActionStep]:
        """Return the open steps with a due date."""
        return [step for step in self.open_steps if step.due_on]

    @property
    def undated_steps(self) -> list[ActionStep]:
        """Return the open steps without a due date."""
        return [step for step in self.open_steps if step.due_on is None]


def goal_page(goal: Goal, user: User, today: date) -> GoalPage:
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
    levels = {pk: need.level for pk, need in needs.items() if need.is_needed}
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


def _reason(change: Change) -> str:
    """Return the reason; "Something else" says nothing beside a note that says what."""
    return "" if change.reason == Change.Reason.OTHER and change.note else change.reason_text


def goal_history(goal: Goal, grew_from: str = "") -> list[HistoryLine]:
    """Return the changes of a goal, newest first, back to its start. `grew_from`: name of its first skill.

    No query where it is known that it `has_changes` not.
    """
    changes = list(goal.changes.all()) if getattr(goal, "has_changes", True) else []
    lines = [HistoryLine(change.made_at, change_text(goal, change), _reason(change), change.note) for change in changes]
    added = _("Goal carried over from an earlier plan.") if goal.carried_from_id else _("Goal added.")
    return [*lines, HistoryLine(goal.created_at, added, grew_from=grew_from, carried_from=goal.carried_from_id)]


def change_text(goal: Goal, change: Change) -> str:
    """Return a change in words: "Due date moved from 30 Apr 2027 to 11 Jun 2027, with 2 open steps."."""
    if change.value_from is not None and change.value_to is not None:
        words = {"old": format_number(change.value_from), "new": format_number(change.value_to)}
        return _("Target changed from %(old)s to %(new)s.") % words  # its unit may have been another
    days = {
        "old": date_format(change.day_from, "j M Y") if change.day_from else "",
        "new": date_format(change.day_to, "j M Y") if change.day_to else "",
    }
    if change.what == Change.What.STOP_DATE:
        return _("The date of the stop rule moved from %(old)s to %(new)s.") % days
    moved = change.steps_moved
    if not moved:
        return _("Due date moved from %(old)s to %(new)s.") % days
    text = ngettext(
        "Due date moved from %(old)s to %(new)s, with %(n)s open step.",
        "Due date moved from %(old)s to %(new)s, with %(n)s open steps.",
        moved,
    )
    return text % {**days, "n": moved}


GoalPanel = Callable[[HttpRequest, GoalPage], SafeString]

progress_panels: list[GoalPanel] = []
"""Directly below the progress, also of a closed goal. Appended to in `AppConfig.ready`."""
goal_panels: list[GoalPanel] = []
"""Appended to in `AppConfig.ready`; each panel gives its section as HTML."""
