"""Everything the page of one goal shows."""

from dataclasses import dataclass
from datetime import date

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.progress import GoalProgress, progress_of


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its steps, open ones first by date, then done ones, newest first."""

    goal: Goal
    open_steps: list[ActionStep]
    done_steps: list[ActionStep]
    skill_names: list[str]
    progress: GoalProgress

    @property
    def steps_all(self) -> int:
        """Steps that count."""
        return len(self.open_steps) + len(self.done_steps)


def goal_page(goal: Goal, today: date) -> GoalPage:
    """Everything the page of one goal shows."""
    steps = list(goal.steps.exclude(state=ActionStep.State.DROPPED))
    done = [step for step in steps if not step.is_open]
    return GoalPage(
        goal=goal,
        open_steps=[step for step in steps if step.is_open],
        done_steps=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        skill_names=list(goal.skills.values_list("name", flat=True)),
        progress=progress_of(goal, steps, today),
    )
