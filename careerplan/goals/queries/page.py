"""Everything the page of one goal shows."""

from dataclasses import dataclass
from datetime import date

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.progress import GoalProgress, progress_of
from careerplan.goals.queries.steps import steps_of_goal


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its steps: open ones in their order, done ones newest first, dropped ones."""

    goal: Goal
    open_steps: list[ActionStep]
    done_steps: list[ActionStep]
    dropped_steps: list[ActionStep]
    skill_names: list[str]
    progress: GoalProgress

    @property
    def steps_all(self) -> int:
        """Steps that count."""
        return len(self.open_steps) + len(self.done_steps)


def goal_page(goal: Goal, today: date) -> GoalPage:
    """Everything the page of one goal shows."""
    steps = steps_of_goal(goal)
    return GoalPage(
        goal=goal,
        open_steps=steps.open,
        done_steps=steps.done,
        dropped_steps=steps.dropped,
        skill_names=list(goal.skills.values_list("name", flat=True)),
        progress=progress_of(goal, [*steps.open, *steps.done], today),
    )
