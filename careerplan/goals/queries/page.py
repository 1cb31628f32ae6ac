"""Everything the page of one goal shows."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.changes import HistoryLine, history_of
from careerplan.goals.queries.progress import GoalProgress, progress_of
from careerplan.goals.queries.skills import BuiltSkill, skills_of
from careerplan.goals.queries.steps import steps_of_goal
from careerplan.goals.wording import Outcome, Wording, look_at


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its steps: open ones in their order, done ones newest first, dropped ones."""

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
        """What there is to say about the title of a goal that is worked on."""
        goal = self.goal
        known = {name: getattr(goal, name) for name in ("title", "unit", "start_value", "target_value", "done_when")}
        return look_at(Outcome(**known, due_on=goal.due_on), language=get_language() or "en")

    @property
    def stop_rule_asks(self) -> bool:
        """Whether the day of the stop rule has come, and nobody has answered."""
        goal = self.goal
        return goal.is_active and goal.stop_on is not None and goal.stop_on <= self.today and not goal.stop_answered_at

    @property
    def steps_all(self) -> int:
        """Steps that count."""
        return len(self.open_steps) + len(self.done_steps)


def goal_page(goal: Goal, user: User, today: date) -> GoalPage:
    """Everything the page of one goal shows."""
    steps = steps_of_goal(goal)
    skills = skills_of(goal, user)
    return GoalPage(
        goal=goal,
        open_steps=steps.open,
        done_steps=steps.done,
        dropped_steps=steps.dropped,
        progress=progress_of(goal, [*steps.open, *steps.done], today),
        skills=skills,
        history=history_of(goal, next((skill.name for skill in skills if skill.goal_grew_from_it), "")),
        today=today,
    )
